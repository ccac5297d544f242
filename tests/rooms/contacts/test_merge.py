"""Two records that are one person: joined without moving a row, and parted as they were."""

from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from orchard.contacts import actions, queries
from orchard.contacts.models import Contact, ContactEmail, Doubt
from orchard.contacts.rules import merging
from orchard.contacts.types import BuyingRole, Clash, Gone, Invalid
from orchard.interactions.models import Interaction

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NUMBERS = count()
FIELDS = (*merging.FILLED, "linkedin_slug", "custom", "name_key", "person_key")


def create(**values):
    return actions.create_contact(now=NOW, actor_id=None, **values)


def merge(survivor, loser):
    return actions.merge(survivor_id=survivor, loser_id=loser, now=NOW, actor_id=None)


def unmerge(merge_id):
    return actions.unmerge(merge_id=merge_id, now=NOW, actor_id=None)


def fields(*contact_ids):
    return list(Contact.objects.filter(id__in=contact_ids).order_by("id").values(*FIELDS))


def test_a_merge_moves_no_row_and_everything_is_read_with_the_survivor():
    anna = create(full_name="Anna Lee", emails=["a@example.com"])
    double = create(
        full_name="A. Lee",
        title="Buyer",
        emails=["b@example.com"],
        linkedin_slug="anna-lee",
        ids=[("crm", "1")],
    )
    merge(anna, double)
    page = queries.contact(double)
    assert (page.contact.id, page.contact.title, page.contact.full_name) == (anna, "Buyer", "Anna Lee")
    assert {each.normal for each in page.emails} == {"a@example.com", "b@example.com"}
    assert page.profiles == ["anna-lee"]
    assert ContactEmail.objects.get(normal="b@example.com").contact_id == double
    assert queries.find_by_email("b@example.com") == anna
    assert [row.id for row in queries.contacts().rows] == [anna]


def test_the_preview_says_what_the_merge_then_does():
    anna, double = (
        create(full_name="Anna Lee", title="CEO"),
        create(full_name="A. Lee", title="Buyer", country="AT"),
    )
    preview = queries.merge_preview(survivor_id=anna, loser_id=double)
    assert dict(preview.filled) == {"country": "AT"}
    assert {each.field: (each.before, each.after) for each in preview.conflicts} == {
        "full_name": ("Anna Lee", "A. Lee"),
        "title": ("CEO", "Buyer"),
    }
    assert Contact.objects.get(id=anna).country is None
    merge(anna, double)
    assert (Contact.objects.get(id=anna).country, Contact.objects.get(id=anna).title) == ("AT", "CEO")


def test_what_was_changed_since_the_merge_stays_and_is_said():
    anna, double = create(full_name="Anna"), create(full_name="Anna L", title="Buyer", city="Linz")
    merged = merge(anna, double)
    actions.change_contact(contact_id=double, values={"title": "CEO"}, now=NOW, actor_id=None)
    undone = unmerge(merged)
    assert list(undone.changed_since) == ["title"]
    survivor = Contact.objects.get(id=anna)
    assert (survivor.title, survivor.city) == ("CEO", None)
    assert Contact.objects.get(id=double).title == "Buyer"


def test_a_merge_is_undone_once():
    merged = merge(create(full_name="Anna"), create(full_name="Anna L"))
    unmerge(merged)
    with pytest.raises(Gone):
        unmerge(merged)


def test_who_is_one_already_or_was_merged_meanwhile_is_not_merged_again():
    a, b, c = (create(full_name=name) for name in "ABC")
    merge(a, b)
    with pytest.raises(Invalid, match="one contact already"):
        merge(b, a)
    with pytest.raises(Clash, match="merged with another"):
        merge(c, b)


def test_an_inner_merge_cannot_be_undone_before_the_outer_one():
    a, b, c = (create(full_name=name) for name in "ABC")
    inner = merge(b, c)
    outer = merge(a, b)
    assert set(queries.living_ids([a, b, c]).values()) == {a}
    with pytest.raises(Clash, match="third one"):
        unmerge(inner)
    unmerge(outer)
    assert queries.living_ids([a, b, c]) == {a: a, b: b, c: b}
    unmerge(inner)
    assert queries.living_ids([a, b, c]) == {a: a, b: b, c: c}


