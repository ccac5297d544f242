"""Who is here, who was invited, and where a member is signed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from orchard.kit import ids, once
from orchard.kit.naming import Named
from orchard.kit.paging import By, Page
from orchard.kit.walking import Sort, named, walk
from orchard.team import rules
from orchard.team.models import Invitation, Member, Team
from orchard.team.types import SELLERS, Role, Side, SignedIn, UnknownInvitation, UnknownMember, UnknownTeam

DEMO_DOMAIN = "@demo.example"
PAGE = 50

_FIRST = By("name")
# What the list of members can be sorted by.
SORTS = {
    "name": Sort(Lower("name"), str),
    "email": named("email", str),
    "role": named("role", str),
    "signed_in": named("last_login", datetime, empty=True),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """How the list of members is narrowed: words of name or e-mail, role, team, and whether switched on."""

    words: str = ""
    role: str = ""
    team_id: int | None = None
    active: bool | None = None


def anybody() -> bool:
    """Tell whether anybody could log in."""
    return Member.objects.filter(is_active=True).exists()


def demo_logins() -> list[str]:
    """Return the addresses of the demo company's logins; none in a real company."""
    return list(
        Member.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)
        .order_by("id")
        .values_list("email", flat=True)
    )


def member(member_id: int) -> Member:
    """Return one member with the team."""
    try:
        return Member.objects.select_related("team").get(id=member_id)
    except Member.DoesNotExist as error:
        raise UnknownMember("There is no such member.") from error


def member_by_email(email: str) -> Member:
    """Return the member with this login, whatever its case."""
    found = Member.objects.select_related("team").filter(email=email.strip().lower()).first()
    if found is None:
        raise UnknownMember("There is no member with the login {email}.", email=email)
    return found


def names(member_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of these members; ids of nobody are left out."""
    return dict(Member.objects.filter(id__in=member_ids).values_list("id", "name"))


def naming(member_ids: Iterable[int]) -> Named:
    """Return where the names of these members stand, for who asks for those of other things too."""
    return Named("member", Member.objects.filter(id__in=set(member_ids)))


def names_by_email(emails: Iterable[str]) -> dict[str, str]:
    """Return the names of the members who sign in with these addresses."""
    return dict(Member.objects.filter(email__in=list(emails)).values_list("email", "name"))


def desks(member_ids: Iterable[int]) -> list[Member]:
    """Return who takes leads, and these members whatever they take, with their teams, by name."""
    takes = Q(is_active=True, capacity__gt=0, role__in=SELLERS) | Q(id__in=list(member_ids))
    return list(Member.objects.filter(takes).select_related("team").order_by(Lower("name"), "id"))


def active() -> list[Member]:
    """Return everybody who is switched on, by name."""
    rows = Member.objects.filter(is_active=True).order_by(Lower("name"), "id")
    return list(once.asked("team.active", lambda: list(rows)))


def sellers() -> list[Member]:
    """Return everybody who can work on leads and is switched on, by name."""
    return list(Member.objects.filter(is_active=True, role__in=SELLERS).order_by(Lower("name"), "id"))


def managers() -> list[int]:
    """Return the ids of the managers who are switched on; where there is none, of the admins."""
    rows = Member.objects.filter(is_active=True)
    found = list(rows.filter(role=Role.MANAGER).values_list("id", flat=True))
    return found or list(rows.filter(role=Role.ADMIN).values_list("id", flat=True))


def signers(side: Side) -> list[Member]:
    """Return who may sign for a side and is switched on, by name."""
    column = {Side.SALES: "signs_for_sales", Side.MARKETING: "signs_for_marketing"}[side]
    return [each for each in active() if getattr(each, column)]


def members(
    chosen: Filter,
    *,
    by: By = _FIRST,
    cursor: str = "",
    size: int = PAGE,
) -> Page[Member]:
    """Return a page of members, those switched off included unless the filter says otherwise."""
    return walk(_chosen(chosen).select_related("team"), SORTS, by, cursor=cursor, size=size)


def count(chosen: Filter) -> int:
    """Return how many members a filter leaves."""
    return _chosen(chosen).count()


def _chosen(chosen: Filter) -> QuerySet[Member]:
    rows = Member.objects.all()
    for word in chosen.words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if chosen.role:
        rows = rows.filter(role=chosen.role)
    if chosen.team_id is not None:
        rows = rows.filter(team_id=chosen.team_id)
    return rows if chosen.active is None else rows.filter(is_active=chosen.active)


def teams() -> list[Team]:
    """Return all teams by name, each with `active`, how many of its members are switched on."""
    active = Count("members", filter=Q(members__is_active=True))
    return list(Team.objects.annotate(active=active).order_by(Lower("name"), "id"))


def team_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of the teams with these codes."""
    return dict(Team.objects.filter(code__in=list(codes)).values_list("code", "name"))


def team(team_id: int) -> Team:
    """Return one team with `active`, how many of its members are switched on."""
    for each in teams():
        if each.id == team_id:
            return each
    raise UnknownTeam("There is no such team.")


def is_last_admin(member_id: int) -> bool:
    """Tell whether nobody else could manage the members."""
    admins = Member.objects.filter(role=Role.ADMIN, is_active=True)
    return not admins.exclude(id=member_id).exists()


def open_invitations() -> list[Invitation]:
    """Return the invitations that were neither used nor withdrawn, expired ones included, newest first."""
    return list(
        Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("invited_by", "team")
        .order_by("-created_at", "-id")
    )


def token_hash(token: str) -> str:
    """Return what is kept of an invitation's token."""
    return str(ids.keyed_hash(token, key=settings.SECRET_KEY.encode(), purpose="invitation"))


def invitation_by_token(token: str, *, now: datetime) -> Invitation:
    """Return the invitation that a link names, while it holds."""
    found = Invitation.objects.filter(token_hash=token_hash(token)).first()
    if found is None or not rules.invitation_holds(
        used_at=found.used_at, withdrawn_at=found.withdrawn_at, expires_at=found.expires_at, now=now
    ):
        raise UnknownInvitation(
            "This invitation was used, withdrawn or has expired. Ask the person who invited you for a new link."
        )
    return found


def signed_in(member_id: int, *, current_key: str | None = None, now: datetime) -> list[SignedIn]:
    """Return where a member is signed in, newest first; `current_key` is the session that asks."""
    rows = UserSession.objects.filter(user_id=member_id).order_by("-created_at", "-id")
    living = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now
        ).values_list("session_key", flat=True)
    )
    return [
        SignedIn(
            row.id,
            rules.client_in_words(row.user_agent),
            row.ip,
            row.created_at,
            current=row.session_key == current_key,
        )
        for row in rows
        if row.session_key in living
    ]


def is_session_of(member_id: int, session_id: int) -> bool:
    """Tell whether a member is the one signed in there."""
    return bool(UserSession.objects.filter(id=session_id, user_id=member_id).exists())
