"""Whom whoever asks may see: everybody but those with whom only members outside the own reach are at work.

A hold says who is at work with a contact. Who is held by nobody is everybody's. What shows people asks here; what
decides about them (identity, consent, suppression, holds) knows everybody.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from orchard.contacts.models import Contact, ContactEmail, ContactPhone, Doubt, ExternalId, Hold, Merge
from orchard.contacts.types import Hidden
from orchard.interactions import queries as ledger
from orchard.kit import once
from orchard.kit.ids import as_array
from orchard.team import queries as team

WITH_A_COLLEAGUE = _("With a colleague")
"""What is said in place of a name."""

# Who is at work with somebody under any id, `ids` an array of them: nobody of the reach, but somebody.
_OTHERS = """
SELECT FROM contact_hold h WHERE h.contact_id = ANY ({ids}) AND h.lifted_at IS NULL AND h.member_id IS NOT NULL
HAVING NOT bool_or(h.member_id = ANY (%(reach)s::bigint[]))
"""
_IDS_OF = (
    "ARRAY(SELECT {living} UNION ALL SELECT o.old_id FROM contact_alias o "
    "WHERE o.living_id = {living} AND o.ended_by IS NULL)"
)
_AMONG = f"""
SELECT given.id FROM unnest(%(ids)s::bigint[]) AS given (id)
  LEFT JOIN contact_alias me ON me.old_id = given.id AND me.ended_by IS NULL
 WHERE EXISTS ({_OTHERS.format(ids=_IDS_OF.format(living="coalesce(me.living_id, given.id)"))})
"""  # noqa: S608 - our own names
_ALL = """
SELECT coalesce(me.living_id, h.contact_id) FROM contact_hold h
  LEFT JOIN contact_alias me ON me.old_id = h.contact_id AND me.ended_by IS NULL
 WHERE h.lifted_at IS NULL AND h.member_id IS NOT NULL
 GROUP BY 1 HAVING NOT bool_or(h.member_id = ANY (%(reach)s::bigint[]))
"""

_LIVING = "coalesce(me.living_id, given.id)"
_WHO = f"""
SELECT given.id, {_LIVING}, c.full_name, {{hidden}} FROM unnest(%(ids)s::bigint[]) AS given (id)
  LEFT JOIN contact_alias me ON me.old_id = given.id AND me.ended_by IS NULL
  JOIN contact c ON c.id = {{record}}
"""  # noqa: S608 - our own names
_COUNT_AT = f"""
SELECT count(*) FROM contact c WHERE c.account_id = %(account)s AND c.erased_at IS NULL
   AND NOT EXISTS (SELECT FROM contact_alias o WHERE o.old_id = c.id AND o.ended_by IS NULL)
   AND EXISTS ({_OTHERS.format(ids=_IDS_OF.format(living="c.id"))})
"""  # noqa: S608 - our own names


def seen(column: str, *, many: bool = False) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions of SQL, and their parameters, that leave the living contacts one may see.

    `column` is where the statement has their ids, with the name of its table. Without `many` each is looked up, as it
    suits a page of a list; with it everybody who is hidden is found first, as it suits a statement that looks at many.
    """
    members = team.reach().members
    if members is None:
        return [], {}
    if many:
        return [f"{column} NOT IN ({_ALL})"], {"reach": as_array(members)}
    others = _OTHERS.format(ids=_IDS_OF.format(living=column))
    return [f"NOT EXISTS ({others})"], {"reach": as_array(members)}


def hidden_among(contact_ids: Iterable[int]) -> set[int]:
    """Return which of these ids, living or not, mean somebody whom one may not see."""
    members = team.reach().members
    ids = set(contact_ids)
    if members is None or not ids:
        return set()
    given = {"ids": as_array(ids), "reach": as_array(members)}
    return set(once.asked(("hidden", frozenset(ids), members), lambda: _read(_AMONG, given)))


class Who(NamedTuple):
    """Who an id means, and what that contact is called to whoever asks."""

    asked: int
    living: int
    name: str


def who(contact_ids: Iterable[int], *, as_asked: bool = False) -> list[Who]:
    """Return who these ids mean; `as_asked` names the record of each id itself, living or not.

    Ids of none are left out; whom one may not see is called by the word for that.
    """
    members, ids = team.reach().members, set(contact_ids)
    if not ids:
        return []
    hidden = (
        f"EXISTS ({_OTHERS.format(ids=_IDS_OF.format(living=_LIVING))})" if members is not None else "FALSE"
    )
    statement = _WHO.format(hidden=hidden, record="given.id" if as_asked else _LIVING)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": as_array(ids), "reach": as_array(members or ())})
        return [
            Who(asked, living, str(WITH_A_COLLEAGUE) if is_hidden else str(Contact(full_name=name)))
            for asked, living, name, is_hidden in cursor.fetchall()
        ]


def hidden_ids() -> set[int]:
    """Return the living contacts whom one may not see: as many as others are at work with."""
    members = team.reach().members
    return set() if members is None else _read(_ALL, {"reach": as_array(members)})


def hidden_at(account_id: int) -> int:
    """Return how many living contacts of an account one may not see."""
    members = team.reach().members
    if members is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_AT, {"account": account_id, "reach": as_array(members)})
        (number,) = cursor.fetchone()
    return int(number)


def at_work_with(contact_id: int) -> set[int]:
    """Return the members who are at work with a contact."""
    holds = Hold.objects.filter(contact__in=ledger.all_ids(ledger.living([contact_id]).values()))
    found = holds.filter(lifted_at__isnull=True, member__isnull=False).values_list("member_id", flat=True)
    return {each for each in found if each is not None}


def refuse_hidden(contact_ids: Iterable[int]) -> None:
    """Refuse whoever asks about somebody whom he or she may not see; raises `Hidden`."""
    if hidden_among(contact_ids):
        raise Hidden("A colleague is at work with this person. Ask a manager if you need to know more.")


def is_seen(contact_id: int) -> bool:
    """Tell whether one may see a contact."""
    return not hidden_among([contact_id])


def is_seen_by_email(email_id: int) -> bool:
    """Tell whether one may see whose address this is."""
    return not hidden_among(ContactEmail.objects.filter(id=email_id).values_list("contact_id", flat=True))


def is_seen_by_phone(phone_id: int) -> bool:
    """Tell whether one may see whose number this is."""
    return not hidden_among(ContactPhone.objects.filter(id=phone_id).values_list("contact_id", flat=True))


def is_seen_by_external_id(external_id: int) -> bool:
    """Tell whether one may see whose id in another system this is."""
    return not hidden_among(ExternalId.objects.filter(id=external_id).values_list("contact_id", flat=True))


def is_seen_by_doubt(doubt_id: int) -> bool:
    """Tell whether one may see both of a pair in doubt."""
    return not _either(Doubt.objects.filter(id=doubt_id).values_list("first_id", "second_id"))


def is_seen_by_merge(merge_id: int) -> bool:
    """Tell whether one may see both whom a merge made one."""
    return not _either(Merge.objects.filter(id=merge_id).values_list("survivor_id", "loser_id"))


def _either(pairs: Collection[tuple[int, int]] | Any) -> set[int]:
    return hidden_among(each for pair in pairs for each in pair)


def _read(statement: str, parameters: dict[str, Any]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {identity for (identity,) in cursor.fetchall()}
