"""No public address tells anything of a text that readers do not have.

A secret word stands in every field of every text that is not public, in every state there is, and in all that hangs on
it; then each pattern of the URL conf outside the admin is asked for everything it could plausibly be asked for. A new
pattern that is not in VALUES fails `test_every_public_pattern_is_asked`: add its name with a function from the planted
magazine to the values of its parameters, such as

    "rendition": renditions,
    "guest_preview": lambda planted: [{"token": token} for token in planted.tokens("preview")],
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles import comments, editing, guests, review
from articles.models import Article, AuditEntry, Author, GuestLink, Notice, Picture, Redirect, Section, SignOff, Tag
from articles.models.content import EMPTY
from articles.sitemaps import SITEMAPS
from articles.workflow import Stage
from newsletter.models import Issue, Item, Subscriber
from newsletter.states import SHOWN, IssueState, Reader
from newsletter.tokens import leave
from tests.factories import (
    NOON,
    make_article,
    make_author,
    make_page,
    make_person,
    make_picture,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = "qxz"
"""Every secret word begins so, and nothing else does."""
LEAK = re.compile(rf"{SECRET}[a-z0-9-]+", re.IGNORECASE)

NEVER_PUBLIC = [Stage.DRAFT, Stage.IN_REVIEW, Stage.NEEDS_CHANGES, Stage.APPROVED]
OTHERS = ["scheduled", "unpublished", "discarded", "put aside", "autosaved", "restored", "replaced"]
STATES = [
    *(f"never {stage}" for stage in NEVER_PUBLIC),
    *(f"beside {stage}" for stage in [*NEVER_PUBLIC, Stage.WAITING]),
    *OTHERS,
]


def word_of(state: str) -> str:
    return SECRET + re.sub(r"[^a-z]", "", state)


class Planted:
    """A magazine with a secret in every text that is not public. `names` are the files of pictures only drafts use."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.by = make_user(username="writer")
        self.open, self.quiet = make_section(name="Open"), make_section(name="Quiet", shown_in_menu=False)
        make_page()
        make_article(section=self.open, authors=(make_author(),), tags=("Known",), lead_picture=make_picture())
        for state in STATES:
            with transaction.atomic():
                self.plant(state)
        self.rename_what_only_drafts_use()
        self.plant_newsletter()

    # ------------------------------------------------------------ texts

    def secret(self, word: str, section: Section) -> dict[str, Any]:
        """A whole content: the word, with the name of the field after it, in each that takes words."""
        texts = {name: f"{word}{name.replace('_', '')}" for name, empty in EMPTY.items() if empty == ""}
        picture = make_picture(alt=f"{word}alt", caption=f"{word}pictured", credit=f"{word}credit", colour=colour(word))
        author = make_author(name=f"{word}author", bio=f"<p>{word}bio</p>")
        return {
            **EMPTY,
            **texts,
            "slug": f"{word}slug",
            "body": f"<p>{word}opening</p><h2>{word}heading</h2><p>{word}body</p>" + "<p>More words.</p>" * 12,
            "kind": "reporting",
            "section": section.pk,
            "lead_picture": picture.pk,
            "bylines": [[author.pk, f"{word}role"]],
            "byline_override": f"{word}override" if len(word) % 2 else "",
            "tags": [f"{word}tag", "Known"],
            "canonical_url": f"https://{word}.example/" if len(word) % 2 else "",
            "related": [Article.objects.order_by("pk").first().pk],
        }

    def plant(self, state: str) -> None:
        word, kind = word_of(state), state.partition(" ")[0]
        if kind == "never":
            article = self.begin(self.secret(word, self.quiet))
            self.bring_to(article, state.partition(" ")[2])
        elif state == "scheduled":
            ahead = (self.now + timedelta(days=2)).isoformat()
            article = self.begin({**self.secret(word, self.open), "published_at": ahead})
            review.publish(article, by=self.by, at=self.now)
        else:
            article = self.plant_beside(state, word)
        self.hang_on(article, word)

    def plant_beside(self, state: str, word: str) -> Article:
        """A piece that is live, or was, with the secret in a text that readers do not have."""
        clean = {**EMPTY, "headline": f"Known: {state}", "slug": f"known-{word[3:]}", "body": "<p>Known words.</p>"}
        clean |= {"section": self.open.pk, "tags": ["Known"], "published_at": NOON.isoformat()}
        secret = {**self.secret(word, self.open), "published_at": NOON.isoformat()}
        if state == "replaced":  # what a live piece said once and was taken out of it before it was published
            article = self.begin(secret)
            self.save(article, clean)
            review.publish(article, by=self.by, at=self.now)
            return article
        article = self.begin(clean)
        review.publish(article, by=self.by, at=self.now)
        if state == "unpublished":
            article.unpublish(at=self.now, by=self.by)
        aside = {"by": self.by, "at": self.now}
        if state == "put aside":
            editing.put_aside(article, secret, **aside)
        else:
            self.save(article, secret, kind="autosave" if state == "autosaved" else "save")
        if state == "discarded":
            editing.discard(article, **aside)
        elif state == "restored":
            editing.discard(article, **aside)
            editing.restore(article, article.revisions.order_by("-number").first(), **aside)
        elif state.startswith("beside"):
            self.bring_to(article, state.partition(" ")[2])
        return article

    def begin(self, content: dict[str, Any]) -> Article:
        article = editing.begin(content, by=self.by, at=self.now)
        return Article.objects.filter(pk=article.pk).held().get()

    def save(self, article: Article, content: dict[str, Any], kind: str = "save") -> None:
        editing.record(article, content, by=self.by, at=self.now, kind=kind, note=f"{SECRET}note")

    def bring_to(self, article: Article, stage: str) -> None:
        deed = {"by": self.by, "at": self.now}
        if stage in {Stage.IN_REVIEW, Stage.NEEDS_CHANGES, Stage.APPROVED}:
            review.move(article, "submit", **deed)
        if stage == Stage.NEEDS_CHANGES:
            review.move(article, "ask_for_changes", note=f"{SECRET}asked", **deed)
        if stage == Stage.APPROVED:
            review.move(article, "approve", **deed)
        if stage == Stage.WAITING:
            review.publish_later(article, live_at=self.now + timedelta(days=1), **deed)
        assert article.stage == stage

    def hang_on(self, article: Article, word: str) -> None:
        """What is said of the text, and by whom."""
        newest = article.revisions.order_by("-number").first()
        link = GuestLink.objects.create(
            article=article,
            purpose="review",
            guest=f"{word}guest",
            created_at=self.now,
            expires_at=self.now + timedelta(days=3),
        )
        comments.say(newest, f"{word}comment", at=self.now, guest=link, name=f"{word}guest", block=1)
        SignOff.objects.create(
            link=link, revision=newest, text_digest=newest.text_digest, name=f"{word}guest", remark=word, at=self.now
        )
        Notice.objects.create(user=self.by, article=article, reason="review", text=f"{word}notice", at=self.now)
        AuditEntry.objects.note("save", article, by=self.by, at=self.now, note=f"{word}audit")

    def rename_what_only_drafts_use(self) -> None:
        """Old addresses lead to new ones; where nothing is public they lead nowhere."""
        for thing in [make_author(name="Old name"), Tag.objects.create(name="Old tag", slug="old-tag")]:
            thing = type(thing).objects.get(pk=thing.pk)
            thing.slug = f"{SECRET}renamed"
            thing.save()

    def plant_newsletter(self) -> None:
        """Issues that readers do not have, each with a public piece in it; and readers."""
        article = Article.objects.published(self.now).newest().first()
        for number, state in enumerate(sorted(set(IssueState.values) - SHOWN), 1):
            word = f"{SECRET}{state}"
            texts = ("subject", "preheader", "intro", "outro", "html", "text", "web", "why")
            issue = Issue(number=number, state=state, frozen_at=self.now, **{name: f"{word}{name}" for name in texts})
            issue.save()
            Item.objects.create(issue=issue, article=article, position=1, title=f"{word}title", blurb=f"{word}blurb")
        for state in Reader.values:
            email = f"{SECRET}{state}@example.org"
            Subscriber.objects.create(email=email, state=state, signed_up_at=self.now, confirmed_at=self.now)

    # ------------------------------------------------------------ what can be asked for

    def slugs(self) -> set[str]:
        return {f"{word_of(state)}slug" for state in STATES} | set(Article.objects.values_list("slug", flat=True))

    def tokens(self, purpose: str) -> list[str]:
        """What opens nothing: nonces without a signature, links of the other purpose, withdrawn or expired. A link that
        is open shows the draft, as it shall; its own tests look at it."""
        links = list(GuestLink.objects.all())
        for link in links:
            link.purpose = "preview" if purpose == "review" else "review"
        tokens = [link.nonce for link in links] + [guests.token_of(link) for link in links]
        article, deed = Article.objects.get(slug=f"{word_of('never draft')}slug"), {"by": self.by, "at": self.now}
        withdrawn = guests.make(article, purpose, guest="Ann", days=7, **deed)
        guests.withdraw(withdrawn, **deed)
        expired = guests.make(article, purpose, guest="Ann", days=7, **deed)
        GuestLink.objects.filter(pk=expired.pk).update(expires_at=self.now)
        return ["x", "x" * 200, *tokens, guests.token_of(withdrawn), guests.token_of(expired)]

    def names(self) -> set[str]:
        """The file names of pictures that no public text uses, and the keys of their renditions."""
        secret = Picture.objects.filter(alt__startswith=SECRET)
        return {picture.file.name for picture in secret} | {picture.key for picture in secret}


