"""What a mail server's refusal says of the reader: that nobody is there, that their mailbox is full, or only that it
does not like our mail.

Codes after RFC 5321, enhanced codes after RFC 3463. The words decide where codes do not: servers answer 550 to spam and
to a stranger alike.
"""

import re
from typing import Final

HARD: Final = "hard"
SOFT: Final = "soft"
POLICY: Final = "policy"

GONE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Bad mailbox, system or syntax; moved; null MX; disabled."""
NOBODY: Final = re.compile(
    r"(user|recipient|mailbox|address|account|addressee)\b.{0,30}"
    r"(unknown|not found|not exist|n.t exist|invalid|disabled|rejected: no|unavailable|no longer)"
    r"|(no such|unknown|invalid|no) (user|recipient|mailbox|address|account|person)"
    r"|does(n.t| not) (exist|have an account)|nobody here",
    re.IGNORECASE,
)
DISLIKE: Final = re.compile(
    r"spam|policy|polic(ies|ed)|block(ed|list)|black.?list|deny.?list|reputation|dmarc|dkim|\bspf\b|reject.{0,20}content"
    r"|unsolicited|\brbl\b|spamhaus|suspicious|virus|malware|relay",
    re.IGNORECASE,
)
FULL: Final = re.compile(
    r"(mailbox|inbox|storage)\b.{0,30}(full|exceed)|over ?quota|quota.{0,20}exceed|exceed.{0,20}quota", re.IGNORECASE
)
ENHANCED: Final = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


def kind(code: int, text: str) -> str:
    """HARD where nobody is there, SOFT where there is no room, POLICY where the mail was not liked, empty where none of
    these is said (5xx only)."""
    found = ENHANCED.search(text)
    status = found[0] if found else ""
    if status.startswith("5.7.") or DISLIKE.search(text):
        return POLICY
    if status == "5.2.2" or FULL.search(text):
        return SOFT
    if status in GONE or (code in {550, 551, 553} and NOBODY.search(text)):
        return HARD
    return ""
