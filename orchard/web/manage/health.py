"""The page that says in words how Orchard is and how it is set up, what to do, and what can be tried again."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orchard.backup import queries as backups
from orchard.demo import queries as demo
from orchard.interactions import actions, queries
from orchard.interactions.types import Consumer
from orchard.kit import clock
from orchard.kit.errors import NotFound
from orchard.outbox import actions as outbox
from orchard.outbox import queries as outgoing
from orchard.reports import queries as reports
from orchard.reports.types import Finding, Grade
from orchard.web import permissions
from orchard.web.manage import places
from orchard.web.request import member_of
from orchard.web.ui import toasts


@require_GET
def show(request: HttpRequest, consumers: Sequence[Consumer]) -> HttpResponse:
    """Show how Orchard is."""
    house, story, now = reports.health(consumers), demo.loading(), clock.now()
    running = reports.findings(house, now=now, is_loading=demo.workers_yet_begin(story, now))
    running += backups.findings(now=now, is_demo=story is not None)
    setting = reports.set_up()
    return render(
        request,
        "manage/health.html",
        {
            "house": house,
            "outbox": house.outbox,
            "troubles": [(one, reports.why_not_sent(one.error)) for one in house.troubles],
            "slowest": [
                (one, places.named(one.place, consumers), (one.mean_ms / 1000, one.worst_ms / 1000))
                for one in house.slowest
            ],
            "headline": reports.headline([*running, *setting]),
            "running": _ill_first(running),
            "setting": _ill_first(setting),
            "may_retry": permissions.may_open(member_of(request), "health:retry"),
            "may_open_gate": permissions.may_open(member_of(request), "health:gate"),
        },
    )


def _ill_first(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: -list(Grade).index(one.grade))


@require_POST
def retry(request: HttpRequest, stuck_id: int, consumers: Sequence[Consumer]) -> HttpResponse:
    """Let a consumer digest a stuck contact's facts again."""
    stuck = next((each for each in queries.stuck() if each.id == stuck_id), None)
    consumer = next((each for each in consumers if stuck and each.name == stuck.consumer), None)
    if stuck is None or consumer is None:
        raise NotFound(_("This is not stuck any more."))
    if not actions.retry(consumer, stuck_id):
        toasts.warn(request, _("Still stuck; the error is shown below."))
    else:
        toasts.say(request, _("Done: nothing of this contact is stuck there any more."))
    return redirect("health:show")


@require_http_methods(["GET", "HEAD", "POST"])
def open_gate(request: HttpRequest, consumers: Sequence[Consumer]) -> HttpResponse:  # noqa: ARG001 - of all of these pages
    """Ask, with how much would leave, then open the gate: this is the live system."""
    if request.method == "POST":
        waiting = outbox.open_gate(actor_id=member_of(request).id, now=clock.now())
        words = ngettext(
            "The gate is open; %(count)d message leaves now.",
            "The gate is open; %(count)d messages leave now.",
            waiting,
        )
        toasts.say(request, words % {"count": waiting})
        return redirect("health:show")
    return render(
        request,
        "manage/open_gate.html",
        {
            "outbox": outgoing.standing(),
            "act": _("This is the live system: open the gate"),
            "danger": True,
            "back": reverse("health:show"),
        },
    )