def colour(word: str) -> str:
    """Another picture for each word: the files are named after what is in them."""
    return "#" + "".join(f"{ord(letter) % 16:x}" for letter in (word[3:] + word[3:] + "abcdef")[:6])


def all_slugs(model: type) -> Callable[[Planted], list[dict[str, str]]]:
    def values(planted: Planted) -> list[dict[str, str]]:
        own = set(model.objects.values_list("slug", flat=True)) | {f"{SECRET}renamed", "old-name", "old-tag"}
        return [{"slug": slug} for slug in sorted(own)]

    return values


def first_parts(planted: Planted) -> list[dict[str, str]]:
    """Sections, pages, and what might be taken for one."""
    return [{"slug": slug} for slug in ["open", "quiet", "about", f"{SECRET}nothing", *sorted(planted.slugs())]]


def places(planted: Planted) -> list[dict[str, str]]:
    """Each article's present and former slugs, in each section; and where old addresses led from."""
    known = {f"known-{word_of(state)[3:]}" for state in STATES}
    return [
        {"section_slug": section, "slug": slug}
        for section in ("open", "quiet")
        for slug in sorted(planted.slugs() | known)
    ]


def renditions(planted: Planted) -> list[dict[str, Any]]:
    """Pictures that only drafts use, by what a stranger can know or guess: numbers, names, keys of other pictures."""
    shown, *secret = Picture.objects.order_by("pk")
    keys = ["x", shown.key, shown.sha256, "0" * len(shown.key)]
    return [
        {"number": picture.pk, "key": key, "name": name}
        for picture in [*secret[:3], Picture(pk=10**15)]
        for key in keys
        for name in ("3x2-64.webp", "x")
    ]


