"""What can be done to the agreement, and by it: write, propose and sign it, assess contacts by it."""

from orchard.agreement.actions.assess import assess
from orchard.agreement.actions.draft import discard_draft, save_draft
from orchard.agreement.actions.due import tell_due
from orchard.agreement.actions.propose import propose, propose_text, withdraw
from orchard.agreement.actions.refresh import Refresh, refresh
from orchard.agreement.actions.sign import sign

__all__ = [
    "Refresh",
    "assess",
    "discard_draft",
    "propose",
    "propose_text",
    "refresh",
    "save_draft",
    "sign",
    "tell_due",
    "withdraw",
]
