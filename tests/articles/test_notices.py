"""Who hears of what: those whom it concerns, once, and never of what they may not see."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from articles import comments, editing, notices, review
from articles.models import Article, AuditEntry, Magazine, Notice, StaffMember
from articles.models.byline import Credit
from articles.roles import may, who_may
from articles.workflow import Stage
from tests.factories import NOON, make_article, make_author, make_person, make_section, make_user

pytestmark = pytest.mark.django_db

Mail = StaffMember.Mail


@pytest.fixture
def ann():
    return make_person(role="Contributor", username="ann")


@pytest.fixture
def ed():
    return make_person(role="Editor", username="ed")


@pytest.fixture
def article(ann):
    article = make_article(headline="The tide", body="<p>One.</p><p>Two.</p>", published=False, created_by=ann)
    editing.add(article, article.content(), by=ann, at=NOON)
    return article


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """`with after_commit():` what leaves the process after the transaction leaves it at the end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def in_stage(article: Article, stage: str) -> Article:
    Article.objects.filter(pk=article.pk).mark(stage=stage)
    article.stage = stage
    return article


def told(reason: str) -> set[str]:
    return set(Notice.objects.filter(reason=reason).values_list("user__username", flat=True))


def say(article, text: str, by, **where):
    comment = comments.say(article.latest_revision, text, at=NOON, by=by, **where)
    return comment, notices.commented(comment, by=by, at=NOON)


def choose(user, mail: str) -> StaffMember:
    return StaffMember.objects.update_or_create(user=user, defaults={"mail": mail})[0]


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("deed", ["view", "change", "submit", "approve", "publish", "unpublish"])
def test_who_may_is_may_for_many_people(article, deed):
    coast, culture = make_section(name="Coast"), make_section(name="Culture")
    Article.objects.filter(pk=article.pk).mark(section=coast)
    article.section = coast
    named = make_person(role="Contributor", username="named")
    author = make_author()
    author.user = named
    author.save()
    article.set_credits([Credit(author), Credit(make_author())])
    everybody = [article.created_by, named, make_user(username="chief"), make_user(superuser=False)]
    for role in ("Contributor", "Editor", "Publisher", "Administrator"):
        everybody += [
            make_person(role=role),
            make_person(role=role, sections=(coast,)),
            make_person(role=role, sections=(culture,)),
        ]
    gone = make_person(role="Publisher", username="gone")
    gone.is_active = False
    gone.save()
    assert set(who_may(deed, article)) == {user for user in [*everybody, gone] if may(user, deed, article)}
    article.section = None
    assert set(who_may(deed, article)) == {user for user in [*everybody, gone] if may(user, deed, article)}


def test_a_submitted_text_is_told_to_those_who_may_review_it_and_to_nobody_else(article, ann, ed):
    other = make_section(name="Elsewhere")
    make_person(role="Editor", username="elsewhere", sections=(other,))
    make_person(role="Contributor", username="colleague")
    make_person(role="Editor", username="here", sections=(article.section,))
    notices.moved(article, "submit", by=ann, at=NOON)
    assert told("submit") == {"ed", "here"}


def test_who_reviews_their_own_text_is_not_told_of_it(article, ed):
    Article.objects.filter(pk=article.pk).mark(created_by=ed)
    article.refresh_from_db()
    notices.moved(article, "submit", by=ed, at=NOON)
    assert told("submit") == set()


def test_changes_are_asked_of_those_who_write_it_with_the_reason(article, ed):
    named = make_person(role="Contributor", username="named")
    author = make_author()
    author.user = named
    author.save()
    article.set_credits([Credit(author)])
    notices.moved(article, "ask_for_changes", by=ed, at=NOON, note="The second paragraph.")
    assert told("ask_for_changes") == {"ann", "named"}
    assert Notice.objects.first().text == "ed asks for changes. “The second paragraph.”"


def test_an_approval_is_told_to_the_writers_and_to_those_who_may_publish(article, ed):
    make_person(role="Publisher", username="paul")
    notices.moved(article, "approve", by=ed, at=NOON)
    assert told("approve") == {"ann", "paul"}


def test_what_is_published_and_taken_off_is_told_to_the_writers_but_not_to_who_did_it(article, ann, ed):
    notices.moved(article, "publish", by=ed, at=NOON)
    notices.moved(article, "unpublish", by=ann, at=NOON)
    notices.moved(article, "discard", by=ed, at=NOON)
    assert (told("publish"), told("unpublish")) == ({"ann"}, set())
    assert Notice.objects.count() == 1


def test_a_comment_is_told_to_the_writers_and_to_those_in_its_thread(article, ann, ed):
    third = make_person(role="Editor", username="third")
    first, _strangers = say(article, "Who says so?", ed, block=1)
    assert told("comment") == {"ann"}
    say(article, "I do.", third, parent=first)
    assert told("comment") == {"ann", "ed"}
    say(article, "Good.", ann, parent=first)
    assert told("comment") == {"ann", "ed", "third"}