def issues() -> list[int]:
    return list(Issue.objects.values_list("number", flat=True))


def leave_tokens() -> list[str]:
    """Of readers: they open a page, and it names nobody."""
    return [leave(key) for key in Subscriber.objects.order_by("pk").values_list("key", flat=True)]


VALUES: dict[str, Callable[[Planted], list[dict[str, str]]]] = {
    "robots": lambda planted: [{}],
    "health": lambda planted: [{}],
    "sitemap_index": lambda planted: [{}],
    "sitemap": lambda planted: [{"name": name} for name in [*SITEMAPS, "drafts", SECRET]],
    "newsletter": lambda planted: [{}],
    "newsletter_thanks": lambda planted: [{}],
    "newsletter_issues": lambda planted: [{}],
    "newsletter_issue": lambda planted: [{"number": number} for number in (*issues(), 0, 9**30)],
    "newsletter_feed": lambda planted: [{}],
    "newsletter_click": lambda planted: [
        *({"number": item.issue.number, "item": item.pk} for item in Item.objects.select_related("issue")),
        *({"number": 1, "item": item} for item in (0, 9**30)),
    ],
    **dict.fromkeys(
        ["newsletter_confirm", "newsletter_not_me", "newsletter_new_address", "newsletter_leave"],
        lambda planted: [{"token": "x"}, {"token": "B" * 48}, *({"token": token} for token in leave_tokens())],
    ),
    "newsletter_preferences": lambda planted: [{}],
    "newsletter_on_its_way": lambda planted: [{}],
    "newsletter_my_preferences": lambda planted: [{"token": token} for token in ("x", *leave_tokens())],
    "media/<path:name>": lambda planted: [{"name": name} for name in ["", f"{SECRET}.png", "pictures/", "../x"]],
    "front": lambda planted: [{}],
    "latest": lambda planted: [{}],
    "search": lambda planted: [{}],
    "feed": lambda planted: [{}],
    "authors": lambda planted: [{}],
    "author": all_slugs(Author),
    "author_feed": all_slugs(Author),
    "tag": all_slugs(Tag),
    "tag_feed": all_slugs(Tag),
    "section": first_parts,
    "page": first_parts,
    "section_feed": first_parts,
    "article": places,
    "article_rest": places,
    "rendition": renditions,
    "guest_preview": lambda planted: [{"token": token} for token in planted.tokens("preview")],
    "guest_room": lambda planted: [{"token": token} for token in planted.tokens("review")],
    "^admin/r/": lambda planted: [{}],
}


