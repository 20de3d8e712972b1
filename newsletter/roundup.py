"""The round-up that fills itself: which pieces stand in an issue, in which order, and when a draft is due.

What comes in. Pieces published since the last issue, none that an earlier issue had; staff alone bring one again, by
pinning it. The best first: what staff picked for the front page, in their order; then the sections in turns. The next
place goes to the section that has the fewest so far (picks count), and of several to the one whose next piece is the
newest. So no section has two before each other section with pieces has one, and so on; freshness decides only between
sections whose turn it is, and a section that has published nothing has none.

Pieces of earlier issues that were materially changed since their readers got them come as updates, below the new ones.

When. The slot is a day and an hour in a zone. A clock that jumps over the hour has it at the first instant after the
gap; a clock that strikes it twice, at the first stroke. For each slot one draft is made, however many workers look.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import notices
from articles.html.text import one_line
from articles.models import Article, Magazine
from articles.roles import who_has
from newsletter import sending
from newsletter.models import Issue, Item, ItemKind, Newsletter
from newsletter.states import IssueState

WEEK: Final = timedelta(days=7)
MOST_UPDATES: Final = 5
CANDIDATES: Final = 200
"""How many of the newest pieces are looked at: more than a magazine publishes in a week, and a bound."""
LONGEST: Final = 150

# ---------------------------------------------------------------- what comes in


def compose(
    since: datetime, now: datetime, *, pinned: Sequence[Article] = (), by: Any = None, fewest: int | None = None
) -> Issue | None:
    """A draft of what appeared after `since` and is public at `now`; None where that are fewer pieces than staff want.

    `pinned` come first and in any case, also from earlier issues. Staff are told of a week without an issue.
    """
    newsletter = Newsletter.objects.current()
    pieces = best_first(since, now, pinned=pinned, most=newsletter.most_pieces)
    if len(pieces) < (newsletter.fewest_pieces if fewest is None else fewest):
        if by is None:  # who makes one by hand sees it
            tell_of_empty_week(len(pieces), now)
        return None
    with transaction.atomic():
        issue = Issue.objects.create(since=since, until=now, created_by=by, **defaults(pieces))
        fill(issue, pieces, updates(now, besides=pieces), pinned=pinned)
    return issue


def fill(issue: Issue, pieces: Sequence[Article], changed: Sequence[Article], pinned: Sequence[Article] = ()) -> None:
    """Rows for the pieces and, after them, for those that changed, in this order."""
    kinds = [(article, ItemKind.PIECE) for article in pieces] + [(article, ItemKind.UPDATE) for article in changed]
    Item.objects.bulk_create(
        Item(issue=issue, article=article, kind=kind, position=position, pinned=article in pinned)
        for position, (article, kind) in enumerate(kinds, 1)
    )


def since_last(now: datetime) -> datetime:
    """Where the pieces of the next issue begin: where those of the last one end, or a week ago for the first."""
    last = Issue.objects.frozen().aggregate(last=Max("until"))["last"]
    return min(last, now) if last else now - WEEK


def best_first(since: datetime, now: datetime, *, pinned: Sequence[Article] = (), most: int) -> list[Article]:
    """The pieces of an issue in their order: see the top of this module. Two queries."""
    fresh = Article.objects.published_since(since, now).exclude(pk__in=in_earlier_issues())
    fresh = fresh.exclude(pk__in=[article.pk for article in pinned])
    picked = list(fresh.filter(front_pick__isnull=False).order_by("front_pick__position").for_teasers()[:most])
    others = fresh.filter(front_pick__isnull=True).newest().for_teasers()[:CANDIDATES]
    return in_turns([*pinned, *picked], list(others), most)


def in_turns(first: Sequence[Article], others: Sequence[Article], most: int) -> list[Article]:
    """`first` as they are, then the others (the newest first), each time one of the section that has the fewest."""
    chosen, left = list(first)[:most], list(others)
    count = Counter(article.section_id for article in chosen)
    while left and len(chosen) < most:
        following = min(left, key=lambda article: count[article.section_id])  # of equals the first: the newest
        left.remove(following)
        count[following.section_id] += 1
        chosen.append(following)
    return chosen


def in_earlier_issues() -> QuerySet[Item, tuple[int]]:
    """The numbers of the articles that an issue had which is scheduled, sent or held; drafts and cancelled ones not."""
    return Item.objects.filter(issue__in=Issue.objects.frozen(), article__isnull=False).values_list("article")


def updates(now: datetime, *, besides: Iterable[Article] = ()) -> list[Article]:
    """Pieces that readers have had in an issue and that were materially changed after it, the latest change first."""
    told = Item.objects.filter(issue__in=Issue.objects.archived().order_by(), article=OuterRef("pk"))
    last_told = told.order_by("-issue__frozen_at").values("issue__frozen_at")[:1]
    again = Article.objects.published(now).annotate(last_told=Subquery(last_told)).filter(last_told__isnull=False)
    changed = again.filter(updated_at__gt=Subquery(last_told), updated_at__lte=now)
    changed = changed.exclude(pk__in=[article.pk for article in besides]).order_by("-updated_at", "-pk")
    return [article for article in changed.for_teasers()[: 4 * MOST_UPDATES] if article.shown_update][:MOST_UPDATES]


def defaults(pieces: Sequence[Article]) -> dict[str, str]:
    """The subject and the preheader an issue of these pieces begins with: the first headline, and the next ones."""
    headlines = [one_line(article.headline) for article in pieces]
    following = " · ".join(headlines[1:4])
    return {
        "subject": Truncator(headlines[0]).chars(LONGEST) if headlines else "",
        "preheader": Truncator(_("Also: %(headlines)s") % {"headlines": following}).chars(LONGEST) if following else "",
    }


# ---------------------------------------------------------------- when


def next_slot(newsletter: Newsletter, magazine: Magazine, after: datetime) -> datetime:
    """The first slot later than `after`, in UTC."""
    zone = newsletter.zone(magazine)
    day = after.astimezone(zone).date() - timedelta(days=2)  # a gap of the clock may push a slot to another day
    while True:
        if day.weekday() == newsletter.weekday:
            slot = instant_of(datetime.combine(day, newsletter.hour, zone))
            if slot > after:
                return slot
        day += timedelta(days=1)


def instant_of(wanted: datetime) -> datetime:
    """When a clock shows a time, in UTC: its first stroke where it comes twice (PEP 495, fold=0), and where the clock
    jumps over it the first instant after the jump."""
    while (instant := wanted.astimezone(UTC)).astimezone(wanted.tzinfo).replace(tzinfo=None) != wanted.replace(
        tzinfo=None
    ):
        wanted = wanted.replace(second=0) + timedelta(minutes=1)  # clocks jump at whole minutes
    return instant


def last_slot(newsletter: Newsletter, magazine: Magazine, at: datetime) -> datetime:
    """The slot that was last due at an instant."""
    slot = next_slot(newsletter, magazine, at - WEEK - timedelta(days=2))
    while (following := next_slot(newsletter, magazine, slot)) <= at:
        slot = following
    return slot


def is_due(newsletter: Newsletter, magazine: Magazine, at: datetime) -> bool:
    if not newsletter.weekly:
        return False
    return newsletter.drafted_for is None or newsletter.drafted_for < last_slot(newsletter, magazine, at)


def draft_if_due(at: datetime) -> Issue | None:
    """This week's draft, if its slot has come and nobody has made it: the worker asks at each tick.

    What was missed. The draft of the last slot is made however late it is, for a draft harms nobody and staff may want
    it; but one that is later than `late_hours` is never sent by itself. Slots before the last are not made up for. Who
    turns the weekly draft on long behind its hour gets the first one in the next week.
    """
    magazine = Magazine.objects.current()
    if not is_due(Newsletter.objects.current(), magazine, at):
        return None
    with transaction.atomic(), translation.override(magazine.language), timezone.override(magazine.zone):
        newsletter = Newsletter.objects.held()
        if not is_due(newsletter, magazine, at):  # another worker was quicker
            return None
        slot = last_slot(newsletter, magazine, at)
        in_time = at - slot <= timedelta(hours=newsletter.late_hours)
        was_on = newsletter.drafted_for is not None
        newsletter.drafted_for = slot
        newsletter.save(update_fields=["drafted_for"])
        return draft_for(newsletter, slot, at, in_time=in_time) if was_on or in_time else None


def pass_over(at: datetime) -> None:
    """Make no draft for the slots up to an instant: after a backup was put back, nobody knows which have had theirs."""
    with transaction.atomic():
        newsletter = Newsletter.objects.held()
        newsletter.drafted_for = last_slot(newsletter, Magazine.objects.current(), at)
        newsletter.save(update_fields=["drafted_for"])


def draft_for(newsletter: Newsletter, slot: datetime, at: datetime, *, in_time: bool) -> Issue | None:
    """The draft of a slot, and staff are told; none where somebody has made one already, or of a thin week."""
    if there := in_hand(slot):
        tell_of(there, at, _("It is there already: no second draft was made for this week."))
        return None
    issue = compose(since_last(at), at)
    if issue and newsletter.by_itself and in_time:
        send_by_itself(issue, at + timedelta(minutes=newsletter.undo_minutes), at)
    elif issue:
        count = issue.items.count()
        words = ngettext(
            "This week’s draft is ready, with %(count)d piece. Look at it, and schedule it.",
            "This week’s draft is ready, with %(count)d pieces. Look at it, and schedule it.",
            count,
        )
        tell_of(issue, at, words % {"count": count})
    return issue


def send_by_itself(issue: Issue, when: datetime, at: datetime) -> None:
    """Schedule it, if nothing stands in its way, and say until when that can be undone."""
    try:
        sending.schedule(issue, when, by=None, at=at)
    except sending.NotReady as why:
        tell_of(issue, at, _("This week’s draft is ready but does not go by itself: %(why)s") % {"why": why})
    else:
        until = date_format(timezone.localtime(when), "j M, H:i")
        words = _("It goes out by itself at %(until)s. Until then you can take it back to a draft.")
        tell_of(issue, at, words % {"until": until})


def in_hand(slot: datetime) -> Issue | None:
    """What somebody has made in the week before the slot and not sent yet: it is this week's issue."""
    waiting = Issue.objects.filter(state__in=[IssueState.DRAFT, IssueState.SCHEDULED], created_by__isnull=False)
    return waiting.filter(created_at__gt=slot - WEEK).order_by("-created_at").first()


# ---------------------------------------------------------------- who is told


def tell_of(issue: Issue, at: datetime, words: str) -> None:
    """Those who send are told of an issue; the notice leads to its page at the desk."""
    address = reverse("admin:newsletter_issue_change", args=[issue.pk])
    people = who_has("newsletter.send_issue")
    notices.tell(people, reason="round_up", title=str(issue), address=address, text=words, at=at)


def tell_of_empty_week(count: int, at: datetime) -> None:
    words = ngettext(
        "There is no round-up this week: %(count)d new piece is fewer than you want.",
        "There is no round-up this week: %(count)d new pieces are fewer than you want.",
        count,
    )
    notices.tell(
        who_has("newsletter.send_issue"),
        reason="round_up",
        title=_("The round-up"),
        address=reverse("admin:newsletter_issue_changelist"),
        text=words % {"count": count},
        at=at,
    )
