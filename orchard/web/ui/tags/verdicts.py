"""Why somebody is ripe, or what is nearest to make it so, in a sentence."""

from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orchard.web.ui.tags.arguments import filled
from orchard.web.ui.tags.figures import tenths

register = template.Library()


@register.filter
def in_a_point(point: Any) -> str:
    """Say a point of the agreement: a condition, or that it must not hold."""
    words: str = point.words
    return _("not: %(words)s") % {"words": words} if point.negated else words


def because(ripe: Any) -> str:
    """Say why somebody who is a lead is one: by what they did and are, else by the conditions that are met."""
    return " · ".join(map(capfirst, ripe.because or map(in_a_point, ripe.nearest.points)))


@register.simple_tag
def why(ripe: Any, *, has_agreement: Any = True) -> SafeString:
    """Say by its last assessment why a contact is ripe, what forbids it, what is nearest; None was not assessed yet."""
    if not ripe:
        return _muted(_("Not looked at yet")) if has_agreement else SafeString("")
    if ripe.qualified:
        return filled("{}", because(ripe))
    if ripe.forbids:
        return _muted(_("Never a lead: %(points)s") % {"points": ", ".join(map(in_a_point, ripe.forbids))})
    return _muted("; ".join(map(_lacking, ripe.nearest.missing)))


def _lacking(point: Any) -> str:
    one = in_a_point(point)
    if point.lacks:
        return _("%(n)s points until %(one)s") % {"n": tenths(point.lacks), "one": one}
    return _("Not yet: %(one)s") % {"one": one}


def _muted(words: str) -> SafeString:
    return filled('<span class="text-muted">{}</span>', words)