def public_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Each pattern outside the admin, by name or by its route."""

    def below(patterns: list[Any], route: str) -> Iterator[tuple[str, URLPattern]]:
        for each in patterns:
            if isinstance(each, URLResolver):
                if each.namespace != "admin":
                    yield from below(each.url_patterns, route + str(each.pattern))
            elif not str(each.pattern).startswith("admin/"):
                yield each.name or route + str(each.pattern), each

    return below(get_resolver().url_patterns, "")


PATTERNS = dict(public_patterns())


def addresses(planted: Planted) -> list[str]:
    found = []
    for name in PATTERNS:
        for values in VALUES[name](planted):
            if name.startswith("media/"):
                found.append(f"/media/{values['name']}")
            elif name == "^admin/r/":
                found.append("/admin/r/1/1/")
            else:
                found.append(reverse(name, kwargs=values))
    return list(dict.fromkeys(found))


def told(answer: HttpResponse, asked: str) -> set[str]:
    """The secrets in an answer: body and headers. What was asked for is no news: a page may repeat its address."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace") + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    for repeated in {asked, unquote(asked), quote(asked, safe=""), asked.partition("?")[0]}:
        text = text.replace(repeated, "")
    return set(LEAK.findall(text))


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker) -> Iterator[Planted]:
    """Planted once; what a test does to it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Planted()
        transaction.set_rollback(True)


# ---------------------------------------------------------------- the promises


def test_every_public_pattern_is_asked():
    assert PATTERNS.keys() == VALUES.keys(), (
        f"Say in VALUES of {__file__} what {sorted(PATTERNS.keys() ^ VALUES.keys())} can be asked for."
    )


def look_everywhere(client: Client, planted: Planted, query: str = "") -> list[str]:
    leaks = []
    for address in addresses(planted):
        answer = client.get(address + query)
        if words := told(answer, address + query) | {
            name for name in planted.names() if name.encode() in body_of(answer)
        }:
            leaks.append(f"{address}{query} ({answer.status_code}) tells {sorted(words)}")
    return leaks


def body_of(answer: HttpResponse) -> bytes:
    return b"" if answer.streaming else answer.content


def test_readers_are_told_nothing_of_what_is_not_public(client, planted):
    assert look_everywhere(client, planted) == []


def test_nor_by_looking_ahead_which_readers_cannot(client, planted):
    ahead = (planted.now + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    assert look_everywhere(client, planted, f"?at={ahead}") == []


@pytest.mark.parametrize("role", [None, "Contributor", "Editor limited to a section"])
def test_nor_are_those_at_the_desk_whom_a_draft_is_not_given_to(client, planted, role):
    """Looking ahead is for those who see every draft."""
    if role is None:
        user = make_user(superuser=False)
    else:
        user = make_person(
            role=role.split()[0], sections=(make_section(name="Elsewhere"),) if "limited" in role else ()
        )
    client.force_login(user)
    ahead = (planted.now + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    assert look_everywhere(client, planted, f"?at={ahead}") == []


@pytest.mark.parametrize("state", STATES)
def test_a_search_for_the_very_words_finds_what_a_search_for_nonsense_does(client, planted, state):
    word, nonsense = word_of(state), "vvvvvvvv"
    for question in (word, f"{word}headline", f"{word}body", f"{word}tag", f"{word}author"):
        found = client.get("/search/", {"q": question}).content.decode().replace(question, "")
        nothing = client.get("/search/", {"q": nonsense}).content.decode().replace(nonsense, "")
        assert found == nothing


def test_whoever_posts_is_told_nothing_either(client, planted):
    for address in addresses(planted)[:60]:
        assert not told(client.post(address, {"q": "x", "email": "x"}), address)


def test_saving_a_draft_changes_nothing_of_what_readers_get(client, planted):
    def get(address: str) -> tuple[int, bytes, str | None]:
        answer = client.get(address)
        return answer.status_code, answer.content, answer.headers.get("ETag")

    live = Article.objects.published(planted.now).newest().first()
    pages = ["/", "/latest/", "/feed/", "/sitemap-articles.xml", "/open/", live.get_absolute_url(), live.get_rest_url()]
    before = [get(page) for page in pages]
    with transaction.atomic():
        held = Article.objects.filter(pk=live.pk).held().get()
        planted.save(held, {**held.newest_content(), "headline": f"{SECRET}later", "body": f"<p>{SECRET}later</p>"})
    assert [get(page) for page in pages] == before


def test_an_old_address_does_not_tell_what_an_unpublished_piece_is_called_now(client, planted):
    old = f"/open/known-{word_of('unpublished')[3:]}/"
    assert Redirect.objects.filter(old_path=old).exists()
    assert client.get(old).status_code == 404


def test_the_look_sees_what_it_is_for(client, planted):
    """A secret that is published is found on the front page, and by somebody who may look ahead a scheduled one is."""
    article = Article.objects.get(slug=f"{word_of('never approved')}slug")
    review.publish(Article.objects.filter(pk=article.pk).held().get(), by=None, at=planted.now)
    assert look_everywhere(client, planted)
    client.force_login(planted.by)
    ahead = (planted.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert word_of("scheduled") in " ".join(told(client.get(f"/latest/?at={ahead}"), ""))


def test_and_it_sees_an_issue_that_readers_have(client, planted):
    Issue.objects.update(state=IssueState.SENT)
    assert "qxzdraftweb" in " ".join(look_everywhere(client, planted))
