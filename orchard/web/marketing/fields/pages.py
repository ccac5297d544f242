"""The list of a company's own fields, and the forms by which they are declared, changed and put away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.contacts import actions, queries
from orchard.contacts.types import Entity, FieldType
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web import permissions
from orchard.web.marketing.fields import forms
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the fields, those put away last."""
    return render(
        request,
        "fields/list.html",
        {
            "fields": queries.declared_fields(),
            "types": dict(forms.TYPES),
            "may_change": permissions.may_open(member_of(request), "fields:change"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Declare a field."""
    form = forms.New(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        if _declared(
            request,
            form,
            entity=Entity(given["entity"]),
            name=given["name"],
            type=FieldType(given["type"]),
            choices=given["choices"] if given["type"] == FieldType.CHOICE else (),
        ):
            return redirect("fields:list")
    return render(request, "fields/edit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, field_id: int) -> HttpResponse:
    """Give a field another label or other choices."""
    field = queries.custom_field(field_id)
    form = forms.Known(posted(request), initial={"label": field.label, "choices": "\n".join(field.choices)})
    if field.type != FieldType.CHOICE:
        del form.fields["choices"]
    if form.is_valid() and _declared(
        request,
        form,
        entity=Entity(field.entity),
        name=field.name,
        type=FieldType(field.type),
        choices=form.cleaned_data.get("choices", ()),
    ):
        return redirect("fields:list")
    context = {"form": form, "field": field, "holds": dict(forms.TYPES)[field.type]}
    return render(request, "fields/edit.html", context, status=422 if form.errors else 200)


@require_POST
def archive(request: HttpRequest, field_id: int) -> HttpResponse:
    """Put a field away; its values stay."""
    actions.archive_custom_field(field_id=field_id, now=clock.now(), actor_id=member_of(request).id)
    undo = reverse("fields:restore", args=[field_id])
    toasts.say(request, _("The field is put away. What it holds stays."), undo=undo)
    return redirect("fields:list")


@require_POST
def restore(request: HttpRequest, field_id: int) -> HttpResponse:
    """Bring a field back."""
    actions.restore_custom_field(field_id=field_id, now=clock.now(), actor_id=member_of(request).id)
    toasts.say(request, _("The field is back, with what it held."))
    return redirect("fields:list")


def _declared(request: HttpRequest, form: forms.Known, **field: Any) -> bool:
    """Declare the field; where it is refused, say why in the form."""
    try:
        actions.declare_custom_field(
            label=form.cleaned_data["label"], now=clock.now(), actor_id=member_of(request).id, **field
        )
    except Refused as error:
        refuse(form, error)
        return False
    toasts.say(request, _("The field is kept."))
    return True
