"""The requests that benchmarks/desk.py measures; imported in Django's shell, where the models are there."""

import itertools
import random
import secrets
import time
from collections.abc import Callable
from statistics import median

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import editing, html
from articles.demo.load import load
from articles.forms import ArticleForm
from articles.models import Article, Revision
from articles.seeding import seed

WORDS = 2_000
Deed = Callable[[], None]


class Desk:
    """A magazine of so many articles, two of which, a live one and a draft, have so many revisions of 2,000 words."""

    def __init__(self, articles: int, revisions: int, rounds: int) -> None:
        self.revisions, self.rounds, self.now = revisions, rounds, timezone.now()
        self.number = itertools.count(1)
        load(self.now, lambda _what: None, size=(160, 107))
        seed(articles - Article.objects.count(), self.now, lambda _written: None, random.Random(1))
        self.user = get_user_model().objects.create_superuser("chief", password=secrets.token_hex(8))
        self.client = Client()
        self.client.force_login(self.user)
        self.live = Article.objects.published(self.now).newest()[3]
        self.draft = Article.objects.off_the_site().order_by("pk")[0]
        self.body = self.long_body()
        for article in (self.live, self.draft):
            self.write(article)
        if connection.vendor == "postgresql":
            connection.cursor().execute("VACUUM ANALYZE")

    def long_body(self) -> str:
        bodies = Article.objects.published(self.now).newest().values_list("body", flat=True)[:20]
        paragraphs = [f"{part}</p>" for body in bodies for part in body.split("</p>") if part.strip().startswith("<p>")]
        body, words = "", 0
        for paragraph in itertools.cycle(paragraphs):
            body, words = body + paragraph, words + html.word_count(paragraph)
            if words >= WORDS:
                return body
        raise SystemExit("The demonstration magazine has no paragraphs.")

    def write(self, article: Article) -> None:
        for _n in range(self.revisions):
            with transaction.atomic():
                row = Article.objects.filter(pk=article.pk).held().get()
                editing.record(row, row.newest_content() | {"body": self.changed()}, by=self.user, at=self.now)

    def changed(self) -> str:
        return f"{self.body}<p>Version {next(self.number)}.</p>"

    # ---- what is measured

    def save(self, article: Article, page: str) -> Deed:
        """The form as a browser sends it, with another paragraph each time."""
        form = ArticleForm(instance=Article.objects.get(pk=article.pk))
        fields = {field.html_name: field.value() for field in form if field.value() is not None}
        address = reverse(f"admin:articles_article_{page}", args=[article.pk])

        def deed() -> None:
            base = Article.objects.get(pk=article.pk).latest_revision.number
            answer = self.client.post(address, {**fields, "body": self.changed(), "base": base, "_continue": "1"})
            if answer.status_code not in {200, 302} or not self.grew(article, base):
                raise SystemExit(f"{address} saved nothing: {answer.status_code}")

        return deed

    def grew(self, article: Article, base: int) -> bool:
        return Article.objects.get(pk=article.pk).latest_revision.number > base

    def get(self, page: str, *args: int, query: str = "") -> Deed:
        address = reverse(f"admin:{page}", args=args) + query

        def deed() -> None:
            if self.client.get(address).status_code != 200:
                raise SystemExit(f"{address} cannot be had")

        return deed

    def least_of_a_save(self) -> None:
        """What a save cannot do without: cleaning, and a row of that size in a transaction."""
        content = {**self.content, "body": html.clean(self.changed())}
        with transaction.atomic():
            Revision.objects.create(
                article=self.live, number=1_000_000 + next(self.number), kind="aside", content=content, at=self.now
            )

    def report(self, database: str) -> None:
        """A row of the table for each deed; deed and least take turns."""
        self.content = Article.objects.get(pk=self.live.pk).newest_content()
        bare, pk = self.get("password_change"), self.live.pk
        rows: list[tuple[str, Deed, Deed]] = [
            ("save a draft beside a live piece", self.save(self.live, "change"), self.least_of_a_save),
            ("save a draft of a new piece", self.save(self.draft, "change"), self.least_of_a_save),
            ("save by itself", self.save(self.draft, "autosave"), self.least_of_a_save),
            ("form", self.get("articles_article_change", pk), bare),
            ("list of articles", self.get("articles_article_changelist"), bare),
            ("history", self.get("articles_article_history", pk), bare),
            ("compare", self.get("articles_article_compare", pk, query=f"?from=2&to={self.revisions}"), bare),
        ]
        for name, deed, least in rows:
            deed()
            least()
            turns = [(taken(deed), taken(least)) for _round in range(self.rounds)]
            mine, floor = median(mine for mine, _floor in turns), median(floor for _mine, floor in turns)
            worst = max(mine for mine, _floor in turns)
            print(f"| {database} | {name} | {mine:.0f} | {worst:.0f} | {floor:.0f} | {mine / floor:.1f} |")


def taken(deed: Deed) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000
