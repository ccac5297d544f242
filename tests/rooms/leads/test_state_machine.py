"""Whatever happens to leads, in whatever order: each is with exactly one, nobody is forgotten, no fact is lost."""

import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orchard import flow
from orchard.agreement import queries as agreement
from orchard.connect import actions as imports
from orchard.connect import jobs as import_jobs
from orchard.contacts import actions as contacts
from orchard.contacts.models import Contact, Hold
from orchard.interactions import actions as ledger
from orchard.interactions import queries as facts
from orchard.interactions.types import Lane
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.kit.money import Money
from orchard.leads import actions
from orchard.leads import jobs as lead_jobs
from orchard.leads.models import Colleague, Lead, Offer
from orchard.leads.types import HELD, OPEN, UNTAKEN, State
from orchard.opportunities import actions as sales
from orchard.opportunities.models import Opportunity, Party
from orchard.opportunities.types import Fields
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Role
from tests.make import agreements
from tests.make.leads import AGREEMENT, contact, drain, happened, rep
from tests.make.members import member

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CAPACITIES = (2, 2, 1)
REASONS = ("too_early", "wrong_timing", "no_answer", "not_a_fit")
KINDS = ("show.visited", "quote.requested", "call.connected", "call.attempted", "meeting.held")
SPANS = (1, 5, 24, 6 * 24, 21 * 24, 70 * 24)
MAP = """
contact: {email: Email, full_name: Name}
interactions:
  - {kind: quote.requested, at: When, only_if: When}
"""

pytestmark = pytest.mark.django_db

NUMBERS = st.integers(0, 50)
"""Which one of those there are: the rest of a division."""


