"""Who may write the agreement and who may sign it."""

from orchard.agreement.types import Rights, Signer
from orchard.team.types import Role, Side


def rights_of(member: Signer) -> Rights:
    """Return what a member may do with the agreement."""
    if not member.is_active:
        return Rights(drafts=False, sides=frozenset())
    held = {Side.SALES: member.signs_for_sales, Side.MARKETING: member.signs_for_marketing}
    sides = frozenset(side for side, holds in held.items() if holds)
    drafts = bool(sides) or member.role in (Role.MARKETING, Role.MANAGER, Role.ADMIN)
    return Rights(drafts=drafts, sides=sides)
