"""What is written of an article: the fields of its content, and what is made of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles import html, search, teasers
from articles.addresses import free_slug, not_feed, slug_of
from articles.models import content as contents
from articles.models.author import Author
from articles.models.byline import Byline, Credit, RelatedPick
from articles.models.content import Content
from articles.models.picture import Picture
from articles.models.redirect import Addressed
from articles.models.section import Section
from articles.models.slug import SlugField
from articles.models.tag import Tag, TaggedArticle
from articles.prepared import Prepared

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


@Prepared
def tags_of(article: int) -> models.QuerySet[Tag]:
    return Tag.objects.filter(tagged__content_object=article).order_by("name")


class Piece(Addressed):
    """The columns of a content, bylines, tags and picks, and what pages and searches read of them."""

    first_published_at: datetime | None

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
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("Empty: the moment you press Publish. In the future: it appears by itself then."),
    )
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(_("description for search engines"), max_length=300, blank=True)
    canonical_url = models.URLField(
        _("canonical address"), blank=True, help_text=_("Only if the piece first appeared elsewhere.")
    )
    noindex = models.BooleanField(_("keep out of search engines"), default=False)

    # Derived from the body whenever it is saved.
    goes_on = models.BooleanField(editable=False, default=False, help_text=_("There is more to read than the opening."))
    word_count = models.PositiveIntegerField(_("words"), default=0, editable=False)

    # The long texts come last in the row too: what stands before them is read without them.
    body = models.TextField(_("body"), blank=True)
    # Derived: its first paragraphs, and what searches look in.
    opening = models.TextField(editable=False, blank=True)
    search_text = models.TextField(editable=False, blank=True)

    class Meta:
        abstract = True

    def derive(self) -> None:
        """Clean the body and make of it what pages and searches read."""
        self.body = html.clean(self.body)
        opening, rest = teasers.split(self.body)
        self.opening = teasers.without_ids(opening)
        self.goes_on = bool(rest)
        text = "\n".join([html.plain(self.body), *map(html.plain, html.notes(self.body))])
        self.word_count = html.word_count(self.body)
        self.search_text = search.fold(f"{self.headline}\n{self.dek}\n{text}")

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

        A piece that readers never had goes without a slug of its own until then: it follows the headline. One that they
        had keeps its slug and date where an earlier text has none.
        """
        content = contents.normal(content)
        before = self.content()
        for name in contents.COLUMNS:
            setattr(self, contents.KEYS.get(name, name), content[name])
        self.section_id = self._there(Section, content["section"], before["section"])
        self.lead_picture_id = self._there(Picture, content["lead_picture"], before["lead_picture"])
        had = self.first_published_at is not None
        self.published_at = contents.instant(content["published_at"] or (before["published_at"] if had else None))
        self.slug = content["slug"] or (before["slug"] if had else self.slug_from_headline(before["slug"]))
        if save or self._state.adding:
            self.save()
        if content["bylines"] != before["bylines"]:
            authors = Author.objects.in_bulk([author for author, _role in content["bylines"]])
            self.set_credits(Credit(authors[pk], role) for pk, role in content["bylines"] if pk in authors)
        if content["tags"] != before["tags"]:
            self.tags.set(content["tags"])
        if content["related"] != before["related"]:
            others = type(self).objects.exclude(pk=self.pk).in_bulk(content["related"])
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

    def related_picks(self) -> models.QuerySet[Any]:
        """What staff picked by hand, in order, whatever its state."""
        return type(self).objects.filter(picks_of__article=self).order_by("picks_of__position")

    def set_related(self, articles: Iterable[models.Model]) -> None:
        """The hand-picked related articles in this order. The caller saves the article, in the same transaction."""
        rows = [RelatedPick(article=self, other=other, position=n) for n, other in enumerate(articles, 1)]
        with transaction.atomic():
            self.picks.all().delete()
            RelatedPick.objects.bulk_create(rows)

    set_related.alters_data = True

    def free_slug(self) -> str:
        """A slug from the headline that no other article has."""
        base = slug_of(self.headline) or "article"
        others = type(self).objects.filter(slug__startswith=base).exclude(pk=self.pk)
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
