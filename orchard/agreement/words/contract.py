"""The contract: which clauses an agreement has, and what each of them says."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.agreement.document import Document, Return, Route
from orchard.agreement.document.model import points_of
from orchard.agreement.words.conditions import condition_runs
from orchard.agreement.words.runs import Clause, Run, Sentence, joined, say, term
from orchard.agreement.words.stages import usual_stages
from orchard.engine import catalogue as catalogues
from orchard.engine.conditions import AnyOf, either
from orchard.engine.types import FACTS, Catalogue
from orchard.kit.codes import spelled_out
from orchard.kit.languages import figure, quarter_named, quoted

Sentences = Iterator[Sentence]


def contract(
    document: Document,
    catalogue: Catalogue | None = None,
    *,
    people: Mapping[str, str] | None = None,
) -> list[Clause]:
    """Return the clauses of an agreement, numbered; clauses of parts that it leaves out are not there.

    `people` holds the name of each team by its code and of each member by the address that they sign in with.
    """
    names = catalogue or catalogues.installed()
    written = [
        ("handoff", _("A contact is not a lead"), tuple(_handoff(document, names))),
        ("score", _("What counts"), tuple(_score(document, names))),
        ("sales", _("What Sales promises"), tuple(_sales(document))),
        ("marketing", _("What Marketing promises"), tuple(_marketing(document))),
        ("returns", _("How a lead comes back"), tuple(_returns(document))),
        ("routing", _("Who gets it"), tuple(_routing(document, names, people or {}))),
        ("rot", _("What rots"), tuple(_rot(document))),
        ("attention", _("The long-term share"), tuple(_attention(document))),
        ("goals", _("What we want to reach"), tuple(_goals(document))),
        ("stages", _("Our words"), tuple(_stages(document))),
    ]
    present = [(key, title, sentences) for key, title, sentences in written if sentences]
    return [Clause(key, number, title, said) for number, (key, title, said) in enumerate(present, 1)]


def days(number: int, path: str) -> Run:
    """Return a number of days as a term."""
    return term(ngettext("%(n)s day", "%(n)s days", number) % {"n": number}, path)


def _hours(number: int, path: str, *, clock: bool = False) -> Run:
    if clock:
        words = ngettext("%(n)s hour", "%(n)s hours", number)
    else:
        words = ngettext("%(n)s working hour", "%(n)s working hours", number)
    return term(words % {"n": number}, path)


def _points(micro: int, path: str) -> Run:
    points = points_of(micro)
    words = ngettext("%(n)s point", "%(n)s points", 1 if points == 1 else 2)
    return term(words % {"n": figure(points)}, path)


def _handoff(document: Document, names: Catalogue) -> Sentences:
    when = document.handoff.when
    branches = (
        [(child, f"handoff.{step}") for step, child in when.children()]
        if isinstance(when, AnyOf)
        else [(when, "handoff")]
    )
    seen: Counter[tuple[str, ...]] = Counter()
    for place, (branch, path) in enumerate(branches):
        runs = condition_runs(branch, path, names)
        shape = tuple("" if run.term else run.text for run in runs)
        seen[shape] += 1
        opening = _("; or when ") if place else _("A contact becomes a lead when ")
        closing = "." if place == len(branches) - 1 else ""
        yield Sentence(f"handoff:{''.join(shape)}:{seen[shape]}", runs, opening, closing)
    if document.handoff.never is not None:
        never = condition_runs(document.handoff.never, "handoff.never", names)
        yield Sentence("handoff.never", joined((Run(_("Never when ")), *never)))
    fresh = days(document.handoff.fresh_days, "handoff.fresh_days")
    yield Sentence("handoff.fresh", say(_("What is older than %(days)s alone causes no offer"), days=fresh))
    path = "handoff.at_account"
    yield Sentence(
        path,
        say(_("A ripe colleague of an open lead %(joins)s"), joins=term(_("joins it"), path))
        if document.handoff.at_account == "join"
        else say(
            _("A ripe colleague of an open lead %(joins)s"), joins=term(_("is a lead of their own"), path)
        ),
    )


def _score(document: Document, names: Catalogue) -> Sentences:
    for place, fit in enumerate(document.score.fit):
        path = f"score.fit[{place}]"
        yield Sentence(
            f"score:{fit.name.casefold()}",
            say(
                _("%(name)s %(points)s, when %(condition)s"),
                name=fit.name,
                points=_points(fit.points_micro, f"{path}.points"),
                condition=condition_runs(fit.when, f"{path}.when", names),
            ),
            row=True,
        )
    for place, rule in enumerate(document.score.engagement):
        path = f"score.engagement[{place}]"
        deeds = either(names.deed(kind) for kind in rule.kinds)
        what: tuple[Run, ...] = (
            () if deeds.casefold() == rule.name.casefold() else (Run(_(", who has ") + deeds),)
        )
        if rule.where is not None:
            inner = condition_runs(rule.where, f"{path}.where", names, FACTS)
            what += say(_(" (where %(condition)s)"), condition=inner)
        yield Sentence(
            f"score:{rule.name.casefold()}",
            say(
                _("%(name)s %(points)s%(what)s, fading by half in %(days)s, at most %(cap)s"),
                name=rule.name,
                points=_points(rule.points_micro, f"{path}.points"),
                what=what,
                days=days(rule.half_life_days, f"{path}.half_life_days"),
                cap=term(points_of(rule.cap_micro), f"{path}.cap"),
            ),
            row=True,
        )


def _sales(document: Document) -> Sentences:
    promises, path = document.promises.sales, "promises.sales"
    found = [
        (
            "accept",
            say(
                _("to accept or return within %(hours)s"),
                hours=_hours(promises.accept_within_hours, f"{path}.accept_within_hours"),
            ),
        )
    ]
    if (hours := promises.first_attempt_within_hours) is not None:
        where = f"{path}.first_attempt_within_hours"
        found.append(("attempt", say(_("to try to reach within %(hours)s"), hours=_hours(hours, where))))
    if (attempts := promises.attempts_before_no_answer) is not None:
        words = ngettext("%(n)s attempt", "%(n)s attempts", attempts) % {"n": attempts}
        number = term(words, f"{path}.attempts_before_no_answer")
        found.append(("attempts", say(_("not to give up before %(attempts)s"), attempts=number)))
    yield from _chain("sales", found)
    calendar = document.promises.calendar
    opens, closes = calendar.hours.split("-")
    week = say(
        _("Working hours are %(days)s, %(hours)s, where a territory has no calendar of its own"),
        days=term(_week(calendar.days), "promises.calendar.days"),
        hours=term(
            _("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes}, "promises.calendar.hours"
        ),
    )
    yield Sentence("calendar", week)


def _marketing(document: Document) -> Sentences:
    promises, path = document.promises.marketing, "promises.marketing"
    ripe = ngettext("%(n)s ripe contact a month", "%(n)s ripe contacts a month", promises.ripe_per_month)
    number = term(ripe % {"n": figure(promises.ripe_per_month)}, f"{path}.ripe_per_month")
    found = [("ripe", say(_("to hand over %(contacts)s"), contacts=number))]
    if (share := promises.leads_with_phone_share) is not None:
        shown = term(f"{figure(share * 100)} %", f"{path}.leads_with_phone_share")
        found.append(("phone", say(_("%(share)s of them with a phone number"), share=shown)))
    if (span := promises.answer_question_within_days) is not None:
        shown = days(span, f"{path}.answer_question_within_days")
        found.append(("question", say(_("to answer a question from the field within %(days)s"), days=shown)))
    if (hours := promises.clock_show_follow_up_within_hours) is not None:
        shown = _hours(hours, f"{path}.clock_show_follow_up_within_hours", clock=True)
        found.append(("show", say(_("to follow up a show within %(hours)s"), hours=shown)))
    yield from _chain("marketing", found)


def _chain(key: str, found: list[tuple[str, tuple[Run, ...]]]) -> Sentences:
    """Join promises to one sentence: "To accept ..., to try ..., and not to give up ..."."""
    for place, (name, runs) in enumerate(found):
        if place == 0:
            first = runs[0].text
            runs = (Run(first[:1].upper() + first[1:]), *runs[1:])  # noqa: PLW2901 - the same words, capital
        last = place == len(found) - 1
        opening = "" if not place else _(", and ") if last else ", "
        yield Sentence(f"{key}:{name}", runs, opening, "." if last else "")


def _returns(document: Document) -> Sentences:
    for place, reason in enumerate(document.returns):
        path = f"returns[{place}]"
        yield Sentence(f"returns:{reason.reason}", _return_runs(reason, path))


def _return_runs(reason: Return, path: str) -> tuple[Run, ...]:
    parts: list[tuple[Run, ...]] = []
    if reason.ask:
        parts.append((term(_("asks when"), f"{path}.ask"),))
    if reason.needs:
        parts.append((term(_("needs the promised attempts"), f"{path}.needs"),))
    if reason.disqualifies:
        parts.append((term(_("ends it"), f"{path}.disqualifies"),))
    elif reason.eligible_after_days == 0:
        parts.append(
            say(_("may come again %(days)s"), days=term(_("at once"), f"{path}.eligible_after_days"))
        )
    else:
        rest = days(reason.eligible_after_days or 0, f"{path}.eligible_after_days")
        parts.append(say(_("rests for %(days)s"), days=rest))
    runs: list[Run] = [Run(f"{quoted(reason.label)} ")]
    for place, part in enumerate(parts):
        runs.extend((Run(_(" and ")), *part) if place else part)
    return joined(runs)


def _routing(document: Document, names: Catalogue, people: Mapping[str, str]) -> Sentences:
    seen: Counter[str] = Counter()
    for place, route in enumerate(document.routing):
        path = f"routing[{place}]"
        to = _to(route, f"{path}.to", people)
        if route.when is None:
            yield Sentence("routing:else", say(_("Everybody else: %(to)s"), to=to), row=True)
            continue
        runs = condition_runs(route.when, f"{path}.when", names)
        shape = "".join("" if run.term else run.text for run in runs)
        seen[shape] += 1
        said = say(_("When %(condition)s: %(to)s"), condition=runs, to=to)
        yield Sentence(f"routing:{shape}:{seen[shape]}", said, row=True)


def _to(route: Route, path: str, people: Mapping[str, str]) -> tuple[Run, ...]:
    if route.to.team:
        name = term(people.get(route.to.team) or spelled_out(route.to.team), path)
        return say(_("the team %(team)s, by turn"), team=name)
    if route.to.member:
        return (term(people.get(route.to.member, route.to.member), path),)
    words = {
        "who_met_them": _("whoever met them"),
        "account_owner": _("the account's owner"),
        "territory": _("whoever works in the territory of their country, by turn"),
    }
    return (term(words[route.to.relation or "account_owner"], path),)


def _rot(document: Document) -> Sentences:
    if (rot := document.rot) is None:
        return
    contact, lead = days(rot.contact_days, "rot.contact_days"), days(rot.lead_days, "rot.lead_days")
    yield Sentence(
        "rot:after",
        say(
            _(
                "A contact that nobody was in touch with for %(contact)s rots, an accepted lead after %(lead)s"
            ),
            contact=contact,
            lead=lead,
        ),
    )
    plan = days(rot.longest_plan_days, "rot.longest_plan_days")
    yield Sentence(
        "rot:plan", say(_("A dated next step holds that off until its date, at most %(days)s"), days=plan)
    )


def _attention(document: Document) -> Sentences:
    if (attention := document.attention) is None:
        return
    share = term(f"{figure(attention.long_term_share * 100)} %", "attention.long_term_share")
    yield Sentence(
        "attention:share", say(_("%(share)s of each day's list is kept for long-term contacts"), share=share)
    )
    wait = days(attention.longest_wait_days, "attention.longest_wait_days")
    yield Sentence("attention:wait", say(_("Nobody on it waits longer than %(days)s for a turn"), days=wait))


def _goals(document: Document) -> Sentences:
    measures = {
        "won_amount": _("won"),
        "won": _("contacts that became customers"),
        "qualified": _("ripe contacts"),
        "accepted": _("leads that Sales accepted"),
    }
    for place, goal in enumerate(document.goals):
        shown = f"{figure(goal.number)} {goal.currency}".strip()
        yield Sentence(
            f"goals:{goal.quarter}:{goal.measure}",
            say(
                _("%(quarter)s: %(target)s %(measure)s"),
                quarter=quarter_named(goal.quarter),
                target=term(shown, f"goals[{place}].target"),
                measure=measures[goal.measure],
            ),
            row=True,
        )


def _stages(document: Document) -> Sentences:
    usual = usual_stages()
    for stage, label in document.stages.items():
        said = say(
            _("The stage “%(stage)s” is called %(label)s"),
            stage=usual[stage],
            label=term(label, f"stages.{stage}"),
        )
        yield Sentence(f"stages:{stage}", said)


def _week(named: tuple[str, ...]) -> str:
    order = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    words = dict(
        zip(
            order,
            (
                _("Monday"),
                _("Tuesday"),
                _("Wednesday"),
                _("Thursday"),
                _("Friday"),
                _("Saturday"),
                _("Sunday"),
            ),
            strict=True,
        )
    )
    sorted_days = [day for day in order if day in named]
    first, last = order.index(sorted_days[0]), order.index(sorted_days[-1])
    if len(sorted_days) > 2 and last - first + 1 == len(sorted_days):  # noqa: PLR2004 - two days are no span
        return _("%(first)s to %(last)s") % {"first": words[sorted_days[0]], "last": words[sorted_days[-1]]}
    return ", ".join(words[day] for day in sorted_days)
