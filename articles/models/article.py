"""The article: the row holds exactly what readers see (DESIGN, idea 2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.html import blocks
from articles.models import content as contents
from articles.models.audit import AuditEntry
from articles.models.author import Author
from articles.models.byline import Byline, bylines_and_authors, bylines_of
from articles.models.content import Content
from articles.models.edition import Edition, PublicQuerySet
from articles.models.picture_use import PictureUse
from articles.models.piece import Kind, Piece
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.staff import Notice
from articles.models.tag import Tag, TaggedArticle
from articles.workflow import NEWER, Stage, State


class ArticleQuerySet(PublicQuerySet):
    def published(self, at: datetime) -> "ArticleQuerySet":
        """What the public sees at an instant. The only place that decides it for a queryset."""
        return self.filter(status=State.PUBLISHED, published_at__lte=at)

    def published_since(self, since: datetime, at: datetime) -> "ArticleQuerySet":
        """What has appeared after one instant and is public at another."""
        return self.published(at).filter(published_at__gt=since)

    def scheduled(self, at: datetime) -> "ArticleQuerySet":
        return self.filter(status=State.PUBLISHED, published_at__gt=at).order_by("published_at", "pk")

    def drafts(self) -> "ArticleQuerySet":
        """What has a text that readers do not have: new pieces, and drafts beside live ones."""
        return self.exclude(stage=Stage.SETTLED).order_by("-saved_at", "-pk")

    def off_the_site(self) -> "ArticleQuerySet":
        """What readers do not have at all, now or by a schedule."""
        return self.exclude(status=State.PUBLISHED)

    def next_change(self, at: datetime) -> datetime | None:
        """The instant after `at` when the next article appears by itself or the next text replaces a live one."""
        appears = self.scheduled(at).values_list("published_at", flat=True).first()
        replaces = Revision.objects.waiting().filter(live_at__gt=at).values_list("live_at", flat=True).first()
        return min(filter(None, (appears, replaces)), default=None)

    def go_live(self, at: datetime) -> None:
        """Put the texts that are due in the place of the live ones. What cannot be published goes back to its desk."""
        for revision in Revision.objects.due(at).select_related("scheduled_by"):
            article = self.filter(pk=revision.article_id).held().get()
            try:
                with transaction.atomic():
                    article.publish(at=revision.live_at, by=revision.scheduled_by)
            except (IntegrityError, ValidationError, workflow.MoveRefused) as error:
                self.filter(pk=article.pk).mark(stage=Stage.NEEDS_CHANGES)
                AuditEntry.objects.note("not_published", article, by=None, at=at, note=str(error)[:500])
                words = _("It could not go live by itself: {fault}").format(fault=error)
                waiting = filter(None, [revision.scheduled_by])
                Notice.objects.tell(waiting, article=article, reason="not_published", text=words, at=at)

    def held(self) -> "ArticleQuerySet":
        """As they are now, nobody else changing them until the transaction ends.

        The edition is held first, and the articles in the order of their numbers, so that two who change many articles
        wait for each other and never in a circle. SQLite holds the whole database anyway.
        """
        Edition.objects.select_for_update().filter(pk=1).first()
        return self.select_for_update(of=("self",)).order_by("pk")

    def mark(self, **values: Any) -> int:
        """Note what readers do not see (the stage of a draft, which revision is the newest): the edition stays."""
        return models.QuerySet.update(self, **values)

    mark.alters_data = True

    def expect_change(self, at: datetime) -> None:
        """A text was set to go live by itself: the edition has to know when."""
        Edition.objects.turn(at)

    def newest(self) -> "ArticleQuerySet":
        return self.order_by("-published_at", "-pk")

    def tagged_with(self, tag: Tag) -> "ArticleQuerySet":
        return self.filter(pk__in=TaggedArticle.objects.filter(tag=tag).values("content_object"))

    def by(self, author: Author) -> "ArticleQuerySet":
        return self.filter(pk__in=Byline.objects.filter(author=author).values("article"))

    def for_teasers(self) -> "ArticleQuerySet":
        """With what a teaser shows, and without the bodies; names come with `with_bylines`.

        What only the desk knows is left out too: its columns were added behind the long texts, and SQLite would walk
        through those to read them.
        """
        return self.for_the_desk().defer(
            "body", "search_text", "stage", "latest_revision", "live_revision", "created_by"
        )

    def for_the_desk(self) -> "ArticleQuerySet":
        """With what a list of the admin shows."""
        return self.defer("body", "search_text").select_related("section", "lead_picture")

    def with_bylines(self) -> "ArticleQuerySet":
        return self.prefetch_related(bylines_and_authors())

    def in_any(self, choices: Iterable[models.QuerySet]) -> "ArticleQuerySet":
        """The articles that any of these sliced querysets of primary keys gives, however large the tables are.

        SQLite takes no LIMIT inside a compound select, so each member stands in a select of its own.
        """
        parts, params = [], []
        for choice in choices:
            sql, values = choice.query.sql_with_params()
            parts.append(f"SELECT * FROM ({sql}) AS part")  # noqa: S608 - Django's own SQL
            params += values
        return self.filter(pk__in=RawSQL(" UNION ".join(parts), params)) if parts else self.none()  # noqa: S611

    def newest_of_each(
        self, sections: Iterable[Section], at: datetime, count: int, besides: Iterable["Article"] = ()
    ) -> "ArticleQuerySet":
        """The newest `count` of each section that are not among those given."""
        others = Article.objects.published(at).exclude(pk__in=[article.pk for article in besides])
        return self.in_any(others.filter(section=section).newest().values("pk")[:count] for section in sections)


def look_up_bylines(articles: Sequence["Article"]) -> None:
    """Give the articles their bylines and authors, in one query: what prefetch_related_objects does, prepared."""
    of_each: dict[int, list[Byline]] = {article.pk: [] for article in articles}
    if of_each:
        for byline in bylines_of(*of_each):
            of_each[byline.article_id].append(byline)
    for article in articles:
        article.keep_rows("bylines", of_each[article.pk])


class Article(Piece):
    status = models.CharField(_("status"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    stage = models.CharField(
        _("stage of the newest text"), max_length=14, choices=Stage.choices, default=Stage.DRAFT, editable=False
    )
    latest_revision = models.ForeignKey(
        Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    live_revision = models.ForeignKey(Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), null=True, editable=False, help_text=_("Of material changes only."))

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    saved_at = models.DateTimeField(_("last saved"), auto_now=True)

    address_fields = ("section_id", "slug")
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("publish_article", _("Can publish and unpublish articles")),
            ("review_article", _("Can approve articles and ask for changes")),
            ("change_others_article", _("Can see and change what others write")),
        ]
        # The status comes last: it is the same on nearly every row, and in front it would look selective to SQLite,
        # which then walks all published articles to find a few.
        indexes = [
            models.Index(fields=["-published_at", "-id", "status"], name="article_newest"),
            models.Index(fields=["section", "-published_at", "-id", "status"], name="article_newest_of_section"),
            models.Index(fields=["-saved_at", "-id", "status"], name="article_last_saved"),
            # The desk's lists: what is written and reviewed at this moment is a handful beside the archive.
            models.Index(
                fields=["stage", "-saved_at", "-id"], condition=~Q(stage=Stage.SETTLED), name="article_in_hand"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=State.values), name="article_state_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="article_stage_known"),
            models.CheckConstraint(
                condition=~Q(status=State.PUBLISHED) | Q(section__isnull=False), name="published_article_has_a_section"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=~Q(status=State.PUBLISHED) | Q(published_at__isnull=False, first_published_at__isnull=False),
                name="published_article_has_a_date",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="article_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.headline or str(_("Without a headline"))

    def is_published(self, at: datetime) -> bool:
        """Whether the public sees it at an instant; ArticleQuerySet.published is the same rule for many."""
        return self.status == State.PUBLISHED and self.published_at is not None and self.published_at <= at

    def is_scheduled(self, at: datetime) -> bool:
        return self.status == State.PUBLISHED and not self.is_published(at)

    def concerns_readers(self) -> bool:
        return self.status == State.PUBLISHED or self.status_before == State.PUBLISHED

    status_before: str = State.DRAFT

    def keep_address(self) -> None:
        super().keep_address()
        self.status_before = self.__dict__.get("status", State.PUBLISHED)

    def was_readable(self) -> bool:
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    def address_of(self, section_id: int, slug: str) -> str:
        section = self.section if section_id == self.section_id else Section.objects.get(pk=section_id)
        return reverse("article", args=[section.slug, slug])

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.section.slug, self.slug])

    def get_rest_url(self) -> str:
        return reverse("article_rest", args=[self.section.slug, self.slug])

    def save(self, *args, **options):
        self.derive()
        self.settle_first_date(timezone.now())
        super().save(*args, **options)

    def keep_what_hangs_on_it(self) -> None:
        PictureUse.objects.note(self, blocks.picture_numbers(self.body))

    def settle_first_date(self, at: datetime) -> None:
        """Until a piece has appeared, the day it first appears is the day it is scheduled for, wherever that moves."""
        first = self.first_published_at
        if self.status == State.PUBLISHED and (first is None or first > at or first > self.published_at):
            self.first_published_at = self.published_at

    def publish(self, at: datetime, by: Any = None) -> None:
        """Publish its newest text, now or at its own date if that is set."""
        newest, beside_live = self.latest_revision, self.newer_text()
        self.status, self.stage = workflow.move(self.status, self.stage, "publish")
        with transaction.atomic():
            if beside_live:
                self.take(beside_live.content, save=False)
            if beside_live and beside_live.material and self.is_published(at):
                self.updated_at = at
            self.published_at = self.published_at or at
            self.settle_first_date(at)
            self.live_revision = newest
            self.save()
            if newest:
                newest.mark(went_live_at=max(at, self.published_at), live_at=None)
            AuditEntry.objects.note("publish", self, by=by, at=at, number=newest.number if newest else None)

    publish.alters_data = True

    def unpublish(self, at: datetime | None = None, by: Any = None) -> None:
        """Take it off the site; its dates stay, so that publishing again brings it back to its place.

        The row of a piece that is not public holds its newest text, so a draft beside it comes into the row.
        """
        newer = self.newer_text()
        self.status, self.stage = workflow.move(self.status, self.stage, "unpublish")
        if newer and self.stage == Stage.WAITING:
            self.stage = Stage.DRAFT
        with transaction.atomic():
            if newer:
                self.take(newer.content, save=False)
            self.save()
            AuditEntry.objects.note("unpublish", self, by=by, at=at or timezone.now())

    unpublish.alters_data = True

    def newer_text(self) -> Revision | None:
        """The text beside the live one."""
        return self.latest_revision if self.status == State.PUBLISHED and self.stage in NEWER else None

    def newest_content(self) -> Content:
        """What its form opens with: the newest text, published or not."""
        newest = self.latest_revision if self.stage in NEWER else None
        return contents.normal(newest.content if newest else self.content())

    def clean(self) -> None:
        if not self.slug:
            self.slug = self.free_slug()
        super().clean()
        if self.status == State.PUBLISHED and self.published_at is None:
            raise ValidationError({"published_at": _("A published article has a date.")})

    @property
    def shown_update(self) -> datetime | None:
        """The date of the last material change, where it came after publication."""
        return (
            self.updated_at if self.updated_at and self.published_at and self.updated_at > self.published_at else None
        )
