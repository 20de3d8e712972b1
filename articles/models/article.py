"""The article: the row holds exactly what readers see (DESIGN, idea 2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles import html, search, teasers, workflow
from articles.addresses import free_slug, not_feed, slug_of
from articles.models import content as contents
from articles.models.audit import AuditEntry
from articles.models.author import Author
from articles.models.byline import Byline, Credit, RelatedPick, bylines_and_authors, bylines_of
from articles.models.content import Content
from articles.models.edition import Edition, PublicQuerySet
from articles.models.picture import Picture
from articles.models.redirect import Addressed
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.slug import SlugField
from articles.models.tag import Tag, TaggedArticle
from articles.prepared import Prepared
from articles.workflow import NEWER, Stage, State

WORDS_PER_MINUTE = 230


class Kind(models.TextChoices):
    """The label readers see. schema.org's subtype of NewsArticle for each is in articles.metadata."""

    REPORTING = "reporting", _("Reporting")
    ANALYSIS = "analysis", _("Analysis")
    OPINION = "opinion", _("Opinion")
    INTERVIEW = "interview", _("Interview")
    EXPLAINER = "explainer", _("Explainer")
    REVIEW = "review", _("Review")
    BRIEFING = "briefing", _("Briefing")


class ArticleQuerySet(PublicQuerySet):
    def published(self, at: datetime) -> "ArticleQuerySet":
        """What the public sees at an instant. The only place that decides it for a queryset."""
        return self.filter(status=State.PUBLISHED, published_at__lte=at)

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
        """With what a teaser shows, and without the bodies; names come with `with_bylines`."""
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


@Prepared
def tags_of(article: int) -> models.QuerySet[Tag]:
    return Tag.objects.filter(tagged__content_object=article).order_by("name")


