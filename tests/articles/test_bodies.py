"""Bodies with the pictures and articles of the database: what may be shown, when, and at what cost."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from articles import bodies
from articles.models import Article, PictureUse
from articles.rights import Use
from tests.factories import NOON, make_article, make_picture

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def figure(picture, alt: str = "", caption: str = "") -> str:
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure data-picture="{picture.pk}"><img src="{picture.file.url}" alt="{alt}">{caption}</figure>'


def insert(article: Article) -> str:
    return f'<p data-article="{article.pk}"><a href="{article.get_absolute_url()}">Old headline</a></p>'


def test_a_body_without_blocks_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bodies.shown("<p>One.</p>", NOON) == "<p>One.</p>"


def test_however_much_bodies_name_two_queries_look_it_up(django_assert_num_queries):
    pictures = [make_picture(colour=colour) for colour in ("red", "green", "blue")]
    others = [make_article() for _ in range(3)]
    body = "".join([*map(figure, pictures), *map(insert, others)])
    with django_assert_num_queries(2):
        shown = bodies.shown(body, LATER)
    assert shown.count("<picture>") == 3
    assert shown.count('class="insert"') == 3


def test_the_credit_stands_where_the_picture_does():
    picture = make_picture(credit="Photograph: <Ann>")
    assert "Photograph: &lt;Ann&gt;" in bodies.shown(figure(picture), NOON)
    picture.credit_url = "https://ann.example/"
    picture.save()
    assert '<a href="https://ann.example/" rel="noopener">Photograph: &lt;Ann&gt;</a>' in bodies.shown(
        figure(picture), NOON
    )


def test_an_alt_text_is_this_uses_or_the_pictures_own_and_nothing_for_what_is_decorative():
    picture = make_picture(alt="A lamp")
    assert 'alt="Two lamps"' in bodies.shown(figure(picture, alt="Two lamps"), NOON)
    assert 'alt="A lamp"' in bodies.shown(figure(picture), NOON)
    picture.decorative = True
    picture.save()
    assert 'alt=""' in bodies.shown(figure(picture), NOON)


def test_a_picture_is_gone_from_the_instant_its_rights_end():
    picture = make_picture()
    picture.expires_at = LATER
    picture.save()
    body = figure(picture, caption="At dawn") + "<p>x</p>"
    assert "At dawn" in bodies.shown(body, LATER - timedelta(microseconds=1))
    assert bodies.shown(body, LATER) == "<p>x</p>"


def test_a_picture_is_left_out_where_it_may_not_be_used():
    picture = make_picture()
    picture.in_feeds = False
    picture.save()
    article = make_article(body=figure(picture) + "<p>x</p>")
    named = bodies.gather([article.body], NOON, Use.FEEDS)
    assert bodies.in_feed(article, named, "https://m.example/a/") == "<p>x</p>"
    assert "<picture" in bodies.shown(article.body, NOON)
    assert "<img" in bodies.in_mail(article.body, NOON, "https://m.example/")


def test_feeds_and_mail_get_one_file_with_a_whole_address():
    article = make_article(body=figure(make_picture()))
    named = bodies.gather([article.body], NOON, Use.FEEDS)
    for text in (
        bodies.in_feed(article, named, "https://m.example/a/"),
        bodies.in_mail(article.body, NOON, "https://m.example/"),
    ):
        assert '<img src="https://m.example/' in text
        assert "Photograph: Somebody" in text
        assert "<source" not in text


def test_an_insert_names_only_what_is_public_at_the_instant():
    other = make_article(headline="The new headline", published_at=LATER)
    body = insert(other)
    assert bodies.shown(body, LATER - timedelta(seconds=1)) == ""
    assert "The new headline" in bodies.shown(body, LATER)
    other.unpublish()
    assert bodies.shown(body, LATER) == ""


def test_the_headline_in_an_insert_is_not_found_by_a_search_and_describes_nothing(client):
    draft = make_article(published=False)
    piece = make_article(body=insert(draft).replace("Old headline", "Secretly") + "<p>Words.</p>", dek="")
    assert "secretly" not in piece.search_text
    for address in (piece.get_absolute_url(), "/latest/", "/feed/", "/search/?q=secretly", piece.get_rest_url()):
        page = client.get(address).content.decode()
        assert "Secretly" not in page


def test_what_a_note_says_is_found_and_not_counted():
    piece = make_article(body='<p>One two.<sup data-note="">Heron</sup></p>')
    assert piece.word_count == 2
    assert "heron" in piece.search_text


def test_a_picture_in_a_body_is_kept_from_being_deleted():
    picture, other = make_picture(), make_picture(colour="red")
    article = make_article(body=figure(picture) + figure(picture))
    assert [use.article for use in PictureUse.objects.of(picture)] == [article]
    with pytest.raises(ProtectedError):
        picture.delete()

    article.body = figure(other)
    article.save()
    assert not PictureUse.objects.of(picture).exists()
    picture.delete()

    article.delete()
    other.delete()


def test_a_picture_that_is_not_there_breaks_nothing():
    article = make_article(body='<figure data-picture="987654321"><img src="/x.png" alt=""></figure><p>x</p>')
    assert bodies.shown(article.body, NOON) == "<p>x</p>"
    assert not PictureUse.objects.exists()


def test_a_published_text_brings_its_uses_along():
    picture = make_picture()
    article = make_article()
    article.take({**article.content(), "body": figure(picture)})
    assert PictureUse.objects.of(picture).count() == 1


LONG = "".join(f"<p>Paragraph {n} with a few words to read in it.</p>" for n in range(30))


def test_a_piece_with_everything_is_read_in_lists_and_feeds_and_its_rest_has_the_notes(client):
    picture, other = make_picture(), make_article()
    body = f'<p>Early.<sup data-note="">First note</sup></p>{LONG}{figure(picture)}{insert(other)}'
    body += '<p>Late.<sup data-note="">Second note</sup></p>'
    article = make_article(body=body, published_at=LATER)

    page = client.get(article.get_absolute_url()).content.decode()
    assert page.index('href="#note~1"') < page.index('href="#note~2"') < page.index('id="note~1"')
    assert "<picture>" in page

    listed = client.get("/latest/").content.decode()
    assert f'href="{article.get_absolute_url()}#note~1"' in listed
    assert f'id="article-{article.pk}-note~1~text"' in listed
    assert "First note" not in listed

    rest = client.get(article.get_rest_url()).content.decode()
    assert "First note" in rest
    assert "Second note" in rest
    assert 'href="#note~2"' in rest
    assert "<picture>" in rest

    feed = client.get("/feed/").content.decode()
    assert "Second note" in feed
    assert "#note~2~text" in feed
