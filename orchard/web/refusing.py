"""How a form says what a domain call refused: beside the field that it is about, with everything typed still there."""

from http import HTTPStatus

from django import forms

from orchard.kit.errors import Refused


def refuse(form: forms.Form, error: Refused, **names: str) -> None:
    """Say a refusal at its field, above the form where it is about the whole.

    `names` are the fields that are called otherwise than the values of the action, as `parent_id="parent"`.
    """
    field = names.get(error.about, error.about)
    form.add_error(field if field in form.fields else None, error.sentence)


def status_of(form: forms.BaseForm) -> int:
    """Return with which status a form is answered: 422 where it has errors, which htmx puts in place too."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
