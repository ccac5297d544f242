"""The pages that show who works when, and on which somebody notes the days on which he or she does not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orchard.agreement import queries as agreement
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.team import actions, queries
from orchard.team.types import WorkingTime
from orchard.web import permissions
from orchard.web.manage.work_forms import Away, time_of
from orchard.web.refusing import refuse
from orchard.web.request import member_of, posted
from orchard.web.ui import toasts

_A_FEW = 2


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show who is at work, from when others are, and who is away."""
    member, rule = member_of(request), permissions.rule_of("hours:away")
    everybody = agreement.at_work(now=clock.now())
    rows = [
        {
            "of": each,
            "hours": _in_words(each.hours),
            "zone": str(each.hours.zone).replace("_", " "),
            "may_note": permissions.within_scope(member, rule, {"member_id": each.member.id}),
        }
        for each in everybody
    ]
    working = sum(each.is_working for each in everybody)
    return render(request, "manage/hours.html", {"rows": rows, "working": working})


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest, member_id: int) -> HttpResponse:
    """Show when a member is away, and note more days."""
    member, now = queries.member(member_id), clock.now()
    form = Away(posted(request))
    if form.is_valid():
        try:
            actions.add_absence(
                member_id=member_id, **form.cleaned_data, actor_id=member_of(request).id, now=now
            )
        except Refused as error:
            refuse(form, error)
        else:
            toasts.say(request, _("The days are noted."))
            return redirect("hours:away", member_id)
    absences = queries.absences(member_id, now=now)
    is_me = member_id == member_of(request).id
    return render(
        request,
        "manage/away.html",
        {"form": form, "member": member, "absences": absences, "is_me": is_me},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Ask, then let a member work on these days after all."""
    absence = queries.absence(absence_id)
    if request.method == "POST":
        actions.remove_absence(absence_id=absence_id, actor_id=member_of(request).id, now=clock.now())
        toasts.say(request, _("%(name)s works on these days after all.") % {"name": absence.member.name})
        return redirect("hours:away", absence.member_id)
    return render(
        request,
        "manage/back.html",
        {
            "absence": absence,
            "act": _("Take the absence back"),
            "back": reverse("hours:away", args=[absence.member_id]),
        },
    )


def _in_words(hours: WorkingTime) -> str:
    """Return working hours as `Mon–Fri, 09:00–17:30`; days that do not follow each other one by one."""
    days, names = sorted(hours.weekdays), list(WEEKDAYS_ABBR.values())
    if len(days) > _A_FEW and days[-1] - days[0] == len(days) - 1:
        shown = f"{names[days[0]]}–{names[days[-1]]}"
    else:
        shown = ", ".join(str(names[day]) for day in days)
    return f"{shown}, {time_of(hours.opens)}–{time_of(hours.closes)}"
