"""The company of the benches: two members, a signed agreement of real size, campaigns and content."""

from datetime import datetime
from pathlib import Path

from orchard.agreement import actions, queries
from orchard.campaigns import actions as campaigns
from orchard.content import actions as contents
from orchard.team import actions as team
from orchard.team.models import Member
from orchard.team.types import Place, Role, Side

CAMPAIGNS = 20
CONTENTS = ("case_study", "data_sheet", "guide")

SIGNERS = (
    ("marketing@bench.example", Role.MARKETING, Side.MARKETING),
    ("sales@bench.example", Role.MANAGER, Side.SALES),
)


def agreement() -> str:
    """Return an agreement of real size: three rules of fit, nine of engagement, a hand-off with two ways in."""
    return (Path(__file__).parent / "agreement.yaml").read_text()


def found(now: datetime) -> None:
    """Make the members, campaigns and content, and let the agreement come into force."""
    for email, role, side in SIGNERS:
        place = Place(role=role, signs_for=frozenset({side}))
        team.add_member(email=email, name=email, place=place, password=None, now=now)
    for number in range(CAMPAIGNS):
        campaigns.create_campaign(name=f"Campaign {number}", code=f"campaign_{number}", now=now)
    for type_ in CONTENTS:
        contents.create_content(title=type_, type=type_, now=now, actor_id=None)
    sign(agreement(), now)


def sign(text: str, now: datetime) -> None:
    """Let another version come into force."""
    ids = {email: Member.objects.get(email=email).pk for email, _, _ in SIGNERS}
    version = actions.propose_text(text=text, member_id=ids[SIGNERS[0][0]], now=now)
    signed = queries.version(version).text_hash
    for email, _, side in SIGNERS:
        actions.sign(member_id=ids[email], version_id=version, side=side, text_hash=signed, now=now)
