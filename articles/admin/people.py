"""Logins and roles. Nobody gives rights that they do not have, or touches a login that has more than theirs, and the
last door to the admin stays open."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import Choices, DeskAdmin
from articles.models import StaffMember
from articles.roles import may_manage

LAST_DOOR = _("Nobody else could open every door then: give another login “superuser” and “staff” status first.")


# ---------------------------------------------------------------- who stands above whom


def rights_of(user: Any) -> set[int]:
    """The permissions of a login by number, from its roles and its own; of one that is switched off too."""
    return set(Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list("pk", flat=True))


def gives(user: Any) -> QuerySet[Permission]:
    """The permissions a person may hand on."""
    return Permission.objects.all() if user.is_superuser else Permission.objects.filter(pk__in=rights_of(user))


def roles_of(user: Any) -> QuerySet[Group]:
    """The roles a person may hand on: those that hold nothing beyond their own rights."""
    beyond = Permission.objects.exclude(pk__in=gives(user).values("pk"))
    return Group.objects.exclude(permissions__in=beyond).order_by("pk")


def is_above(login: Any, user: Any) -> bool:
    """Whether a login may do something that the person may not."""
    if user.is_superuser:
        return False
    return login.is_superuser or not rights_of(login) <= rights_of(user)


def is_last_door(*logins: Any) -> bool:
    """Whether without these nobody who may do everything could log in."""
    keepers = User.objects.filter(is_active=True, is_staff=True, is_superuser=True)
    keepers = keepers.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    numbers = {login.pk for login in logins}
    return keepers.filter(pk__in=numbers).exists() and not keepers.exclude(pk__in=numbers).exists()


# ---------------------------------------------------------------- forms


class LoginForm(UserChangeForm):
    acting: Any = None
    """The person before the form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "groups" in self.fields:
            self.fields["groups"].queryset = roles_of(self.acting)
        if "user_permissions" in self.fields:
            self.fields["user_permissions"].queryset = gives(self.acting).select_related("content_type")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        marks = ("is_active", "is_staff", "is_superuser")
        stays = all(cleaned.get(mark, getattr(self.instance, mark)) for mark in marks)
        if not stays and is_last_door(self.instance):
            raise ValidationError(LAST_DOOR)
        return cleaned


class PasswordForm(AdminPasswordChangeForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.cleaned_data.get("set_usable_password", True) and is_last_door(self.user):
            self.add_error("usable_password", LAST_DOOR)
        return cleaned


class RoleForm(forms.ModelForm):
    acting: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "permissions" in self.fields:
            self.fields["permissions"].queryset = gives(self.acting).select_related("content_type")


# ---------------------------------------------------------------- their pages


class Guarded(DeskAdmin):
    """What logins and roles have in common: those who may manage them do, and only up to their own rights."""

    def is_above(self, thing: Any, user: Any) -> bool:
        raise NotImplementedError

    def may(self, request, allowed: bool, thing: Any) -> bool:
        return allowed and may_manage(request.user) and (thing is None or not self.is_above(thing, request.user))

    def has_add_permission(self, request):
        return self.may(request, super().has_add_permission(request), None)

    def has_change_permission(self, request, obj=None):
        return self.may(request, super().has_change_permission(request, obj), obj)

    def has_delete_permission(self, request, obj=None):
        return self.may(request, super().has_delete_permission(request, obj), obj)

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change=change, **options)
        form.acting = request.user
        return form


class DeskInline(admin.StackedInline):
    model = StaffMember
    fields = ["sections", "mail"]
    can_delete = False
    extra, min_num, max_num = 0, 1, 1

    def formfield_for_manytomany(self, db_field, request, **options):
        sections = {"form_class": Choices, "widget": forms.CheckboxSelectMultiple}
        return super().formfield_for_manytomany(db_field, request, **{**options, **sections})

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and db_field.is_relation:
            field.widget.can_add_related = False  # a section has its own place
        return field


admin.site.unregister([Group, User])  # Django's own, in whose place ours stand


@admin.register(User)
class UserAdmin(Guarded, DjangoUserAdmin):
    form = LoginForm
    change_password_form = PasswordForm
    inlines = [DeskInline]
    list_display = ["username", "name", "email", "roles", "limits", "is_active", "last_login"]
    list_filter = ["groups", "is_active", "is_staff", "is_superuser"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personal info"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("What this person may do"),
            {
                "fields": ["is_active", "is_staff", "groups", "is_superuser"],
                "description": _(
                    "Staff status lets a person log in here and allows nothing more. What they may do comes with a "
                    "role: a contributor writes, an editor reviews, a publisher publishes, an administrator makes "
                    "logins. One role is enough; each holds what those before it may do."
                ),
            },
        ),
        (
            _("Single rights besides the role"),
            {"fields": ["user_permissions"], "classes": ["collapse"]},
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request):
        people = super().get_queryset(request).select_related("staff_member")
        return people.prefetch_related("groups", "staff_member__sections")

    def is_above(self, thing, user):
        return is_above(thing, user)

    def get_fieldsets(self, request, obj=None):
        """Only a superuser makes one; and nobody looks at the traces of a password that they may not set."""
        hidden = set() if request.user.is_superuser else {"is_superuser"}
        if obj and not self.has_change_permission(request, obj):
            hidden |= {"password"}
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def formfield_for_manytomany(self, db_field, request, **options):
        if db_field.name == "groups":
            words = {"label": _("Roles"), "help_text": "", "widget": forms.CheckboxSelectMultiple}
            return super().formfield_for_manytomany(db_field, request, **{**options, **words})
        return super().formfield_for_manytomany(db_field, request, **options)

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *([LAST_DOOR] if is_last_door(*objs) else [])]

    def words_of(self, thing, message):
        """The log says which roles the login has from now on."""
        return f"{super().words_of(thing, message)} ({self.roles(thing) or _('no role')})" if thing.pk else ""

    @admin.display(description=_("Name"), ordering="last_name")
    def name(self, user):
        return user.get_full_name()

    @admin.display(description=_("Roles"))
    def roles(self, user):
        names = [group.name for group in user.groups.all()]
        return ", ".join([str(_("Superuser")), *names] if user.is_superuser else names)

    @admin.display(description=_("Only these sections"))
    def limits(self, user):
        member = getattr(user, "staff_member", None)
        return ", ".join(section.name for section in member.sections.all()) if member else ""


@admin.register(Group)
class RoleAdmin(Guarded, DjangoGroupAdmin):
    form = RoleForm

    def is_above(self, thing, user):
        return thing.permissions.exclude(pk__in=gives(user).values("pk")).exists()

    def words_of(self, thing, message):
        """The log says what the role may do from now on."""
        codes = thing.permissions.order_by("content_type__app_label", "codename")
        names = codes.values_list("content_type__app_label", "codename")
        return f"{super().words_of(thing, message)} ({', '.join(f'{app}.{code}' for app, code in names)})"