def test_who_is_mentioned_is_told_once_and_a_name_that_cannot_see_it_is_said(article, ann, ed):
    make_person(role="Contributor", username="colleague")
    text = "@ed. @Ann, and @colleague @nobody look; mail ann@example.org or @ed's"
    _comment, strangers = say(article, text, make_user(username="chief"), block=1)
    assert told("mention") == {"ann", "ed"}
    assert told("comment") == set()
    assert Notice.objects.count() == 2
    assert strangers == ["colleague", "nobody"]


def test_who_set_a_text_to_go_live_is_told_when_it_could_not(article, ed):
    article.publish(at=NOON)
    gone = make_section()
    editing.record(article, {**article.newest_content(), "section": gone.pk}, by=ed, at=NOON)
    review.publish_later(article, by=ed, at=NOON, live_at=NOON + timedelta(hours=1))
    gone.delete()
    Article.objects.go_live(NOON + timedelta(hours=1))
    (notice,) = notices.inbox(ed, NOON)
    assert (notice.reason, notice.user) == ("not_published", ed)
    assert "could not go live by itself" in notice.text


# ---------------------------------------------------------------- the digest


def test_one_mail_says_what_has_gathered_with_links_to_the_desk(article, ann, ed, settings):
    settings.SITE_URL = "https://magazine.example"
    Magazine.objects.update_or_create(pk=1, defaults={"name": "The Causeway", "time_zone": "Asia/Tokyo"})
    notices.moved(in_stage(article, Stage.NEEDS_CHANGES), "ask_for_changes", by=ed, at=NOON)
    say(article, "Who says <so> & why?", ed, block=1)
    call_command("tell_staff")
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert letter.subject == "2 things wait for you at The Causeway"
    assert letter.content_subtype == "plain"
    assert "Who says <so> & why?" in letter.body
    assert f"https://magazine.example/admin/articles/article/{article.pk}/change/" in letter.body
    assert f"https://magazine.example/admin/articles/article/{article.pk}/talk/" in letter.body
    assert "https://magazine.example/admin/mine/" in letter.body
    assert "1 Jun 2026, 21:00" in letter.body
    assert letter.body.count("The tide\n") == 1


