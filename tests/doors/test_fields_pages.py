"""The fields of one's own over the pages: declared, filled in, renamed, put away and brought back."""

import pytest
from django.urls import reverse

from orchard.contacts import actions as contacts
from orchard.contacts.models import CustomField
from orchard.kit import clock
from orchard.team.types import Role
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("fields:list"), reverse("fields:new")
LINE = {
    "label": "Line in use",
    "entity": "contact",
    "type": "choice",
    "choices": "K4\nK5\n\nK4",
    "name": "line",
}


@pytest.fixture
def page(client):
    client.force_login(member(Role.MARKETING))
    return client


def test_before_the_first_field_the_page_says_what_fields_are_for(page):
    assert "No fields of your own yet" in text_of(page.get(LIST))


def test_a_field_is_declared_and_stands_in_the_form_and_in_conditions(page):
    answer = page.post(NEW, LINE, follow=True)
    assert "The field is kept." in toasts_of(answer)
    assert "Line in use K4, K5 contacts one of a list contact.custom.line" in text_of(answer)
    assert ">K5</option>" in page.get(reverse("contacts:new")).content.decode()
    contacts.create_contact(full_name="Ada", custom={"line": "K4"}, now=clock.now())
    where = '{"field": "contact.custom.line", "is": "K4"}'
    assert "Only who: Line in use is K4" in text_of(page.get(reverse("contacts:list"), {"where": where}))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "Line In Use"}, "cannot name a field"),
        ({"choices": ""}, "Write what one can choose"),
        ({"choices": "K" * 81}, "at most 80 letters"),
        ({"label": ""}, "This field is required"),
        ({"type": "colour"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_declared_comes_back_with_a_sentence(page, values, sentence):
    answer = page.post(NEW, {**LINE, **values})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not CustomField.objects.exists()


def test_a_name_that_is_taken_is_not_laid_over(page):
    page.post(NEW, LINE)
    answer = page.post(NEW, {**LINE, "label": "Other"})
    assert "There is a field of this name already" in text_of(answer)
    assert CustomField.objects.get().label == "Line in use"


def test_label_and_choices_change_and_the_type_stays(page):
    page.post(NEW, LINE)
    change = reverse("fields:change", args=[CustomField.objects.get().id])
    assert 'name="type"' not in page.get(change).content.decode()
    page.post(change, {"label": "Line", "choices": "K5\nK6"})
    field = CustomField.objects.get()
    assert (field.label, field.choices, field.type) == ("Line", ["K5", "K6"], "choice")
    assert page.post(change, {"label": "Line", "choices": ""}).status_code == 422


def test_a_field_put_away_keeps_its_values_and_comes_back(page):
    page.post(NEW, LINE)
    field = CustomField.objects.get()
    contacts.create_contact(full_name="Ada", custom={"line": "K4"}, now=clock.now())
    answer = page.post(reverse("fields:archive", args=[field.id]), follow=True)
    assert "put away" in text_of(answer)
    restore = reverse("fields:restore", args=[field.id])
    assert f'action="{restore}"' in answer.content.decode().partition('id="toasts"')[2]
    assert "Line in use" not in page.get(reverse("contacts:new")).content.decode()
    page.post(restore)
    assert "Line in use" in page.get(reverse("contacts:new")).content.decode()


def test_sales_reads_the_fields_and_changes_none(client):
    client.force_login(member(Role.SALES))
    assert NEW not in client.get(LIST).content.decode()
    assert client.post(NEW, LINE).status_code == 403
