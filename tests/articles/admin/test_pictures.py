import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from articles import making
from articles.models import Picture
from tests.articles.admin.browser import send
from tests.factories import NOON, make_article, make_author, make_picture, picture_file

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/picture/add/"


def form_of(picture: Picture) -> str:
    return f"/admin/articles/picture/{picture.pk}/change/"


def uploaded(name: str = "IMG_2034.PNG", content: bytes = b"", **file) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture_file(**file))


def test_a_picture_is_uploaded_with_its_words(desk):
    send(desk, ADD, "picture_form", upload=uploaded(), alt="A boat at low tide", credit="Photograph: Ana", focal_x="30")
    picture = Picture.objects.get()
    assert (picture.alt, picture.credit) == ("A boat at low tide", "Photograph: Ana")
    assert (picture.focal_x, picture.focal_y) == (30, 50)
    assert picture.uploaded_by.username == "chief"
    assert "IMG_2034" not in picture.file.name


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (uploaded("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), "not a picture we can read"),
        (uploaded("a.png", b"no picture"), "not a picture we can read"),
        (uploaded("a.png", picture_file()[:40]), "damaged"),
        (uploaded("a.jpg", b"\xff\xd8\xff" + b"\x00" * 100), ""),
        ("", "This field is required"),
        ("a text", "This field is required"),
    ],
)
def test_what_is_no_picture_is_refused_with_words(desk, file, words):
    answer = send(desk, ADD, "picture_form", upload=file, alt="A boat")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize("alt", ["IMG_2034.jpg", "dsc0001", ""])
def test_an_alt_text_says_what_the_picture_shows(desk, alt):
    answer = send(desk, ADD, "picture_form", upload=uploaded(), alt=alt)
    assert "errorlist" in answer.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize("across", ["101", "-1", "x", "9" * 30])
def test_a_focal_point_lies_in_the_picture(desk, across):
    answer = send(desk, ADD, "picture_form", upload=uploaded(), alt="A boat", focal_x=across)
    assert "errorlist" in answer.content.decode()


def test_words_are_changed_without_a_new_file(desk):
    picture = make_picture()
    send(desk, form_of(picture), "picture_form", alt="Other words")
    again = Picture.objects.get()
    assert (again.alt, again.file.name) == ("Other words", picture.file.name)


def test_another_file_takes_the_place_of_the_first_which_is_gone(desk, django_capture_on_commit_callbacks):
    picture = make_picture(colour="red")
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, form_of(picture), "picture_form", upload=uploaded(size=(80, 20), colour="blue"))
    again = Picture.objects.get()
    assert (again.width, again.height) == (80, 20)
    assert default_storage.exists(again.file.name)
    assert not default_storage.exists(picture.file.name)


def test_a_file_refused_leaves_the_first_in_its_place(desk):
    picture = make_picture()
    send(desk, form_of(picture), "picture_form", upload=uploaded(content=b"no picture"))
    assert Picture.objects.get().sha256 == picture.sha256
    assert default_storage.exists(picture.file.name)


def test_the_same_picture_twice_is_pointed_out(desk):
    first = make_picture(alt="The first of them")
    answer = send(desk, ADD, "picture_form", upload=uploaded(), alt="The second")
    assert f'<a href="{form_of(first)}">The first of them</a>' in answer.content.decode()


def test_a_picture_says_where_it_is_used_and_is_not_deleted_there(desk):
    picture = make_picture()
    make_article(headline="With a picture", lead_picture=picture)
    author = make_author(name="Ana")
    author.portrait = picture
    author.save()
    text = desk.get(form_of(picture)).content.decode()
    assert "With a picture" in text
    assert "Ana" in text
    answer = desk.post(f"/admin/articles/picture/{picture.pk}/delete/", {"post": "yes"})
    assert "would require deleting the following protected related objects" in answer.content.decode()
    assert Picture.objects.exists()


def test_a_deleted_picture_takes_its_file_along(desk, django_capture_on_commit_callbacks):
    one, two = make_picture(colour="red"), make_picture(colour="blue")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/articles/picture/{one.pk}/delete/", {"post": "yes"})
        desk.post(
            "/admin/articles/picture/", {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
        )
    assert not Picture.objects.exists()
    assert not default_storage.exists(one.file.name)
    assert not default_storage.exists(two.file.name)


def kept_renditions(storage, picture: Picture) -> set[str]:
    return making.names_in(storage, picture.folder)


def test_the_worker_is_asked_for_renditions_when_they_have_to_be_others(desk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, ADD, "picture_form", upload=uploaded(), alt="A boat at low tide")
    picture = Picture.objects.get()
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [[picture.pk, picture.key]]
    making.mark_made([picture], NOON)
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, form_of(picture), "picture_form", alt="Other words")
    assert DBTaskResult.objects.count() == 1


def test_another_focal_point_and_deletion_take_the_renditions_along(desk, storage, django_capture_on_commit_callbacks):
    picture = make_picture()
    making.make_all(picture)
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, form_of(picture), "picture_form", focal_x="20")
    changed = Picture.objects.get()
    assert changed.key != picture.key
    assert kept_renditions(storage, picture) == set()
    making.make_all(changed)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/articles/picture/{picture.pk}/delete/", {"post": "yes"})
    assert kept_renditions(storage, changed) == set()
    assert not storage.exists(changed.file.name)


def test_lists_of_the_desk_load_small_ones(desk):
    picture = make_picture()
    listed = desk.get("/admin/articles/picture/").content.decode()
    assert picture.facts.thumbnail in listed
    assert picture.file.url not in listed
