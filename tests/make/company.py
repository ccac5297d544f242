"""A company for reports: contacts of several countries and campaigns, whose lives are drawn by a seed."""

import random
from datetime import UTC, datetime, timedelta

from django.db import transaction

from orchard import flow
from orchard.campaigns import actions as campaigns
from orchard.contacts import actions as contacts
from orchard.interactions import actions as ledger
from orchard.interactions.types import NewFact
from orchard.team.types import Role
from tests.make.members import member

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)

STEPS = (
    ("form.submitted", ""),
    ("show.visited", ""),
    ("question.asked", ""),
    ("verdict.changed", "in"),
    ("verdict.changed", "out"),
    ("lead.waiting", ""),
    ("lead.offered", ""),
    ("lead.expired", ""),
    ("lead.accepted", ""),
    ("call.connected", ""),
    ("call.attempted", ""),
    ("lead.unattempted", ""),
    ("lead.returned", ""),
    ("lead.disqualified", ""),
    ("lead.converted", ""),
    ("opportunity.opened", ""),
    ("opportunity.won", ""),
    ("opportunity.lost", ""),
    ("email.sent", ""),
)


def founded(*, people=60, seed=5):
    """Make the company and read its ledger to the end; return the ids of its contacts."""
    draw = random.Random(seed)
    shows = campaigns.create_campaign(name="Shows", channel="show", now=BEGAN)
    fair = campaigns.create_campaign(name="Fair", channel="show", parent_id=shows, now=BEGAN)
    ads = campaigns.create_campaign(name="=Ads", channel="web", now=BEGAN)
    for campaign, amount in ((shows, 500_00), (fair, 1_200_00), (ads, 300_01)):
        cost = {"actual_cost": amount, "currency": "EUR"}
        campaigns.change_campaign(campaign_id=campaign, values=cost, now=BEGAN, actor_id=None)
    sellers = [member(Role.SALES, name=name) for name in ("Lars Berg", "Mei Tanabe")]
    ids = [
        contacts.create_contact(
            full_name=f"Ada {number}", country=draw.choice(("DE", "FR", "CA", None)), now=BEGAN
        )
        for number in range(people)
    ]
    with transaction.atomic():
        for contact in ids:
            came = BEGAN + timedelta(days=draw.randrange(200))
            source = draw.choice((fair, fair, ads, None))
            if source:
                campaigns.add_sources([(contact, source, came)])
            ledger.append(list(life(draw, contact, source, came, sellers)), now=NOW)
    ledger.drain(flow.CONSUMERS)
    return ids


def life(draw, contact, source, came, sellers):
    """Yield the facts of one life; its leads and sales bear the number of the contact."""
    at = came
    for kind, direction in draw.choices(STEPS, k=draw.randrange(2, 14)):
        at += timedelta(hours=draw.randrange(1, 200))
        subject = None
        if kind.startswith(("lead.", "opportunity.")):
            subject = (kind.partition(".")[0], 1_000 + contact)
        yield NewFact(
            kind,
            at,
            contact_id=contact,
            direction=direction or None,
            campaign_id=source if kind in ("form.submitted", "show.visited") else None,
            member_id=draw.choice(sellers).id if subject else None,
            subject=subject,
            amount=draw.randrange(1, 9) * 1_000_00 if kind == "opportunity.won" else None,
            currency="EUR" if kind == "opportunity.won" else "",
        )
