"""What can be done to the agreement: write it, propose it, withdraw it, sign it."""

from orchard.agreement.actions.draft import discard_draft, save_draft
from orchard.agreement.actions.propose import propose, propose_text, withdraw
from orchard.agreement.actions.sign import sign

__all__ = ["discard_draft", "propose", "propose_text", "save_draft", "sign", "withdraw"]