def test_a_member_decides_about_a_doubt_once():
    create(full_name="Anna", phones=["+43 1 588580"])
    create(full_name="Anna", phones=["+43 1 588580"])
    doubt = Doubt.objects.get()
    assert actions.decide_doubt(doubt_id=doubt.id, same=True, now=NOW, actor_id=None)
    assert Doubt.objects.get().state == "merged"
    with pytest.raises(Clash):
        actions.decide_doubt(doubt_id=doubt.id, same=False, now=NOW, actor_id=None)


def test_a_pair_kept_apart_is_not_asked_about_again():
    create(full_name="Anna", phones=["+43 1 588580"])
    bob = create(full_name="Bob", phones=["+43 1 588580"])
    actions.decide_doubt(doubt_id=Doubt.objects.get().id, same=False, now=NOW, actor_id=None)
    actions.add_phone(contact_id=bob, number="+43 1 588581", now=NOW, actor_id=None)
    assert queries.open_doubts() == 0
    assert Doubt.objects.count() == 1


WORDS = st.one_of(st.none(), st.sampled_from(["red", "blue", "Anna Lee"]))
PERSON = st.fixed_dictionaries(
    dict.fromkeys(("full_name", "first_name", "last_name", "title", "country", "city"), WORDS)
    | {"is_competitor": st.one_of(st.none(), st.booleans())}
)


@given(st.lists(PERSON, min_size=2, max_size=5), st.data())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_any_merges_undone_backwards_leave_every_field_as_it_was_and_no_fact_moved(people, data):
    ids = [create(**person, ids=[("test", str(next(NUMBERS)))]) for person in people]
    before = fields(*ids)
    moved = list(Interaction.objects.order_by("id").values_list("id", "contact_id"))
    done, living, followers = [], list(ids), dict.fromkeys(ids, 0)
    while len(living) > 1:
        survivor = data.draw(st.sampled_from(living), label="survivor")
        loser = data.draw(st.sampled_from([each for each in living if each != survivor]), label="loser")
        assume(followers[loser] <= 1)  # the ledger parts a group only as one who joined it
        followers[survivor] += 1
        living.remove(loser)
        done.append(merge(survivor, loser))
    assert set(queries.living_ids(ids).values()) == set(living)
    for merged in reversed(done):
        assert list(unmerge(merged).changed_since) == []
    assert fields(*ids) == before
    assert queries.living_ids(ids) == {each: each for each in ids}
    assert list(Interaction.objects.order_by("id").values_list("id", "contact_id"))[: len(moved)] == moved


def test_a_part_in_a_purchase_is_of_the_company_where_the_living_contact_is_and_can_be_taken_away():
    ours, theirs = (actions.create_account(name=name, now=NOW) for name in ("Ours", "Theirs"))
    survivor = actions.create_contact(full_name="Ada Lovelace", account_id=theirs, now=NOW)
    loser = actions.create_contact(full_name="Ada L.", account_id=ours, now=NOW)
    actions.set_role(contact_id=loser, account_id=ours, role=BuyingRole.DECIDER, now=NOW, actor_id=None)
    actions.merge(survivor_id=survivor, loser_id=loser, now=NOW, actor_id=None)
    assert queries.role_of([survivor, loser]) is None
    assert queries.roles_at(ours) == {}
    actions.change_contact(contact_id=survivor, values={"account_id": ours}, now=NOW, actor_id=None)
    assert queries.role_of([survivor, loser]) is BuyingRole.DECIDER
    assert queries.roles_at(ours) == {survivor: BuyingRole.DECIDER}
    gone = {"contact_id": survivor, "account_id": ours, "role": None, "now": NOW, "actor_id": None}
    assert actions.set_role(**gone) is BuyingRole.DECIDER
    assert queries.roles_at(ours) == {}
