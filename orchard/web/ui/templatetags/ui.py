"""All components under one name: `{% load ui %}`; the page `/ui/` shows each in every state with its source."""

from django import template

from orchard.web.ui.tags import acts, contract, events, figures, lists, marks, page, surfaces, verdicts, ways

register = template.Library()

for family in (acts, contract, events, figures, lists, marks, page, surfaces, verdicts, ways):
    register.tags.update(family.register.tags)
    register.filters.update(family.register.filters)
