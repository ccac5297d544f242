"""The pages by which tokens for other systems are made and withdrawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from orchard.api import actions, queries
from orchard.api.types import Made
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.web.manage.token_forms import Token
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the tokens."""
    return render(request, "manage/tokens.html", {"tokens": queries.tokens(now=clock.now())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a token, and show it this once."""
    admin = member_of(request)
    form = Token(posted(request), initial={"member": admin.email})
    if form.is_valid():
        try:
            made = actions.add_token(fields=form.fields_of_token(), actor_id=admin.id, now=clock.now())
        except Refused as error:
            refuse(form, error)
        else:
            return _show(request, made)
    return render(request, "manage/token.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ask, then let a token work no more."""
    token = queries.token(token_id)
    if request.method == "POST":
        name = actions.withdraw_token(token_id=token_id, actor_id=member_of(request).id, now=clock.now())
        toasts.say(request, _("The token %(name)s works no more.") % {"name": name})
        return redirect("tokens:list")
    return render(
        request,
        "manage/token_withdraw.html",
        {"token": token, "act": _("Withdraw"), "danger": True, "back": reverse("tokens:list")},
    )


def _show(request: HttpRequest, made: Made) -> HttpResponse:
    return render(
        request, "manage/token_made.html", {"made": made, "address": request.build_absolute_uri("/")}
    )