def test_nobody_is_told_twice(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    for _twice in range(2):
        call_command("tell_staff")
    assert len(mail.outbox) == 1
    assert not Notice.objects.not_told().exists()


def test_what_was_seen_to_meanwhile_is_not_mailed(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    comment, _strangers = say(article, "@ed look", ann, block=1)
    comments.resolve(comment, by=ann, at=NOON)
    in_stage(article, Stage.APPROVED)
    assert notices.inbox(ed, NOON) == []
    call_command("tell_staff")
    assert mail.outbox == []
    in_stage(article, Stage.IN_REVIEW)
    call_command("tell_staff")
    assert mail.outbox == []


def test_nobody_is_told_of_what_they_may_no_longer_see(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    choose(ed, Mail.SOON).sections.set([make_section(name="Elsewhere")])
    assert notices.inbox(type(ed).objects.get(pk=ed.pk), NOON) == []
    call_command("tell_staff")
    assert mail.outbox == []


def test_who_has_left_the_desk_is_told_nothing(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    type(ed).objects.filter(pk=ed.pk).update(is_staff=False)
    call_command("tell_staff")
    assert mail.outbox == []


def test_a_login_without_an_address_finds_it_on_the_desk(article, ann, ed):
    type(ed).objects.filter(pk=ed.pk).update(email="")
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    call_command("tell_staff")
    assert mail.outbox == []
    assert [notice.reason for notice in notices.inbox(ed, NOON)] == ["submit"]


def test_a_name_or_a_headline_cannot_write_headers_or_lines_of_its_own(article, ann, ed):
    Magazine.objects.update_or_create(pk=1, defaults={})
    Magazine.objects.filter(pk=1).update(name="Evil\r\nBcc: victim@example.org")
    type(ann).objects.filter(pk=ann.pk).update(first_name="Ann\r\nSubject: no", last_name="Hale")
    ann.refresh_from_db()
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON, note="a\r\n\r\n- b submitted it")
    call_command("tell_staff")
    (letter,) = mail.outbox
    assert letter.subject == "1 thing waits for you at Evil Bcc: victim@example.org"
    assert letter.recipients() == ["ed@example.org"]
    assert "\n- b submitted" not in letter.message().as_string()


# ---------------------------------------------------------------- when


def test_soon_is_right_after_the_deed_but_at_most_every_ten_minutes(article, ann, ed, after_commit):
    in_stage(article, Stage.IN_REVIEW)
    with after_commit():
        notices.moved(article, "submit", by=ann, at=NOON)
    assert len(mail.outbox) == 1
    with after_commit():
        notices.moved(article, "submit", by=ann, at=NOON + timedelta(minutes=9))
    assert len(mail.outbox) == 1
    with after_commit():
        notices.moved(article, "submit", by=ann, at=NOON + timedelta(minutes=10))
    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject.startswith("1 thing")  # of several of one kind the newest


def test_a_deed_that_is_rolled_back_tells_nobody(article, ann, ed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        notices.moved(article, "submit", by=ann, at=NOON)
    assert len(callbacks) == 1
    assert mail.outbox == []


def test_once_a_day_is_after_eight_in_the_magazines_own_zone(article, ann, ed, after_commit):
    Magazine.objects.update_or_create(pk=1, defaults={"time_zone": "America/New_York"})
    choose(ed, Mail.DAILY)
    in_stage(article, Stage.IN_REVIEW)
    with after_commit():
        notices.moved(article, "submit", by=ann, at=NOON)
    morning = datetime(2026, 6, 2, 12, tzinfo=UTC)  # eight o'clock in New York
    notices.send_due(NOON.replace(hour=11, minute=59))
    assert mail.outbox == []
    notices.send_due(NOON + timedelta(hours=9))
    assert mail.outbox == []
    notices.send_due(morning + timedelta(minutes=3))
    assert len(mail.outbox) == 1
    notices.moved(article, "submit", by=ann, at=morning + timedelta(minutes=30))
    notices.send_due(morning + timedelta(hours=10))
    assert len(mail.outbox) == 1
    notices.send_due(morning + timedelta(hours=24))
    assert len(mail.outbox) == 2


def test_who_wants_no_mail_gets_none_and_no_flood_after_a_change_of_mind(article, ann, ed):
    choose(ed, Mail.NEVER)
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    notices.send_due(NOON)
    choose(ed, Mail.SOON)
    notices.send_due(NOON + timedelta(hours=1))
    assert mail.outbox == []
    assert len(notices.inbox(ed, NOON)) == 1


def test_old_notices_go(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    notices.send_due(NOON)
    notices.send_due(NOON + timedelta(days=31))
    assert not Notice.objects.exists()


# ---------------------------------------------------------------- mail servers and processes that fail


class Down(EmailBackend):
    """A mail server that does not answer."""

    def open(self):
        raise TimeoutError("timed out")


class Refusing(EmailBackend):
    """A mail server that does not know ed."""

    def send_messages(self, letters):
        if "ed@example.org" in letters[0].to:
            raise smtplib.SMTPRecipientsRefused({"ed@example.org": (550, b"unknown")})
        return super().send_messages(letters)


def test_a_mail_server_that_is_down_stops_no_deed_and_loses_no_notice(article, ann, ed, settings, after_commit):
    in_stage(article, Stage.IN_REVIEW)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    with after_commit():
        notices.moved(article, "submit", by=ann, at=NOON)
    assert Notice.objects.not_told().count() == 1
    with pytest.raises(CommandError, match="ed"):
        call_command("tell_staff")
    StaffMember.objects.update(told_at=NOON)
    settings.EMAIL_BACKEND = working
    assert notices.send_due(NOON + timedelta(minutes=10)).told == 1
    assert len(mail.outbox) == 1


def test_one_address_that_is_refused_does_not_keep_the_others_from_their_mail(article, ann, ed, settings):
    make_person(role="Editor", username="other")
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    outcome = notices.send_due(NOON)
    assert (outcome.told, outcome.failed) == (1, ["ed"])
    assert [letter.to for letter in mail.outbox] == [["other@example.org"]]


def test_of_two_processes_at_once_one_sends(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    notices.enlist([ed.pk])
    (first,), (second,) = list(notices.due(NOON)), list(notices.due(NOON))
    assert notices.claim(first, NOON)
    assert not notices.claim(second, NOON + timedelta(seconds=1))
    assert notices.send([second], NOON + timedelta(seconds=1)).told == 0
    assert mail.outbox == []


def test_what_a_killed_process_had_claimed_is_sent_ten_minutes_later(article, ann, ed):
    notices.moved(in_stage(article, Stage.IN_REVIEW), "submit", by=ann, at=NOON)
    notices.enlist([ed.pk])
    assert notices.claim(notices.due(NOON).get(), NOON)  # and here it was killed
    assert notices.send_due(NOON + timedelta(minutes=5)).told == 0
    assert notices.send_due(NOON + timedelta(minutes=10)).told == 1
    assert len(mail.outbox) == 1


def test_telling_many_costs_as_much_as_telling_few(article, ann, ed, django_assert_max_num_queries):
    for _n in range(30):
        make_person(role="Editor")
    with django_assert_max_num_queries(3):
        notices.moved(article, "submit", by=ann, at=NOON)
    assert Notice.objects.count() == 31
    assert not AuditEntry.objects.exists()
