"""Who works when, over the pages: territories, hours, and the days on which somebody is away."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from orchard.kit import clock
from orchard.team import actions, queries
from orchard.team.types import Role
from tests.make import agreements
from tests.make.members import member
from tests.make.reading import text_of, toasts_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # a Wednesday
LIST, TERRITORIES, ADD = reverse("hours:list"), reverse("territories:list"), reverse("territories:add")
LINE = {
    "name": "Bavaria",
    "time_zone": "Europe/Berlin",
    "weekdays": ["0", "1", "2", "3"],
    "opens": "08:00",
    "closes": "16:00",
    "holidays_of": "de-by",
    "days_off": "2026-12-23",
}


@pytest.fixture(autouse=True)
def wednesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def admin(client):
    client.force_login(member(Role.ADMIN))
    return client


def test_before_the_first_territory_the_page_says_how_everybody_works(admin):
    assert "everybody works the agreement" in text_of(admin.get(TERRITORIES))


def test_a_territory_is_made_and_shows_its_next_days_off(admin):
    assert "Bavaria is a territory now." in toasts_of(admin.post(ADD, LINE, follow=True))
    made = queries.territories()[0]
    text = text_of(admin.get(reverse("territories:change", args=[made.id])))
    assert "Wed 23 Dec 2026 our own" in text
    assert "Fri 25 Dec 2026" not in text, "Friday is no working day there"
    assert "Bavaria Europe/Berlin DE-BY 0" in text_of(admin.get(TERRITORIES))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"holidays_of": "Austria"}, "Write a country as AT"),
        ({"closes": "07:00"}, "ends before it begins"),
        ({"days_off": "Christmas"}, "“Christmas” is no day"),
        ({"weekdays": []}, "This field is required"),
    ],
)
def test_a_territory_that_makes_no_sense_comes_back_with_a_sentence(admin, values, sentence):
    answer = admin.post(ADD, {**LINE, **values})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not queries.territories()


def test_a_day_that_ends_at_midnight_is_written_and_read_again(admin):
    admin.post(ADD, {**LINE, "opens": "16:00", "closes": "00:00"})
    made = queries.territories()[0]
    assert (made.opens, made.closes) == (960, 1440)
    page = admin.get(reverse("territories:change", args=[made.id])).content.decode()
    assert 'value="00:00"' in page


def test_a_member_put_into_a_territory_works_its_hours(admin):
    admin.post(ADD, LINE)
    made, rep = queries.territories()[0], member(name="Rosa Roth")
    admin.post(
        reverse("members:change", args=[rep.id]),
        {
            "name": rep.name,
            "email": rep.email,
            "role": "sales",
            "territory": str(made.id),
            "capacity": 5,
            "weight": 1,
        },
    )
    assert "Rosa Roth Sales at work until Wed 15:00 Mon–Thu, 08:00–16:00 Europe/Berlin Bavaria" in text_of(
        admin.get(LIST)
    )
    removed = admin.post(reverse("territories:remove", args=[made.id]), follow=True)
    assert "Bavaria is no territory any more." in toasts_of(removed)
    assert queries.member(rep.id).territory is None


def test_who_is_in_no_territory_works_the_hours_of_the_agreement_in_force(admin):
    member(name="Rosa Roth")
    assert "Rosa Roth Sales at work until Wed 17:30 Mon–Fri, 09:00–17:30 UTC –" in text_of(admin.get(LIST))
    calendar = 'promises:\n  calendar: {days: [mon, wed], hours: "10:00-14:00"}\n'
    agreements.in_force(agreements.SMALL.replace("promises:\n", calendar))
    assert "Rosa Roth Sales not at work again from Wed 25 Nov, 10:00 Mon, Wed, 10:00–14:00 UTC –" in text_of(
        admin.get(LIST)
    )


def test_somebody_says_when_he_or_she_is_away_and_takes_it_back(client):
    rep = member(name="Rosa Roth")
    client.force_login(rep)
    mine = reverse("hours:away", args=[rep.id])
    assert "No days are noted." in text_of(client.get(mine))
    answer = client.post(mine, {"first": "2026-11-25", "last": "2026-11-27"}, follow=True)
    assert "The days are noted." in toasts_of(answer)
    assert "Wed 25 Nov 2026 Fri 27 Nov 2026 Take back" in text_of(answer)
    assert "Rosa Roth Sales away up to and with 27 Nov 2026" in text_of(client.get(LIST))
    absence = queries.absences(rep.id, now=NOW)[0]
    asked = client.get(reverse("hours:back", args=[absence.id]))
    assert "From Wed 25 Nov 2026 to Fri 27 Nov 2026" in text_of(asked)
    client.post(reverse("hours:back", args=[absence.id]))
    assert queries.absences(rep.id, now=NOW) == []


def test_days_that_end_before_they_begin_come_back_with_a_sentence(client):
    rep = member()
    client.force_login(rep)
    answer = client.post(reverse("hours:away", args=[rep.id]), {"first": "2026-12-02", "last": "2026-12-01"})
    assert "The last day lies before the first." in text_of(answer)


def test_a_rep_sees_that_a_colleague_is_away_and_can_note_days_only_for_himself(client):
    rep, colleague = member(), member(name="Rosa Roth")
    actions.add_absence(
        member_id=colleague.id, first=date(2026, 11, 25), last=date(2026, 11, 25), actor_id=None, now=NOW
    )
    client.force_login(rep)
    page = client.get(LIST)
    assert "Rosa Roth Sales away" in text_of(page)
    assert reverse("hours:away", args=[colleague.id]) not in page.content.decode()
    assert client.get(reverse("hours:away", args=[colleague.id])).status_code == 403
