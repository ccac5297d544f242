"""Which papers the demo's Sales keeps: the offer of a sale, the card of a lead, the list of a company's sites."""

import io
from datetime import datetime
from random import Random

from orchard.contacts import actions as contacts
from orchard.contacts.types import NewFile
from orchard.demo.story import papers
from orchard.leads.queries import InHands
from orchard.opportunities.queries import Sale
from orchard.opportunities.types import Fields
from orchard.tasks.types import Holder

_CARDS, _LISTS = 0.8, 0.3
"""Of those met whose card is photographed, and of the companies of sales that send a list of their sites."""

_CITIES = ("Vienna", "Graz", "Linz", "Brno", "Győr", "Passau", "Ulm", "Padua")


def keep_card(lead: InHands, *, by: Holder, now: datetime) -> None:
    """Keep the card of somebody whom one met, of most of them; the same card is kept once."""
    if _chance("card", lead.name).random() < _CARDS:
        content = papers.card(name=lead.name, title=lead.title, company=lead.account)
        file = NewFile(f"Card {lead.name}.png", io.BytesIO(content))
        contacts.keep_files(
            files=[file], words="The card I was given", contact_id=lead.contact_id, actor_id=by.pk, now=now
        )


def keep_offer(lead: InHands, fields: Fields, *, by: Holder, now: datetime) -> None:
    """Keep the offer that was made to somebody."""
    if fields.amount is None:
        return
    number = _chance("offer", lead.name).randint(1_200, 4_800)
    content = papers.offer(
        number=number,
        to=f"{lead.name}, {lead.title}",
        company=lead.account,
        amount=fields.amount,
        on=now,
        by=by.name,
    )
    file = NewFile(f"Offer {number}.pdf", io.BytesIO(content))
    contacts.keep_files(
        files=[file], words=f"As sent: {fields.name}", contact_id=lead.contact_id, actor_id=by.pk, now=now
    )


def keep_sites(sale: Sale, *, by: Holder, now: datetime) -> None:
    """Keep the list of its sites that a company sent, of some of them; the same list is kept once."""
    chance = _chance("sites", sale.account)
    if sale.account_id is not None and chance.random() < _LISTS:
        cities = chance.sample(_CITIES, chance.randint(2, 5))
        file = NewFile("Sites.csv", io.BytesIO(papers.sites(cities=cities, chance=chance)))
        contacts.keep_files(
            files=[file],
            words="Where they pack, and on what",
            account_id=sale.account_id,
            actor_id=by.pk,
            now=now,
        )


def _chance(what: str, whose: str) -> Random:
    """Return the chances of one paper: by the name, so that they take nothing from those of the story."""
    return Random(f"{what} {whose}")  # noqa: S311 - a story, not a secret