class Article(Addressed):
    headline = models.CharField(_("headline"), max_length=200, validators=[MinLengthValidator(3)])
    slug = SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        validators=[not_feed],
        help_text=_("The last part of the address. When it changes, the old address leads to the new one for ever."),
    )
    dek = models.TextField(_("dek"), max_length=400, blank=True, help_text=_("The sentence under the headline."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.REPORTING)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), null=True, on_delete=models.PROTECT, related_name="articles"
    )
    lead_picture = models.ForeignKey(
        Picture,
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_articles",
    )
    lead_alt = models.CharField(
        _("alt text here"), max_length=300, blank=True, help_text=_("Instead of the picture’s own, in this article.")
    )
    lead_caption = models.CharField(
        _("caption here"), max_length=500, blank=True, help_text=_("Instead of the picture’s own, in this article.")
    )
    authors = models.ManyToManyField(Author, through="articles.Byline", related_name="articles")
    byline_override = models.CharField(
        _("byline in other words"),
        max_length=200,
        blank=True,
        help_text=_("Shown instead of the names: From our archive"),
    )
    tags = TaggableManager(through=TaggedArticle, blank=True, verbose_name=_("tags"), related_name="articles")
    related = models.ManyToManyField(
        "self", through="articles.RelatedPick", symmetrical=False, related_name="picked_by"
    )

    status = models.CharField(_("status"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("Empty: the moment you press Publish. In the future: it appears by itself then."),
    )
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

    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(_("description for search engines"), max_length=300, blank=True)
    canonical_url = models.URLField(
        _("canonical address"), blank=True, help_text=_("Only if the piece first appeared elsewhere.")
    )
    noindex = models.BooleanField(_("keep out of search engines"), default=False)

    # Derived from the body whenever it is saved.
    goes_on = models.BooleanField(editable=False, default=False, help_text=_("There is more to read than the opening."))
    word_count = models.PositiveIntegerField(_("words"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    saved_at = models.DateTimeField(_("last saved"), auto_now=True)

    # The long texts come last in the row too: what stands before them is read without them.
    body = models.TextField(_("body"), blank=True)
    # Derived: its first paragraphs, and what searches look in.
    opening = models.TextField(editable=False, blank=True)
    search_text = models.TextField(editable=False, blank=True)

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

    def settle_first_date(self, at: datetime) -> None:
        """Until a piece has appeared, the day it first appears is the day it is scheduled for, wherever that moves."""
        first = self.first_published_at
        if self.status == State.PUBLISHED and (first is None or first > at or first > self.published_at):
            self.first_published_at = self.published_at

    def derive(self) -> None:
        """Clean the body and make of it what pages and searches read."""
        self.body = html.clean(self.body)
        opening, rest = teasers.split(self.body)
        self.opening = teasers.without_ids(opening)
        self.goes_on = bool(rest)
        text = html.plain(self.body)
        self.word_count = html.word_count(self.body)
        self.search_text = search.fold(f"{self.headline}\n{self.dek}\n{text}")

    def publish(self, at: datetime, by: Any = None) -> None:
        """Publish its newest text, now or at its own date if that is set."""
        beside_live = self.status == State.PUBLISHED
        self.status, self.stage = workflow.move(self.status, self.stage, "publish")
        newest = self.latest_revision
        with transaction.atomic():
            if newest and beside_live:
                self.take(newest.content, save=False)
            self.published_at = self.published_at or at
            self.settle_first_date(at)
            self.live_revision = newest
            self.save()
            if newest:
                newest.mark(went_live_at=max(at, self.published_at), live_at=None)
            AuditEntry.objects.note("publish", self, by=by, at=at, number=newest and newest.number)

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

    def content(self) -> Content:
        """What the row holds, as a content."""
        found = {name: getattr(self, contents.KEYS.get(name, name)) for name in contents.COLUMNS}
        return contents.normal(
            {
                **found,
                "published_at": self.published_at,
                "bylines": list(self.bylines.values_list("author", "role")) if self.pk else [],
                "tags": list(self.tags.values_list("name", flat=True)) if self.pk else [],
                "related": list(self.related_picks().values_list("pk", flat=True)) if self.pk else [],
            }
        )

    def take(self, content: Content, save: bool = True) -> None:
        """Put a content in the row, in the caller's transaction; what it names and is gone by now is left out.

        A piece that readers never had goes without a slug of its own until then: it follows the headline.
        """
        content = contents.normal(content)
        before = self.content()
        for name in contents.COLUMNS:
            setattr(self, contents.KEYS.get(name, name), content[name])
        self.section_id = self._there(Section, content["section"], before["section"])
        self.lead_picture_id = self._there(Picture, content["lead_picture"], before["lead_picture"])
        self.published_at = contents.instant(content["published_at"])
        self.slug = content["slug"] or self.slug_from_headline(before["slug"])
        if save or self._state.adding:
            self.save()
        if content["bylines"] != before["bylines"]:
            authors = Author.objects.in_bulk([author for author, _role in content["bylines"]])
            self.set_credits(Credit(authors[pk], role) for pk, role in content["bylines"] if pk in authors)
        if content["tags"] != before["tags"]:
            self.tags.set(content["tags"])
        if content["related"] != before["related"]:
            others = Article.objects.exclude(pk=self.pk).in_bulk(content["related"])
            self.set_related(others[pk] for pk in content["related"] if pk in others)

    take.alters_data = True

    def _there(self, model: type[models.Model], wanted: int | None, before: int | None) -> int | None:
        """The number, or None where nothing has it any more."""
        return wanted if wanted is None or wanted == before or model.objects.filter(pk=wanted).exists() else None

    def slug_from_headline(self, before: str) -> str:
        base = slug_of(self.headline) or "article"
        fits = before == base or (before.startswith(f"{base}-") and before.removeprefix(f"{base}-").isdecimal())
        return before if fits else self.free_slug()

    def look_up_tags(self) -> None:
        """Know the tags from here on, in the order of their names, by one prepared query."""
        self.keep_rows("tags", list(tags_of(self)))

    def keep_rows(self, relation: str, rows: list[models.Model]) -> None:
        """Answer from these rows where the relation is asked for, as after prefetch_related."""
        self.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows

    def credits(self) -> list[Credit]:
        return [Credit(byline.author, byline.role) for byline in self.bylines.all()]

    def set_credits(self, names: Iterable[Credit]) -> None:
        """The byline in this order. The caller saves the article, in the same transaction."""
        rows = [Byline(article=self, author=author, role=role, position=n) for n, (author, role) in enumerate(names, 1)]
        with transaction.atomic():
            self.bylines.all().delete()
            Byline.objects.bulk_create(rows)

    set_credits.alters_data = True

    def related_picks(self) -> ArticleQuerySet:
        """What staff picked by hand, in order, whatever its state."""
        return Article.objects.filter(picks_of__article=self).order_by("picks_of__position")

    def set_related(self, articles: Iterable["Article"]) -> None:
        """The hand-picked related articles in this order. The caller saves the article, in the same transaction."""
        rows = [RelatedPick(article=self, other=other, position=n) for n, other in enumerate(articles, 1)]
        with transaction.atomic():
            self.picks.all().delete()
            RelatedPick.objects.bulk_create(rows)

    set_related.alters_data = True

    def clean(self) -> None:
        if not self.slug:
            self.slug = self.free_slug()
        super().clean()
        if self.status == State.PUBLISHED and self.published_at is None:
            raise ValidationError({"published_at": _("A published article has a date.")})

    def free_slug(self) -> str:
        """A slug from the headline that no other article has."""
        base = slug_of(self.headline) or "article"
        others = Article.objects.filter(slug__startswith=base).exclude(pk=self.pk)
        return free_slug(base, set(others.values_list("slug", flat=True)))

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_PER_MINUTE))

    @property
    def lead_alt_text(self) -> str:
        return self.lead_alt or (self.lead_picture.alt if self.lead_picture else "")

    @property
    def lead_caption_text(self) -> str:
        return self.lead_caption or (self.lead_picture.caption if self.lead_picture else "")

    @property
    def shown_update(self) -> datetime | None:
        """The date of the last material change, where it came after publication."""
        return (
            self.updated_at if self.updated_at and self.published_at and self.updated_at > self.published_at else None
        )
