"""Whether a text is ready: the checklist's rules over a content, with what the database and the internet say of it."""

import hashlib
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.core.cache import cache

from articles import checklist, links
from articles.checklist import Finding, Level, PictureFacts, Piece, Result
from articles.models import Article, Comment, Picture, Section, SignOff
from articles.models.content import READ, Content, digest

# Seconds an answer is believed.
BELIEVED: Final = 15 * 60
# Seconds that publishing waits for links nobody has asked yet, and a page that was opened to ask them.
SHORTLY: Final = 5
PATIENTLY: Final = 12


def piece_of(content: Content, article: Article | None = None) -> Piece:
    """What the rules look at. With an article: its open comments and its guests’ word too. Four queries at the most."""
    section = Section.objects.filter(pk=content["section"]).values_list("name", flat=True).first()
    picture = Picture.objects.filter(pk=content["lead_picture"]).first() if content["lead_picture"] else None
    waiting = Comment.objects.filter(article=article, parent=None, resolved_at=None).count() if article else 0
    return Piece(
        headline=content["headline"],
        dek=content["dek"],
        body=content["body"],
        section=section or "",
        byline=bool(content["bylines"] or content["byline_override"]),
        picture=PictureFacts(content["lead_alt"] or picture.alt, picture.credit) if picture else None,
        links=known_answers(content["body"]),
        seo_description=content["seo_description"],
        open_comments=waiting,
        fallen_sign_offs=fallen(content, article) if article else 0,
    )


def fallen(content: Content, article: Article) -> int:
    """How many guests signed off an earlier text and not this one."""
    now = digest(content, READ)
    signed = SignOff.objects.filter(link__article=article).values_list("link", "text_digest")
    return len({link for link, _text in signed} - {link for link, text in signed if text == now})


def results(content: Content, article: Article | None = None) -> list[Result]:
    return checklist.results(piece_of(content, article))


def findings(content: Content, article: Article | None = None) -> list[Finding]:
    return checklist.look(piece_of(content, article))


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those that stand in the way of publishing."""
    return [finding for finding in found if finding.level == Level.ERROR]


def known_answers(body: str) -> dict[str, links.Answer]:
    """What links said in the last quarter of an hour, by address."""
    keys = {key_of(address): address for address in links.addresses_in(body)[: links.MOST]}
    return {keys[key]: answer for key, answer in cache.get_many(keys).items()} if keys else {}


def not_asked(body: str) -> list[str]:
    """The links that nobody has asked yet; none where the operator has turned asking off."""
    if not settings.CHECK_LINKS:
        return []
    known = known_answers(body)
    return [address for address in links.addresses_in(body)[: links.MOST] if address not in known]


def ask_links(body: str, seconds: float) -> None:
    """Ask the links nobody has asked yet, for so many seconds at the most. Not in a transaction: others would wait."""
    waiting = not_asked(body)
    answers = links.check(waiting, in_all=seconds) if waiting else {}
    told = {key_of(address): answer for address, answer in answers.items() if answer.state != "not asked"}
    cache.set_many(told, BELIEVED)


def key_of(address: str) -> str:
    return "link:" + hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