class Loop(RuleBasedStateMachine):
    """Contacts, members, accounts and time; what is there is read from the database, which is the truth."""

    def __init__(self):
        super().__init__()
        self._example = transaction.atomic()
        self._example.__enter__()
        self.now = MONDAY
        self.files = 0
        self.imports, self.merges = [], []
        with clock.at(self.now):
            self.reps = [
                rep(f"Rep {place}", capacity=capacity).id for place, capacity in enumerate(CAPACITIES)
            ]
            self.boss, self.admin = member(Role.MANAGER).id, member(Role.ADMIN).id
            self.accounts = [
                contacts.create_account(name=f"Acme {place}", now=self.now) for place in range(2)
            ]
            drain()
        self.offers_before = 0

    def teardown(self):
        transaction.set_rollback(True)
        self._example.__exit__(None, None, None)

    def do(self, act):
        """Do something at this moment, and let everybody read of it; what is refused changes nothing."""
        self.offers_before = Offer.objects.order_by("-id").values_list("id", flat=True).first() or 0
        with clock.at(self.now):
            try:
                made = act()
            except Refused:
                made = None
            drain()
        return made

    # Who and what there is

    def people(self):
        alias = "SELECT old_id FROM contact_alias WHERE ended_by IS NULL"
        rows = Contact.objects.filter(erased_at__isnull=True).extra(where=[f"id NOT IN ({alias})"])
        return list(rows.order_by("id").values_list("id", flat=True))

    def leads(self, *states):
        return list(Lead.objects.filter(state__in=states).order_by("id"))

    @staticmethod
    def one(found, number):
        return found[number % len(found)] if found else None

    # What happens

    @rule(account=st.sampled_from([None, 0, 1]), old=st.booleans(), bulk=st.booleans())
    def somebody_becomes_ripe(self, account, old, bulk):
        def act():
            made = contact(account_id=None if account is None else self.accounts[account])
            lane = Lane.BULK if bulk else Lane.LIVE
            happened(made, "quote.requested", days_ago=30 if old else 0, lane=lane)

        self.do(act)

    @precondition(lambda self: self.people())
    @rule(number=NUMBERS, kind=st.sampled_from(KINDS))
    def something_happens(self, number, kind):
        who = self.one(self.people(), number)
        self.do(lambda: happened(who, kind, member_id=self.reps[number % 3]))

    @precondition(lambda self: self.people())
    @rule(number=NUMBERS)
    def a_fact_is_taken_back(self, number):
        who = self.one(self.people(), number)
        standing = [
            each.id for each in facts.facts_of([who]) if each.kind in ("quote.requested", "show.visited")
        ]
        self.do(lambda: ledger.withdraw(interaction_ids=standing, now=self.now))

    @precondition(lambda self: len(self.people()) > 1)
    @rule(number=NUMBERS, other=NUMBERS)
    def two_are_joined(self, number, other):
        survivor, loser = self.one(self.people(), number), self.one(self.people(), other)
        made = self.do(
            lambda: contacts.merge(survivor_id=survivor, loser_id=loser, now=self.now, actor_id=None)
        )
        if made is not None:
            self.merges.append(made)

    @precondition(lambda self: self.merges)
    @rule(number=NUMBERS)
    def two_are_parted(self, number):
        merge = self.one(self.merges, number)
        self.do(lambda: contacts.unmerge(merge_id=merge, now=self.now, actor_id=None))

    @precondition(lambda self: self.people())
    @rule(number=NUMBERS)
    def somebody_is_erased(self, number):
        who = self.one(self.people(), number)
        self.do(lambda: contacts.erase_contact(contact_id=who, now=self.now, actor_id=None))

    @precondition(lambda self: self.people())
    @rule(number=NUMBERS, account=st.sampled_from([None, 0, 1]))
    def somebody_changes_the_company(self, number, account):
        who = self.one(self.people(), number)
        where = None if account is None else self.accounts[account]
        self.do(
            lambda: contacts.change_contact(
                contact_id=who, values={"account_id": where}, now=self.now, actor_id=None
            )
        )

    @rule(count=st.integers(1, 3))
    def a_file_comes_in(self, count):
        self.files += 1
        day = self.now.date()
        rows = [f"p{self.files}-{place}@example.com,Pat,{day}" for place in range(count)]

        def act():
            upload = io.BytesIO("\n".join(["Email,Name,When", *rows]).encode())
            made = imports.begin(file_name="people.csv", upload=upload, now=self.now)
            imports.describe(import_id=made, map_text=MAP)
            imports.launch(import_id=made, now=self.now)
            imports.run(import_id=made)
            return made

        self.imports.append(self.do(act))

    @precondition(lambda self: self.imports)
    @rule(number=NUMBERS)
    def a_file_is_taken_back(self, number):
        def act():
            imports.undo(import_id=self.one(self.imports, number), now=self.now)
            import_jobs.work(self.now)

        self.do(act)

    # What members do

    @precondition(lambda self: self.leads(State.OFFERED))
    @rule(number=NUMBERS)
    def an_offer_is_accepted(self, number):
        lead = self.one(self.leads(State.OFFERED), number)
        self.do(lambda: actions.accept(lead_id=lead.id, member_id=lead.member_id, now=self.now))

    @precondition(lambda self: self.leads(State.ACCEPTED))
    @rule(number=NUMBERS)
    def that_a_lead_was_accepted_was_a_mistake(self, number):
        lead = self.one(self.leads(State.ACCEPTED), number)
        self.do(lambda: actions.take_back(lead_id=lead.id, member_id=lead.member_id, now=self.now))

    @precondition(lambda self: self.leads(*OPEN))
    @rule(number=NUMBERS, who=NUMBERS)
    def somebody_tries_to_accept(self, number, who):
        lead, person = self.one(self.leads(*OPEN), number), self.one(self.reps, who)
        self.do(lambda: actions.accept(lead_id=lead.id, member_id=person, now=self.now))
        if (lead.state, lead.member_id) not in {("offered", person), ("accepted", person)}:
            after = Lead.objects.get(id=lead.id)
            assert (after.state, after.member_id) == (lead.state, lead.member_id)

    @precondition(lambda self: self.leads(State.WAITING))
    @rule(number=NUMBERS, who=NUMBERS)
    def somebody_picks(self, number, who):
        lead, person = self.one(self.leads(State.WAITING), number), self.one(self.reps, who)
        self.do(lambda: actions.pick(lead_id=lead.id, member_id=person, now=self.now))

    @precondition(lambda self: self.leads(State.RETURNED, State.DISQUALIFIED))
    @rule(number=NUMBERS)
    def that_a_lead_came_back_was_a_mistake(self, number):
        lead = self.one(self.leads(State.RETURNED, State.DISQUALIFIED), number)
        if lead.member_id is not None:
            self.do(lambda: actions.take_return_back(lead_id=lead.id, member_id=lead.member_id, now=self.now))

    @precondition(lambda self: self.leads(*HELD))
    @rule(number=NUMBERS, reason=st.sampled_from(REASONS))
    def a_lead_comes_back(self, number, reason):
        lead = self.one(self.leads(*HELD), number)
        self.do(
            lambda: actions.give_back(
                lead_id=lead.id,
                member_id=lead.member_id,
                reason=reason,
                wake_on=(self.now + timedelta(days=25)).date() if reason == "wrong_timing" else None,
                note="",
                zone="UTC",
                now=self.now,
            )
        )

    @precondition(lambda self: self.leads(State.DISQUALIFIED))
    @rule(number=NUMBERS)
    def a_manager_lets_somebody_come_again(self, number):
        lead = self.one(self.leads(State.DISQUALIFIED), number)
        self.do(lambda: actions.reinstate(lead_id=lead.id, actor_id=self.boss, now=self.now))

    @precondition(lambda self: self.leads(*OPEN))
    @rule(number=NUMBERS, who=NUMBERS)
    def a_manager_gives_a_lead(self, number, who):
        lead, person = self.one(self.leads(*OPEN), number), self.one([*self.reps, self.boss], who)
        self.do(lambda: actions.reassign(lead_id=lead.id, member_id=person, actor_id=self.boss, now=self.now))

    @rule(count=st.integers(1, 3))
    def a_manager_releases(self, count):
        self.do(lambda: actions.release(count=count, actor_id=self.boss, now=self.now))

    @rule(who=NUMBERS, days=st.integers(0, 9))
    def somebody_is_away(self, who, days):
        def act():
            first = self.now.date()
            team.add_absence(
                member_id=self.one(self.reps, who),
                first=first,
                last=first + timedelta(days=days),
                actor_id=self.boss,
                now=self.now,
            )
            lead_jobs.look_round(self.now)

        self.do(act)

    @rule(who=NUMBERS)
    def somebody_leaves_or_comes_again(self, who):
        def act():
            person = Member.objects.get(id=self.one(self.reps, who))
            switch = team.switch_off if person.is_active else team.switch_on
            switch(member_id=person.id, actor_id=self.admin, now=self.now)
            lead_jobs.look_round(self.now)

        self.do(act)

    @rule(hours=st.sampled_from(SPANS))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

        def act():
            for _ in range(2):
                for each in flow.CLOCKWORK:
                    if each.name.startswith(("agreement.", "leads.")):
                        each.function(self.now)
                drain()

        self.do(act)

    # Sales

    @precondition(lambda self: self.leads(State.ACCEPTED))
    @rule(number=NUMBERS)
    def a_lead_becomes_a_sale(self, number):
        lead = self.one(self.leads(State.ACCEPTED), number)
        self.do(
            lambda: sales.convert(
                lead_id=lead.id, member_id=lead.member_id, fields=Fields("Boxes"), now=self.now
            )
        )

    @precondition(lambda self: self.leads(State.ACCEPTED) and Opportunity.objects.filter(state="open"))
    @rule(number=NUMBERS, other=NUMBERS)
    def a_lead_joins_a_sale(self, number, other):
        lead = self.one(self.leads(State.ACCEPTED), number)
        sale = self.one(list(Opportunity.objects.filter(state="open").order_by("id")), other)
        self.do(
            lambda: sales.join(
                lead_id=lead.id, opportunity_id=sale.id, member_id=lead.member_id, now=self.now
            )
        )

    @precondition(lambda self: self.people())
    @rule(number=NUMBERS, who=NUMBERS)
    def a_sale_is_opened_by_hand(self, number, who):
        buyer, seller = self.one(self.people(), number), self.one(self.reps, who)
        self.do(
            lambda: sales.open_by_hand(
                contact_id=buyer, member_id=seller, fields=Fields("Boxes"), now=self.now
            )
        )

    @precondition(lambda self: Opportunity.objects.filter(state="open"))
    @rule(number=NUMBERS, won=st.booleans())
    def a_sale_is_over(self, number, won):
        sale = self.one(list(Opportunity.objects.filter(state="open").order_by("id")), number)
        given = {"opportunity_id": sale.id, "member_id": sale.member_id, "now": self.now}
        today = self.now.date()
        self.do(
            lambda: (
                sales.win(amount=Money(100, "EUR"), on=today, zone="UTC", **given)
                if won
                else sales.lose(reason="price", note="", **given)
            )
        )

    @precondition(lambda self: Opportunity.objects.exclude(state="open"))
    @rule(number=NUMBERS)
    def that_a_sale_is_over_was_a_mistake(self, number):
        sale = self.one(list(Opportunity.objects.exclude(state="open").order_by("id")), number)
        self.do(lambda: sales.take_back(opportunity_id=sale.id, member_id=sale.member_id, now=self.now))

    # What holds after each step

    @invariant()
    def nothing_got_stuck_and_no_fact_is_lost(self):
        assert facts.stuck() == []
        assert facts.unplaced() == 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(DISTINCT o.pos), coalesce(max(o.pos) - min(o.pos) + 1, 0)"
                " FROM interaction i LEFT JOIN ledger_order o ON o.interaction_id = i.id"
            )
            number, placed, span = cursor.fetchone()
        assert number == placed == span
        assert not [each for each in facts.lag() if each.behind]

    @invariant()
    def each_open_lead_is_with_exactly_one(self):
        offered = dict(Offer.objects.filter(outcome="").values_list("lead", "member"))
        for lead in Lead.objects.all():
            if lead.state == State.OFFERED:
                assert offered.pop(lead.id) == lead.member_id
            elif lead.state == State.ACCEPTED:
                assert lead.member_id is not None
                assert lead.accepted_at is not None
                assert lead.rots_at is not None
            elif lead.state in OPEN:
                assert lead.member_id is None
            if lead.state != State.ACCEPTED:
                assert (lead.attempt_due_at, lead.rots_at) == (None, None)
        assert not offered

    @invariant()
    def a_living_contact_has_one_open_lead_or_joined_one(self):
        theirs = list(Lead.objects.filter(state__in=OPEN).values_list("contact", flat=True))
        joined = list(Colleague.objects.filter(left_at__isnull=True).values_list("contact", flat=True))
        living = facts.living([*theirs, *joined])
        assert all(old == new for old, new in living.items()), "a lead or its company is a joined record's"
        assert max(Counter([*theirs, *joined]).values(), default=0) <= 1
        gone = set(theirs) | set(joined)
        assert gone <= set(self.people())
        for row in Colleague.objects.filter(left_at__isnull=True).select_related("lead"):
            assert row.lead.state in OPEN or (row.lead.state == State.CONVERTED and not row.lead.eligible_at)

    @invariant()
    def nobody_is_offered_more_than_fits(self):
        drawn = Offer.objects.filter(id__gt=self.offers_before).exclude(why__in=["picked", "reassigned"])
        for who in set(drawn.values_list("member", flat=True)):
            held = Lead.objects.filter(member=who, state__in=HELD).count()
            assert held <= Member.objects.get(id=who).capacity

    @invariant()
    def exactly_those_in_somebodys_hands_are_held(self):
        in_hands = [
            lead
            for lead in Lead.objects.filter(state__in=[*HELD, State.CONVERTED])
            if lead.state in HELD or lead.eligible_at is None
        ]
        # What a sale holds besides is the matter of its own room.
        holds = Hold.objects.filter(lifted_at__isnull=True, source_kind="lead")
        holds = list(holds.values_list("contact", "source_id"))
        living = facts.living([*(lead.contact_id for lead in in_hands), *(who for who, _ in holds)])
        there = set(self.people())
        expected = Counter(
            (living[lead.contact_id], lead.id) for lead in in_hands if living[lead.contact_id] in there
        )
        assert Counter((living[who], lead) for who, lead in holds) == expected

    @invariant()
    def whoever_is_ripe_is_a_lead_and_nobody_else(self):
        people = self.people()
        told = agreement.told_of(people)
        ripe = {each for each in people if each in told and told[each].qualified}
        rest = self.resting()
        # What somebody had accepted goes on, also after that member left.
        untaken = Lead.objects.filter(state__in=UNTAKEN, accepted_at__isnull=True)
        untaken = set(untaken.values_list("contact", flat=True))
        leads = set(Lead.objects.filter(state__in=OPEN).values_list("contact", flat=True))
        joined = set(Colleague.objects.filter(left_at__isnull=True).values_list("contact", flat=True))
        assert not untaken - ripe, "a lead waits though its contact is not ripe"
        assert not untaken & rest, "a lead waits though its contact rests"
        assert not joined - ripe
        # Whom another sale holds, one opened by hand, is in somebody's hands all the same.
        holds = Hold.objects.filter(lifted_at__isnull=True, source_kind="opportunity")
        in_sale = set(facts.living(holds.values_list("contact", flat=True)).values())
        assert ripe - rest - in_sale <= leads | joined, "somebody ripe was forgotten"

    @invariant()
    def a_lead_became_one_sale_and_rests_as_long_as_that_is_open(self):
        for lead in Lead.objects.filter(state=State.CONVERTED):
            party = (
                Party.objects.filter(lead=lead, contact=lead.contact_id).select_related("opportunity").first()
            )
            if party is None:
                assert facts.living([lead.contact_id])[lead.contact_id] not in self.people()
                continue
            assert (lead.eligible_at is None) == (party.opportunity.state == "open")

    def resting(self):
        """Return who is not to become a lead now: after a return, for good, or while a sale goes on."""
        over = Lead.objects.filter(state__in=[State.RETURNED, State.DISQUALIFIED, State.CONVERTED])
        found = [lead.contact_id for lead in over if lead.eligible_at is None or lead.eligible_at > self.now]
        return set(facts.living(found).values())


def run(examples, steps):
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            database=None,
            # The same ways each time: what fails on one machine fails on all.
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # to shrink takes minutes, and the steps of a failure read as they are
            print_blob=False,
        ),
    )


@pytest.fixture(autouse=True)
def in_force(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    with clock.at(MONDAY):
        agreements.in_force(AGREEMENT)


def test_whatever_happens_each_lead_is_with_exactly_one():
    run(examples=4, steps=20)


@pytest.mark.slow
def test_whatever_happens_for_long_each_lead_is_with_exactly_one():
    run(examples=30, steps=40)
