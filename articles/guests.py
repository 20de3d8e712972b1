"""Guests: people without a login who see one article's newest text by a link, and what their word on it is worth.

The address holds a token, the link's nonce signed with the site's key (django.core.signing, a salt for each purpose):
neither the database nor a guess opens it. What is wrong with a token is never said.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.signing import BadSignature, Signer
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.addresses import absolute
from articles.models import Article, AuditEntry, GuestLink, Revision, SignOff
from articles.models.content import READ, digest

Purpose = GuestLink.Purpose

ADDRESSES: Final = {Purpose.PREVIEW.value: "guest_preview", Purpose.REVIEW.value: "guest_room"}
DAYS: Final = (1, 3, 7, 14, 30)
"""How long a link may live; there is none for ever."""

MOST_COMMENTS: Final = 200
MOST_SIGN_OFFS: Final = 50
"""What one link takes: enough for any reader, too little to drown the desk."""

VISIT: Final = timedelta(minutes=1)


# ---------------------------------------------------------------- the link


def signer(purpose: str) -> Signer:
    return Signer(salt=f"articles.guests.{purpose}", sep=".")


def token_of(link: GuestLink) -> str:
    return signer(link.purpose).sign(link.nonce)


def address_of(link: GuestLink) -> str:
    """The whole address, to be sent to the guest."""
    return absolute(reverse(ADDRESSES[link.purpose], args=[token_of(link)]))


def opened(token: str, purpose: str, at: datetime) -> GuestLink | None:
    """The link a token opens at an instant for that purpose; None for every other token, whatever is wrong with it."""
    try:
        nonce = signer(purpose).unsign(token)
    except BadSignature:
        return None
    links = GuestLink.objects.open(at).select_related(
        "created_by", "seen_revision", *(f"article__{name}" for name in ("section", "latest_revision", "live_revision"))
    )
    return links.filter(nonce=nonce, purpose=purpose).first()


def make(article: Article, purpose: str, *, guest: str, days: int, by: Any, at: datetime) -> GuestLink:
    """A link to an article's newest text; noted in the caller's transaction, without its address."""
    link = GuestLink.objects.create(
        article=article,
        purpose=purpose,
        guest=guest,
        created_by=by,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    AuditEntry.objects.note("make_link", article, by=by, at=at, note=said_of(link))
    return link


@dataclass(frozen=True)
class Invitation:
    """A link as its makers see it: its address while it is open, and what was signed off by it, the newest first."""

    link: GuestLink
    is_open: bool
    address: str
    sign_offs: list[SignOff]
    comments: int

    @property
    def state(self) -> Any:
        if self.link.withdrawn_at:
            return _("withdrawn")
        return _("open") if self.is_open else _("expired")


def links_of(article: Article, at: datetime) -> list[Invitation]:
    """All links of an article, the newest first; as many queries however many there are."""
    links = article.guest_links.select_related("created_by").annotate(said=Count("comments"))
    signed = sign_offs(article)
    return [
        Invitation(
            link,
            link.is_open(at),
            address_of(link) if link.is_open(at) else "",
            [sign_off for sign_off in signed if sign_off.link_id == link.pk],
            link.said,  # type: ignore[attr-defined]
        )
        for link in links
    ]


def withdraw(link: GuestLink, *, by: Any, at: datetime) -> None:
    if link.withdrawn_at is None:
        link.withdrawn_at = at
        link.save(update_fields=["withdrawn_at"])
        AuditEntry.objects.note("withdraw_link", link.article, by=by, at=at, note=said_of(link))


def said_of(link: GuestLink) -> str:
    """A link in words, for the log: never its address."""
    return f"{link.get_purpose_display()}: {link.guest or '–'} (…{link.expires_at:%Y-%m-%d})"


def note_visit(link: GuestLink, at: datetime) -> None:
    """That somebody, or some program that follows links, was here; written once a minute at the most."""
    if link.seen_at is None or at - link.seen_at > VISIT:
        GuestLink.objects.filter(pk=link.pk).update(seen_at=at)


# ---------------------------------------------------------------- the text


def text_digest(article: Article) -> str:
    """What the newest text, as it is read, is signed off by."""
    return digest(article.newest_content(), READ)


def text_of(article: Article) -> Revision | None:
    """The revision that is the newest text; None where it was written past the desk. After a draft was discarded it is
    the live one and not the last that was saved."""
    wanted = text_digest(article)
    revisions = (article.latest_revision, article.live_revision)
    return next((revision for revision in revisions if revision and revision.text_digest == wanted), None)


def text_as_it_was(article: Article, wanted: str) -> Revision | None:
    """The last revision that reads as the text of that digest."""
    return Revision.objects.filter(article=article, text_digest=wanted).order_by("-number").first()


def mark_seen(link: GuestLink, revision: Revision) -> None:
    """From here on the guest is shown what changed since this text."""
    link.seen_revision = revision
    link.save(update_fields=["seen_revision"])


# ---------------------------------------------------------------- what the guest says


def sign(link: GuestLink, revision: Revision, *, name: str, remark: str, at: datetime) -> SignOff:
    """The guest's word for a text as it stands, in the caller's transaction; it holds for nothing else."""
    sign_off = SignOff.objects.create(
        link=link, revision=revision, text_digest=revision.text_digest, name=name, remark=remark, at=at
    )
    mark_seen(link, revision)
    AuditEntry.objects.note(
        "sign_off", link.article, by=None, at=at, number=revision.number, note=f"{name}: {remark}" if remark else name
    )
    return sign_off


def sign_offs(article: Article) -> list[SignOff]:
    """All that guests signed off of an article, the newest first; each says whether it `holds` for the newest text."""
    now = text_digest(article)
    found = list(SignOff.objects.filter(link__article=article).select_related("link", "revision"))
    for sign_off in found:
        sign_off.holds = sign_off.text_digest == now
    return found
