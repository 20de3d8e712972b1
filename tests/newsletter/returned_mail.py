"""Mail that comes back, as the common servers write it. Made by hand: every name and address in it is an example."""

from email.message import Message

BOUNCES = "bounces.magazine.example"


def original(*, message_id: str = "", returns_to: str = "", leave: str = "", subject: str = "The week") -> str:
    """What a server gives back of a mail of ours: its fields."""
    fields = {
        "Return-Path": f"<{returns_to}>" if returns_to else "",
        "From": "Magazine <letters@magazine.example>",
        "To": "reader@example.org",
        "Subject": subject,
        "Message-ID": message_id,
        "List-Unsubscribe": f"<https://magazine.example/newsletter/leave/{leave}/>" if leave else "",
        "Content-Type": "text/plain; charset=utf-8",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def notification(
    *,
    to: str = f"bounce@{BOUNCES}",
    sender: str = "MAILER-DAEMON@mx.example.org (Mail Delivery System)",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <reader@example.org>: Recipient address rejected: User unknown",
    recipient: str = "rfc822; reader@example.org",
    words: str = "I'm sorry to have to inform you that your message could not be delivered.",
    returned: str = "",
    message_id: str = "<20260601120000.1A2B3C@mx.example.org>",
    also: str = "",
    extra: str = "",
) -> bytes:
    """As Postfix writes it: three parts (RFC 3462), and marked as an automatic answer."""
    return f"""Return-Path: <>
Delivered-To: {to}
From: {sender}
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: {message_id}
{extra}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="1A2B3C.1/mx.example.org"

This is a MIME-encapsulated message.

--1A2B3C.1/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

{words}

--1A2B3C.1/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 1A2B3C
Arrival-Date: Mon,  1 Jun 2026 12:00:00 +0000 (UTC)

Final-Recipient: {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; in.example.org
Diagnostic-Code: {said}
{also}
--1A2B3C.1/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{returned or original()}
--1A2B3C.1/mx.example.org--
""".encode()


def exchange(*, to: str, returned: str = "") -> bytes:
    """As Exchange Online writes it: words in two forms, its own codes, the mail whole."""
    return f"""Delivered-To: {to}
From: postmaster@example.org
To: {to}
Subject: Undeliverable: The week
Message-ID: <7c0ffee0@EX01.example.org>
X-MS-Exchange-Message-Is-Ndr:
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="_000_"

--_000_
Content-Type: multipart/alternative; boundary="_001_"

--_001_
Content-Type: text/plain; charset="utf-8"

Your message to reader@example.org couldn't be delivered.
reader wasn't found at example.org.

--_001_
Content-Type: text/html; charset="utf-8"

<p>Your message to reader@example.org couldn't be delivered.</p>

--_001_--

--_000_
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.example.org
Received-From-MTA: dns;out.magazine.example
Arrival-Date: Mon, 1 Jun 2026 12:00:00 +0000

Final-Recipient: rfc822;reader@example.org
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: reader@example.org

--_000_
Content-Type: message/rfc822

{returned or original()}
Hello.
--_000_--
""".encode()


def exim(*, to: str) -> bytes:
    """As Exim writes it where nobody configured it: 5.0.0 for everything, and the truth in the diagnostic."""
    return notification(
        to=to,
        sender="Mail Delivery System <Mailer-Daemon@mail.example.org>",
        status="5.0.0",
        said='smtp; 550 No such user here "reader"',
        message_id="<E1abcDE-0001aB-2c@mail.example.org>",
        extra="X-Failed-Recipients: reader@example.org\n",
    )


def gmail(*, to: str, action: str = "failed", status: str = "5.2.2") -> bytes:
    said = (
        "smtp; 552-5.2.2 The recipient's inbox is out of storage space. Please direct the\n"
        " recipient to https://support.example.org/ 552 5.2.2 OverQuotaPerm a1-2b - gsmtp"
    )
    return notification(
        to=to,
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        action=action,
        status=status,
        said=said,
        message_id="<6a1b.1c2d.gmr@mx.example.org>",
    )


def qmail(*, to: str) -> bytes:
    """No notification at all, but words a program has to know."""
    return f"""Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mail.example.org
To: {to}
Subject: failure notice
Message-ID: <qmail.1@mail.example.org>

Hi. This is the qmail-send program at mail.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<reader@example.org>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{original()}
Spam is the subject of our policy piece.
""".encode()


def out_of_office(*, to: str) -> bytes:
    return f"""Delivered-To: {to}
From: A Reader <reader@example.org>
To: {to}
Subject: Out of office: The week
Message-ID: <ooo.1@example.org>
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All

I am away until the 15th; the mailbox unknown@example.org is not read either.
""".encode()


def complaint(*, to: str = f"abuse@{BOUNCES}", kind: str = "abuse", mail_from: str = "", returned: str = "") -> bytes:
    """RFC 5965: a reader has pressed the button for spam at their provider."""
    return f"""Delivered-To: {to}
From: <feedback@provider.example>
To: {to}
Subject: FW: The week
Message-ID: <arf.1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received on 1 June 2026.

--part
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Feedback/1.0
Version: 1
Original-Mail-From: <{mail_from}>
Arrival-Date: Mon, 1 Jun 2026 12:00:00 +0000

--part
Content-Type: message/rfc822

{returned or original()}
Hello.
--part--
""".encode()


def a_letter(*, to: str) -> bytes:
    """Somebody writes to the address by hand."""
    message = Message()
    message["Delivered-To"] = message["To"] = to
    message["From"] = "A Reader <reader@example.org>"
    message["Subject"] = "Thank you"
    message["Message-ID"] = "<letter.1@example.org>"
    message.set_payload("I liked the piece about the harbour.\n")
    return message.as_bytes()
