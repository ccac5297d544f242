"""Refuses amounts of money that a form could keep only rounded."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.kit.money import exponent, fits


def refuse_rounding(form: forms.Form, field: str) -> None:
    """Say beside `field` that its currency has fewer decimals than the amount, where that is so."""
    amount, code = form.cleaned_data.get(field), (form.cleaned_data.get("currency") or "").upper()
    if amount is None or not code or fits(amount, code):
        return
    decimals = exponent(code)
    if not decimals:
        form.add_error(field, _("%(code)s has no decimals; give a whole amount.") % {"code": code})
        return
    sentence = ngettext(
        "%(code)s has %(n)s decimal; give no more of them.",
        "%(code)s has %(n)s decimals; give no more of them.",
        decimals,
    )
    form.add_error(field, sentence % {"code": code, "n": decimals})
