"""What waits for one person at the desk, and how they want to be told of it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import notices
from articles.admin.reach import number_in
from articles.models import Notice, StaffMember
from articles.roles import may


class ChoiceForm(forms.ModelForm):
    class Meta:
        model = StaffMember
        fields = ["mail"]
        labels = {"mail": _("Mail about what waits for you")}
        widgets = {"mail": forms.RadioSelect}


def page(request: HttpRequest) -> HttpResponse:
    """The person's own notices and choice, nobody else's."""
    if not may(request.user, "view"):
        raise PermissionDenied
    if "done" in request.POST:
        Notice.objects.filter(pk=number_in(request.POST["done"]), user=request.user).delete()
        return redirect("mine")
    known = StaffMember.objects.filter(user=request.user).first() or StaffMember(user=request.user)
    form = ChoiceForm(request.POST if request.method == "POST" else None, instance=known)
    if form.is_valid():
        choose(request.user, form.cleaned_data["mail"])
        messages.success(request, _("From now on you are told like this."))
        return redirect("mine")
    context = {
        **admin.site.each_context(request),
        "title": _("For you"),
        "form": form,
        "inbox": [(notice, notices.address_of(notice)) for notice in notices.inbox(request.user, timezone.now())],
    }
    return TemplateResponse(request, "admin/mine.html", context)


def choose(user, mail: str) -> None:
    """What was set for the login beside it stays, whoever sets it at the same moment."""
    StaffMember.objects.update_or_create(user=user, defaults={"mail": mail})
