"""Logins and roles: nobody gives more than they have, and there is always somebody who can open every door."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from articles.models import AuditEntry, StaffMember
from tests.articles.admin.browser import fields_of
from tests.factories import make_person, make_section, make_user

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


def change(user) -> str:
    return f"/admin/auth/user/{user.pk}/change/"


def send(client, user, **changes):
    where = change(user)
    return client.post(where, {**fields_of(client.get(where), "user_form"), **changes}, follow=True)


@pytest.fixture
def administrator(client):
    client.force_login(make_person(role="Administrator", username="admin"))
    return client


# ---------------------------------------------------------------- what an administrator does


def test_an_administrator_makes_a_login_and_gives_it_a_role_and_a_section(administrator):
    coast, editors = make_section(name="Coast"), Group.objects.get(name="Editor")
    secret = "a wholly new secret"
    fields = {"username": "ann", "usable_password": "true", "password1": secret, "password2": secret}
    administrator.post("/admin/auth/user/add/", fields)
    ann = User.objects.get(username="ann")
    marks = {"is_staff": "on", "groups": [editors.pk], "staff_member-0-sections": [coast.pk]}
    send(administrator, ann, **marks, **{"staff_member-0-mail": "daily"})
    ann.refresh_from_db()
    assert ann.is_staff
    assert list(ann.groups.all()) == [editors]
    member = StaffMember.objects.get(user=ann)
    assert list(member.sections.all()) == [coast]
    assert member.mail == "daily"


def test_what_is_done_to_logins_and_roles_is_in_the_audit_log(administrator):
    ann = make_person(role="Editor", username="ann")
    send(administrator, ann, groups=[Group.objects.get(name="Publisher").pk])
    secret = {"usable_password": "true", "password1": "a wholly new secret", "password2": "a wholly new secret"}
    administrator.post(f"/admin/auth/user/{ann.pk}/password/", secret)
    role = Group.objects.create(name="Sub-editor")
    administrator.post(f"/admin/auth/group/{role.pk}/change/", {"name": "Sub-editors"})
    administrator.post(f"/admin/auth/user/{ann.pk}/delete/", {"post": "yes"})
    noted = [(entry.deed, entry.kind, entry.note) for entry in AuditEntry.objects.order_by("pk")]
    assert [(deed, kind) for deed, kind, _note in noted] == [
        ("change", "auth.user"),
        ("change", "auth.user"),
        ("change", "auth.group"),
        ("delete", "auth.user"),
    ]
    assert "(Publisher)" in noted[0][2]
    assert "password" in noted[1][2]
    assert {entry.actor for entry in AuditEntry.objects.all()} == {"admin"}


def test_the_list_says_who_has_which_role_and_is_narrowed_by_it(administrator):
    make_person(role="Editor", username="ann", sections=(make_section(name="Coast"),))
    make_person(role="Contributor", username="bob")
    page = administrator.get("/admin/auth/user/").content.decode()
    assert "Contributor" in page
    assert "Coast" in page
    editors = Group.objects.get(name="Editor").pk
    found = administrator.get(f"/admin/auth/user/?groups__id__exact={editors}").context["cl"].result_list
    assert [user.username for user in found] == ["ann"]


# ---------------------------------------------------------------- nobody gives more than they have


def test_an_administrator_makes_no_superuser(administrator):
    ann = make_person(role="Editor", username="ann")
    assert 'name="is_superuser"' not in administrator.get(change(ann)).content.decode()
    send(administrator, ann, is_superuser="on")
    send(administrator, User.objects.get(username="admin"), is_superuser="on")
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("awake", [True, False])
def test_an_administrator_does_not_touch_a_superuser(administrator, awake):
    chief = make_user(username="chief")
    User.objects.filter(pk=chief.pk).update(is_active=awake)
    chief.refresh_from_db()
    page = administrator.get(change(chief))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert "md5" not in page.content.decode(), "nor see the traces of the password"
    before = User.objects.filter(pk=chief.pk).values().get()
    secret = {"usable_password": "true", "password1": "a wholly new secret", "password2": "a wholly new secret"}
    for where, fields in [
        (change(chief), {"username": "mine"}),
        (f"/admin/auth/user/{chief.pk}/password/", secret),
        (f"/admin/auth/user/{chief.pk}/delete/", {"post": "yes"}),
    ]:
        assert administrator.post(where, fields).status_code == 403
    fields = {"action": "delete_selected", "_selected_action": [chief.pk], "post": "yes"}
    assert administrator.post("/admin/auth/user/", fields).status_code in {200, 403}
    assert User.objects.filter(pk=chief.pk).values().get() == before


def test_an_administrator_gives_no_right_that_they_do_not_have(administrator):
    ann, beyond = make_person(role="Editor", username="ann"), Permission.objects.get(codename="delete_logentry")
    chiefs = Group.objects.create(name="Chiefs")
    chiefs.permissions.add(beyond)
    send(administrator, ann, user_permissions=[beyond.pk])
    send(administrator, ann, groups=[chiefs.pk])
    send(administrator, User.objects.get(username="admin"), groups=[chiefs.pk])
    own = Group.objects.get(name="Administrator")
    administrator.post(f"/admin/auth/group/{own.pk}/change/", {"name": own.name, "permissions": [beyond.pk]})
    administrator.post("/admin/auth/group/add/", {"name": "Mine", "permissions": [beyond.pk]})
    assert not User.objects.filter(user_permissions=beyond).exists()
    assert not chiefs.user_set.exists()
    assert list(beyond.group_set.all()) == [chiefs]


def test_a_login_or_role_with_a_right_beyond_theirs_is_out_of_their_reach(administrator):
    ann, beyond = make_person(role="Editor", username="ann"), Permission.objects.get(codename="delete_logentry")
    ann.user_permissions.add(beyond)
    chiefs = Group.objects.create(name="Chiefs")
    chiefs.permissions.add(beyond)
    assert administrator.post(change(ann), {"username": "ann2"}).status_code == 403
    assert administrator.post(f"/admin/auth/group/{chiefs.pk}/change/", {"name": "x"}).status_code == 403
    assert administrator.post(f"/admin/auth/group/{chiefs.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="Chiefs").exists()


def test_an_administrator_of_some_sections_manages_nobody(client):
    """They could lift their own limit."""
    limited = make_person(role="Administrator", sections=(make_section(),))
    client.force_login(limited)
    other = make_person(role="Editor")
    assert client.get(change(other)).status_code == 200
    for user in (limited, other):
        assert client.post(change(user), {"username": "x"}).status_code == 403
    assert client.get("/admin/auth/user/add/").status_code == 403
    assert client.post("/admin/auth/group/add/", {"name": "x"}).status_code == 403
    assert StaffMember.objects.get(user=limited).sections.count() == 1


# ---------------------------------------------------------------- the last door


@pytest.mark.parametrize("mark", ["is_active", "is_staff", "is_superuser"])
def test_the_last_superuser_does_not_lock_themselves_out(desk, mark):
    chief = User.objects.get(username="chief")
    fields = fields_of(desk.get(change(chief)), "user_form")
    del fields[mark]
    assert "Nobody else could open every door" in desk.post(change(chief), fields).content.decode()
    make_user(username="second")
    desk.post(change(chief), fields)
    chief.refresh_from_db()
    assert not getattr(chief, mark)


@pytest.mark.parametrize("way", ["delete", "list", "password"])
def test_nor_by_deleting_the_login_or_its_password(desk, way):
    chief = User.objects.get(username="chief")
    make_user(username="asleep")
    User.objects.filter(username="asleep").update(is_active=False)
    if way == "delete":
        answer = desk.post(f"/admin/auth/user/{chief.pk}/delete/", {"post": "yes"})
    elif way == "list":
        numbers = list(User.objects.values_list("pk", flat=True))
        answer = desk.post(
            "/admin/auth/user/", {"action": "delete_selected", "_selected_action": numbers, "post": "yes"}
        )
    else:
        fields = {"usable_password": "false", "unset-password": "1", "password1": "", "password2": ""}
        answer = desk.post(f"/admin/auth/user/{chief.pk}/password/", fields)
    assert "Nobody else could open every door" in answer.content.decode()
    chief.refresh_from_db()
    assert chief.has_usable_password()


# ---------------------------------------------------------------- odd input


@pytest.mark.parametrize("odd", [HUGE, "-1", "x", "\x00", "1.5", "٣"])
def test_a_forged_choice_is_an_error_in_words(desk, odd):
    ann, role = make_person(role="Editor", username="ann"), Group.objects.get(name="Editor")
    for field in ("groups", "user_permissions", "staff_member-0-sections"):
        assert send(desk, ann, **{field: [odd]}).status_code == 200
    answer = desk.post(f"/admin/auth/group/{role.pk}/change/", {"name": role.name, "permissions": [odd]})
    assert answer.status_code == 200
    assert list(ann.groups.all()) == [role]
    assert not StaffMember.objects.filter(sections__isnull=False).exists()


@pytest.mark.parametrize("odd", [HUGE, "x", "%00", "-1"])
def test_a_login_that_cannot_be_is_not_found(desk, odd):
    assert desk.get(f"/admin/auth/user/{odd}/change/").status_code in {302, 404}
    assert desk.get(f"/admin/auth/user/{odd}/password/").status_code in {302, 404}
    assert desk.get(f"/admin/auth/user/?groups__id__exact={odd}").status_code in {200, 302}
