"""The face's own pages: every component in every state, and the choice of light or dark."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orchard.kit.clock import now
from orchard.kit.errors import Refused
from orchard.web.ui import invented, specimens, theme


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, each with its source."""
    return render(
        request,
        "ui/style.html",
        {
            "specimens": specimens.ALL,
            "form": specimens.filled_badly(),
            "steps": specimens.STEPS,
            "rows": specimens.ROWS,
            "lines": specimens.LINES,
            "page": specimens.PAGE,
            "read_at": now(),
            "done": 0,
            "of": specimens.WORK,
            **invented.shown(),
        },
    )


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """Answer the style page's poll: one step further each time, and without `poll` once all is done."""
    done = request.GET.get("done", "0")
    step = min(int(done) + 1, specimens.WORK) if done.isascii() and done.isdigit() else 1
    return render(request, "ui/style/work_step.html", {"done": step, "of": specimens.WORK})


@require_GET
def story(request: HttpRequest) -> HttpResponse:
    """Answer the poll of a demo company that is being told."""
    return render(request, "ui/components/story.html")


@require_POST
def theme_chosen(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or the system's choice on this device, and go back to the page."""
    choice = request.POST.get("theme", "")
    if choice not in theme.CHOICES:
        raise Refused(_("Choose light, dark or system."))
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    theme.keep(response, choice, secure=request.is_secure())
    return response
