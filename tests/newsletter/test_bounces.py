"""What comes back counts once, against the right reader, and never on a stranger's word."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Notice
from newsletter import bounces, inbox, tokens
from newsletter.bounces import NotUnderstood, take
from newsletter.models import Bounce, Consent, Said, Subscriber, Suppression
from newsletter.states import Reader, Shut
from tests.factories import NOON, make_user
from tests.newsletter import returned_mail as mail
from tests.newsletter.mailed import envelope_of, mailed_to, make_reader, make_sent_issue, message_id_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def reader():
    return make_reader()


@pytest.fixture
def delivery(reader):
    return mailed_to(reader)


def state_of(reader) -> str:
    return Subscriber.objects.get(pk=reader.pk).state


def soft(delivery, number: int) -> bytes:
    return mail.gmail(to=envelope_of(delivery)).replace(b"<6a1b", f"<{number}".encode())


# ---------------------------------------------------------------- what it means


def test_a_mail_that_comes_back_for_good_shuts_the_address_at_once(reader, delivery):
    (bounce,) = take(mail.notification(to=envelope_of(delivery)), LATER)
    assert (bounce.kind, bounce.source, bounce.issue, bounce.subscriber) == ("hard", "verp", delivery.issue, reader)
    assert state_of(reader) == Reader.BOUNCED
    assert Suppression.objects.get(key=reader.key).reason == Shut.BOUNCED
    assert not Subscriber.objects.mailable(LATER).exists()


def test_the_same_report_read_twice_counts_once(reader, delivery):
    assert len(take(soft(delivery, 1), LATER)) == 1
    assert take(soft(delivery, 1), LATER + timedelta(days=1)) == []
    assert take(soft(delivery, 1).replace(b"Delivered-To", b"X-Original-To"), LATER + timedelta(days=1)) == []
    assert Subscriber.objects.get().bounce_score == Decimal("0.5")
    assert Bounce.objects.count() == 1


def test_soft_bounces_count_half_a_point_a_day_and_at_five_the_reader_is_out(reader, delivery):
    for day in range(9):
        take(soft(delivery, day), NOON + timedelta(days=day))
        take(soft(delivery, 100 + day), NOON + timedelta(days=day, hours=1))
    assert (state_of(reader), Subscriber.objects.get().bounce_score) == (Reader.ACTIVE, Decimal("4.5"))
    take(soft(delivery, 9), NOON + timedelta(days=9))
    assert state_of(reader) == Reader.BOUNCED


def test_after_a_week_without_one_the_points_are_forgotten(reader, delivery):
    take(soft(delivery, 1), NOON)
    take(soft(delivery, 2), NOON + timedelta(days=7, seconds=1))  # the seventh day still, by the calendar
    assert Subscriber.objects.get().bounce_score == Decimal("1.0")
    take(soft(delivery, 3), NOON + timedelta(days=15))
    assert Subscriber.objects.get().bounce_score == Decimal("0.5")


def test_a_spam_filter_that_refuses_never_counts_against_the_reader(reader, delivery):
    said = "smtp; 550 5.1.1 blocked using blocklist.example"
    for number in range(30):
        raw = mail.notification(to=envelope_of(delivery), said=said, message_id=f"<{number}@mx.example.org>")
        take(raw, NOON + timedelta(days=number))
    assert (state_of(reader), Subscriber.objects.get().bounce_score) == (Reader.ACTIVE, 0)
    assert set(Bounce.objects.values_list("kind", flat=True)) == {"policy"}


def test_staff_are_told_when_many_servers_refuse_an_issue_by_policy(reader, delivery):
    make_user()
    for number in range(bounces.MANY):
        assert not Notice.objects.exists()
        said = "smtp; 550 5.7.1 refused"
        take(mail.notification(to=envelope_of(delivery), said=said, status="5.7.1", message_id=f"<{number}@x>"), NOON)
    assert "20 so far" in Notice.objects.get().text


@pytest.mark.parametrize("write", [mail.out_of_office, lambda to: mail.gmail(to=to, action="delayed", status="4.4.1")])
def test_who_is_away_or_late_has_not_bounced(reader, delivery, write):
    assert take(write(to=envelope_of(delivery)), LATER) == []
    assert (state_of(reader), Bounce.objects.count()) == (Reader.ACTIVE, 0)


def test_who_complains_is_out_and_only_staff_let_them_in_again(reader, delivery):
    (bounce,) = take(mail.complaint(mail_from=envelope_of(delivery)), LATER)
    assert (bounce.kind, state_of(reader)) == ("complaint", Reader.COMPLAINED)
    assert Subscriber.objects.get().confirm(LATER, Said()) is False


def test_a_complaint_without_any_address_is_known_by_the_link_to_leave(reader, delivery):
    link = tokens.leave(reader.key, delivery.issue_id)
    returned = mail.original(leave=link, message_id=message_id_of(delivery)).replace("reader@example.org", "redacted")
    (bounce,) = take(mail.complaint(returned=returned), LATER)
    assert (bounce.issue, state_of(reader)) == (delivery.issue, Reader.COMPLAINED)


def test_what_is_noted_holds_no_address(reader, delivery):
    take(mail.notification(to=envelope_of(delivery)), LATER)
    noted = f"{Bounce.objects.get().detail} {Consent.objects.get().note}"
    assert "@" not in noted
    assert "User unknown" in noted


def test_a_reader_who_is_gone_leaves_the_bounce_to_the_issue(reader, delivery):
    reader.erase(NOON, Said())
    (bounce,) = take(mail.notification(to=envelope_of(delivery)), LATER)
    assert (bounce.issue, bounce.subscriber) == (delivery.issue, None)


def test_an_old_address_that_bounces_does_not_shut_out_the_new_one(reader, delivery):
    assert reader.change_address("new@example.org", NOON + timedelta(minutes=5), Said())
    take(mail.notification(to=envelope_of(delivery)), LATER)
    assert state_of(reader) == Reader.ACTIVE


def test_a_number_that_was_given_out_twice_does_not_shut_out_the_second_reader(reader, delivery):
    """As after an old backup was put back: what comes back is of a mail whose delivery it did not hold."""
    first = make_reader("first@example.org")
    take(mail.notification(to=envelope_of(delivery), returned=mail.original(leave=tokens.leave(first.key))), LATER)
    assert (state_of(reader), state_of(first)) == (Reader.ACTIVE, Reader.BOUNCED)


# ---------------------------------------------------------------- on whose word


def test_a_notification_without_our_envelope_counts_if_it_names_our_message(reader, delivery):
    raw = mail.notification(returned=mail.original(message_id=message_id_of(delivery)))
    (bounce,) = take(raw, LATER)
    assert (bounce.source, bounce.issue, state_of(reader)) == ("dsn", delivery.issue, Reader.BOUNCED)


def forgeries(reader, delivery) -> list[bytes]:
    other = mailed_to(make_reader("other@example.org"), delivery.issue)
    wrong_envelope = f"{envelope_of(delivery).partition('@')[0][:-1]}b@{mail.BOUNCES}"
    return [
        mail.notification(),
        mail.notification(returned=mail.original(message_id="<made@up.example>")),
        mail.notification(returned=mail.original(message_id=f"<{delivery.issue.uid}.{'0' * 32}@magazine.example>")),
        mail.notification(returned=mail.original(message_id=message_id_of(other))),
        mail.notification(returned=mail.original(leave=tokens.INERT)),
        mail.notification(to=wrong_envelope),
        mail.notification(to=tokens.verp(delivery.pk + 1_000, mail.BOUNCES)),
        mail.complaint(),
    ]


def test_nobody_bounces_a_reader_away_by_a_forged_report(reader, delivery):
    for raw in forgeries(reader, delivery):
        with pytest.raises(NotUnderstood):
            take(raw, LATER)
    assert (state_of(reader), Bounce.objects.count()) == (Reader.ACTIVE, 0)


# ---------------------------------------------------------------- the maildir


@pytest.fixture
def maildir(tmp_path, settings) -> Path:
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    settings.BOUNCE_INBOX = {"PATH": str(tmp_path)}
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_maildir_is_read_and_put_in_order(maildir, reader, delivery, capsys):
    (maildir / "new" / "1.a").write_bytes(mail.notification(to=envelope_of(delivery)))
    (maildir / "new" / "2.b").write_bytes(mail.a_letter(to=envelope_of(delivery)))
    (maildir / "cur" / "0.c:2,").write_bytes(mail.out_of_office(to=envelope_of(delivery)))
    (maildir / "cur" / "9.d:2,S").write_bytes(b"read long ago")
    call_command("read_bounces")
    assert "2 understood, 1 laid aside" in capsys.readouterr().out
    assert names(maildir / "new") == []
    assert names(maildir / "cur") == ["0.c:2,S", "1.a:2,S", "9.d:2,S"]
    assert names(maildir / ".unread by us" / "new") == ["2.b"]
    assert state_of(reader) == Reader.BOUNCED
    call_command("read_bounces")
    assert "0 understood, 0 laid aside" in capsys.readouterr().out


def test_who_is_killed_after_counting_counts_nothing_twice(maildir, delivery, monkeypatch):
    (maildir / "new" / "1.a").write_bytes(soft(delivery, 1))

    def killed(*_words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            bounces.read_inbox({"PATH": str(maildir)}, NOON)
    bounces.read_inbox({"PATH": str(maildir)}, NOON + timedelta(days=1))
    assert (Subscriber.objects.get().bounce_score, names(maildir / "cur")) == (Decimal("0.5"), ["1.a:2,S"])


def test_a_message_that_another_process_has_put_away_is_no_failure(maildir, delivery):
    (maildir / "new" / "1.a").write_bytes(mail.out_of_office(to=envelope_of(delivery)))

    def handle(_raw: bytes) -> bool:
        (maildir / "new" / "1.a").unlink()
        return True

    assert inbox.read({"PATH": str(maildir)}, handle) == inbox.Counts(0, 0)


def test_no_more_of_a_message_is_read_than_is_needed(maildir):
    (maildir / "new" / "1.a").write_bytes(b"x" * (inbox.LONGEST + 1))
    lengths = []
    inbox.read({"PATH": str(maildir)}, lambda raw: bool(lengths.append(len(raw))))
    assert lengths == [inbox.LONGEST]


def test_reading_stops_when_it_is_asked_to(maildir):
    for number in range(3):
        (maildir / "new" / f"{number}").write_bytes(b"")
    assert inbox.read({"PATH": str(maildir)}, lambda _raw: True, stop=lambda: True).understood == 1
    assert len(names(maildir / "new")) == 2


def test_a_mailbox_that_is_not_there_is_said(tmp_path, settings):
    settings.BOUNCE_INBOX = {"PATH": str(tmp_path / "nowhere")}
    with pytest.raises(CommandError, match="no maildir"):
        call_command("read_bounces")
    settings.BOUNCE_INBOX = {}
    with pytest.raises(CommandError, match="BOUNCE_INBOX is not set"):
        call_command("read_bounces")


# ---------------------------------------------------------------- IMAP


class Server:
    """Answers as imaplib does, for a mailbox of messages by number."""

    def __init__(self, messages: dict[int, bytes], refuses: str = "") -> None:
        self.messages, self.refuses = messages, refuses
        self.seen: set[int] = set()
        self.copied: list[int] = []
        self.said: list[tuple] = []

    def __call__(self, *where, **options) -> "Server":
        self.said.append((*where, options))
        return self

    def login(self, *who) -> tuple:
        self.said.append(who)
        if self.refuses == "LOGIN":
            raise inbox.imaplib.IMAP4.error("[AUTHENTICATIONFAILED] Authentication failed.")
        return "OK", []

    def select(self, folder: str) -> tuple:
        self.said.append((folder,))
        return "OK", [b"2"]

    def create(self, folder: str) -> tuple:
        return "NO", [b"[ALREADYEXISTS]"]

    def uid(self, command: str, *words) -> tuple:
        if command == self.refuses:
            return "NO", [b"not now"]
        if command == "SEARCH":
            return "OK", [" ".join(str(number) for number in self.messages if number not in self.seen).encode()]
        number = int(words[0])
        if command == "FETCH":
            return "OK", [(b"1 (UID 1 BODY[]<0> {5}", self.messages[number]), b")"]
        if command == "COPY":
            self.copied.append(number)
        if command == "STORE":
            self.seen.add(number)
        return "OK", [None]

    def logout(self) -> tuple:
        self.said.append(("goodbye",))
        raise OSError("already gone")


WHERE = {"HOST": "imap.example.org", "PORT": 993, "USER": "bounces", "PASSWORD": "secret", "FOLDER": 'IN"BOX'}


def test_an_imap_box_is_read_and_put_in_order():
    server = Server({1: b"good", 2: b"bad"})
    counts = inbox.read(WHERE, lambda raw: raw == b"good", connect=server)
    assert (counts, server.seen, server.copied) == (inbox.Counts(1, 1), {1, 2}, [2])
    assert server.said == [
        ("imap.example.org", 993, {"timeout": inbox.PATIENCE}),
        ("bounces", "secret"),
        (r'"IN\"BOX"',),
        ("goodbye",),
    ]
    assert inbox.read(WHERE, lambda raw: True, connect=server) == inbox.Counts(0, 0)


def test_what_could_not_be_counted_stays_unread_in_the_box():
    server = Server({1: b"good"})
    with pytest.raises(ZeroDivisionError):
        inbox.read(WHERE, lambda raw: 1 / 0, connect=server)
    assert (server.seen, server.said[-1]) == (set(), ("goodbye",))


@pytest.mark.parametrize("refuses", ["LOGIN", "SEARCH", "FETCH", "STORE"])
def test_a_server_that_refuses_is_a_failure_that_names_no_password(refuses):
    with pytest.raises(inbox.InboxFailed) as caught:
        inbox.read(WHERE, lambda raw: True, connect=Server({1: b"good"}, refuses))
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_a_failure():
    def connect(*_where, **_options):
        raise TimeoutError("timed out")

    with pytest.raises(inbox.InboxFailed, match="timed out"):
        inbox.read(WHERE, lambda raw: True, connect=connect)


def test_two_issues_that_come_back_in_one_hour_are_two_bounces(reader):
    for number in (1, 2):
        take(soft(mailed_to(reader, make_sent_issue(number)), number), LATER)
    assert Bounce.objects.values_list("issue", flat=True).distinct().count() == 2
