"""The table of permissions: which role opens which address, by which method, and which records it may act on there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from orchard.team import queries as team
from orchard.team.types import Role
from orchard.web.whose import OWNERS, REACHED

EVERYBODY = frozenset(Role)
MARKETING = frozenset({Role.MARKETING, Role.MANAGER, Role.ADMIN})
SELLERS = frozenset({Role.SALES, Role.MANAGER, Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
REPS = frozenset({Role.SALES, Role.MARKETING})
ADMINS = frozenset({Role.ADMIN})

READS = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGES = frozenset({"POST", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open an address, and how.

    `public`: strangers too. `own`: these roles only where the record that the address names is their own. `desk`: only
    where the member whom the address names is within reach, since it shows what that one has in hands. `late`: also
    beyond reach, since whoever comes too late is told by whom, and nothing else. `signers`: whoever may sign for a side
    as well, whatever the role. `by_token`: sessions mean nothing there, open or not; the door lets in by tokens alone,
    whose scopes and members it asks itself.
    """

    roles: frozenset[Role] = frozenset()
    public: bool = False
    own: frozenset[Role] = frozenset()
    desk: bool = False
    late: bool = False
    signers: bool = False
    methods: frozenset[str] = READS | CHANGES
    by_token: bool = False


class Person(team.Somebody, Protocol):
    """What the table needs to know of a member."""

    role: str
    signs_for_sales: bool
    signs_for_marketing: bool

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is logged in."""


NO_ROLE: frozenset[Role] = frozenset()


def page(roles: frozenset[Role], *, own: frozenset[Role] = NO_ROLE, signers: bool = False) -> Rule:
    """Return the rule of an address that shows and changes nothing."""
    return Rule(roles, own=own, signers=signers, methods=READS)


def form(
    roles: frozenset[Role], *, own: frozenset[Role] = NO_ROLE, desk: bool = False, signers: bool = False
) -> Rule:
    """Return the rule of an address that shows a form by GET and does it by POST."""
    return Rule(roles, own=own, desk=desk, signers=signers)


def listing(roles: frozenset[Role], *, own: frozenset[Role] = NO_ROLE, desk: bool = False) -> Rule:
    """Return the rule of a list: it shows itself by GET, and gives all of itself as a file by POST."""
    return Rule(roles, own=own, desk=desk)


def act(
    roles: frozenset[Role], *, own: frozenset[Role] = NO_ROLE, late: bool = False, signers: bool = False
) -> Rule:
    """Return the rule of an address that changes something, by POST alone."""
    return Rule(roles, own=own, late=late, signers=signers, methods=CHANGES)


def call(*methods: str) -> Rule:
    """Return the rule of an address of the REST door, which lets in by tokens alone."""
    return Rule(public=True, by_token=True, methods=frozenset(methods))


PUBLIC = Rule(public=True, methods=READS)
PUBLIC_FORM = Rule(public=True)
NOBODY = Rule(methods=READS)

PERMISSIONS: dict[str, Rule] = {
    # Machines
    "alive": PUBLIC,
    "ready": PUBLIC,
    # To this machine, or with a token of its own: it asks that itself.
    "metrics": PUBLIC,
    # Other systems, by token
    "api:openapi": PUBLIC,
    "api:me": call("GET"),
    "api:contacts": call("GET", "POST"),
    "api:contact": call("GET", "PATCH"),
    "api:contact_emails": call("POST"),
    "api:contact_phones": call("POST"),
    "api:contact_external_ids": call("POST"),
    "api:contact_facts": call("GET"),
    "api:segments": call("GET"),
    "api:segment_members": call("GET"),
    "api:facts": call("POST"),
    "api:leads": call("GET"),
    "api:lead": call("GET"),
    "api:lead_reasons": call("GET"),
    "api:lead_accept": call("POST"),
    "api:lead_pick": call("POST"),
    "api:lead_return": call("POST"),
    "api:lead_reassign": call("POST"),
    "api:lead_reinstate": call("POST"),
    "api:lead_log": call("POST"),
    "api:leads_release": call("POST"),
    # The way in and out
    "account_login": PUBLIC_FORM,
    "account_logout": act(EVERYBODY),
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC_FORM,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC_FORM,
    "account_reset_password_from_key_done": PUBLIC,
    "invitation:accept": PUBLIC_FORM,
    # Everybody's own
    "home": page(EVERYBODY),
    "profile:show": form(EVERYBODY),
    "profile:password": form(EVERYBODY),
    "profile:notices": act(EVERYBODY),
    "profile:sign_out_elsewhere": act(EVERYBODY),
    "profile:end_session": act(EVERYBODY, own=EVERYBODY),
    "notices:list": page(EVERYBODY),
    "notices:bell": page(EVERYBODY),
    "notices:see_all": act(EVERYBODY),
    "notices:open": act(EVERYBODY, own=EVERYBODY),
    "search:find": page(EVERYBODY),
    # Saved views of lists: whether the list itself opens is asked of its own line
    "views:keep": act(EVERYBODY),
    "views:change": form(EVERYBODY, own=EVERYBODY),
    "views:overwrite": act(EVERYBODY, own=EVERYBODY),
    "views:remove": form(EVERYBODY, own=EVERYBODY),
    "views:start": act(EVERYBODY),
    # The face
    "ui:style": page(EVERYBODY),
    "ui:theme": act(EVERYBODY),
    "ui:work": page(EVERYBODY),
    "ui:story": page(EVERYBODY),
    # Together
    "agreement:show": page(EVERYBODY),
    "agreement:history": page(EVERYBODY),
    "agreement:version": page(EVERYBODY),
    "agreement:diff": page(EVERYBODY),
    "agreement:ripe": page(EVERYBODY),
    "agreement:signed_text": page(EVERYBODY),
    "agreement:schema": page(EVERYBODY),
    "agreement:edit": form(MARKETING, signers=True),
    "agreement:text": form(MARKETING, signers=True),
    "agreement:reading": act(MARKETING, signers=True),
    "agreement:would": act(MARKETING, signers=True),
    "agreement:propose": act(MARKETING, signers=True),
    "agreement:discard": act(MARKETING, signers=True),
    "agreement:withdraw": act(MARKETING, signers=True),
    "agreement:sign": act(NO_ROLE, signers=True),
    "hours:list": page(EVERYBODY),
    "hours:away": form(EVERYBODY, own=frozenset({Role.SALES, Role.MARKETING})),
    "hours:back": form(EVERYBODY, own=frozenset({Role.SALES, Role.MARKETING})),
    "reports:show": page(EVERYBODY),
    "reports:figures": page(EVERYBODY),
    "reports:rows": listing(EVERYBODY),
    "reports:file": page(EVERYBODY),
    # The meeting: everybody writes; what one wrote oneself one changes, what colleagues left behind managers tidy up
    "weekly:show": page(EVERYBODY),
    "weekly:week": page(EVERYBODY),
    "weekly:figures": page(EVERYBODY),
    "weekly:history": page(EVERYBODY),
    "weekly:add_note": act(EVERYBODY),
    "weekly:note": form(EVERYBODY, own=EVERYBODY),
    "weekly:remove_note": form(EVERYBODY, own=REPS),
    "weekly:add_decision": act(EVERYBODY),
    "weekly:decision": form(EVERYBODY, own=REPS),
    "weekly:done": act(EVERYBODY, own=REPS),
    "weekly:reopen": act(EVERYBODY, own=REPS),
    "weekly:remove_decision": form(EVERYBODY, own=REPS),
    # Sales
    "today:show": page(SELLERS),
    "today:done": page(SELLERS),
    "today:put_aside": form(SELLERS),
    "today:bring_back": act(SELLERS, own=SELLERS),
    "basket:list": listing(EVERYBODY),
    "basket:release": form(MANAGERS),
    "leads:list": listing(SELLERS),
    "leads:returned": listing(EVERYBODY),
    "leads:desks": page(MARKETING),
    "leads:hand_over": form(MANAGERS, desk=True),
    "leads:show": page(EVERYBODY),
    "leads:accept": act(SELLERS),
    "leads:take_back": act(SELLERS),
    "leads:take_return_back": act(SELLERS),
    "leads:pick": act(SELLERS, late=True),
    "leads:give_back": form(SELLERS),
    "leads:reassign": form(MANAGERS),
    "leads:reinstate": act(MANAGERS),
    "opportunities:list": listing(EVERYBODY),
    "opportunities:new": form(SELLERS),
    "opportunities:convert": form(SELLERS),
    "opportunities:show": page(EVERYBODY),
    "opportunities:edit": form(SELLERS),
    "opportunities:win": form(SELLERS),
    "opportunities:lose": form(SELLERS),
    "opportunities:take_back": act(SELLERS),
    # What is to be done: one's own, and what one planned for others; managers look at everybody's
    "tasks:list": listing(EVERYBODY),
    "tasks:of": listing(MANAGERS, desk=True),
    "tasks:new": form(EVERYBODY),
    "tasks:plan": form(EVERYBODY),
    "tasks:log": form(EVERYBODY),
    "tasks:unlog": act(EVERYBODY, own=EVERYBODY),
    "tasks:change": form(EVERYBODY, own=REPS),
    "tasks:done": act(EVERYBODY, own=REPS),
    "tasks:snooze": act(EVERYBODY, own=REPS),
    "tasks:drop": act(EVERYBODY, own=REPS),
    "tasks:undo": act(EVERYBODY, own=REPS),
    "tasks:file": page(EVERYBODY, own=REPS),
    # Notes: everybody reads and writes; who wrote one changes it
    "notes:members": page(EVERYBODY),
    "notes:about_contact": form(EVERYBODY),
    "notes:about_account": form(EVERYBODY),
    "notes:show": page(EVERYBODY),
    "notes:edit": form(EVERYBODY, own=EVERYBODY),
    "notes:remove": act(EVERYBODY, own=EVERYBODY),
    "notes:restore": act(EVERYBODY, own=EVERYBODY),
    # Files: everybody reads and adds; who added one removes it, managers remove any
    "files:about_contact": form(EVERYBODY),
    "files:about_account": form(EVERYBODY),
    "files:save": page(EVERYBODY),
    "files:open": page(EVERYBODY),
    "files:remove": act(EVERYBODY, own=REPS),
    "files:restore": act(EVERYBODY, own=REPS),
    # Contacts: whoever talks to people keeps what is known of them; an erasure is for good
    "contacts:list": listing(EVERYBODY),
    "contacts:narrow": act(EVERYBODY),
    "contacts:new": form(EVERYBODY),
    "contacts:show": page(EVERYBODY),
    "contacts:edit": form(EVERYBODY),
    "contacts:not_useful": act(EVERYBODY),
    "contacts:move": form(EVERYBODY),
    "contacts:move_back": act(EVERYBODY),
    "contacts:line": form(EVERYBODY),
    "contacts:useful_again": act(EVERYBODY),
    "contacts:doubts": page(EVERYBODY),
    "contacts:decide": act(EVERYBODY),
    "contacts:reopen": act(EVERYBODY),
    "contacts:merge": form(EVERYBODY),
    "contacts:unmerge": act(EVERYBODY),
    "contacts:add_email": form(EVERYBODY),
    "contacts:remove_email": form(EVERYBODY),
    "contacts:make_primary": act(EVERYBODY),
    "contacts:add_phone": form(EVERYBODY),
    "contacts:remove_phone": form(EVERYBODY),
    "contacts:add_external_id": form(EVERYBODY),
    "contacts:remove_external_id": form(EVERYBODY),
    "contacts:give_consent": form(EVERYBODY),
    "contacts:withdraw_consent": form(EVERYBODY),
    "contacts:erase": form(MANAGERS),
    "fields:list": page(EVERYBODY),
    "fields:new": form(MARKETING),
    "fields:change": form(MARKETING),
    "fields:archive": act(MARKETING),
    "fields:restore": act(MARKETING),
    # Marketing
    "imports:list": listing(MARKETING),
    "imports:new": form(MARKETING),
    "imports:map": form(MARKETING, own=frozenset({Role.MARKETING})),
    "imports:preview": form(MARKETING, own=frozenset({Role.MARKETING})),
    "imports:show": page(MARKETING),
    "imports:rejects": page(MARKETING),
    "imports:cancel": act(MARKETING, own=frozenset({Role.MARKETING})),
    "imports:undo": form(MARKETING, own=frozenset({Role.MARKETING})),
    "imports:discard": act(MARKETING, own=frozenset({Role.MARKETING})),
    "accounts:list": listing(EVERYBODY),
    "accounts:new": form(EVERYBODY),
    "accounts:show": page(EVERYBODY),
    "accounts:edit": form(EVERYBODY),
    "accounts:remove": form(MARKETING),
    "accounts:people": page(EVERYBODY),
    "accounts:move": act(EVERYBODY),
    "accounts:role": act(EVERYBODY),
    "accounts:leave": act(EVERYBODY),
    "accounts:add_site": form(EVERYBODY),
    "accounts:remove_site": act(EVERYBODY),
    "accounts:add_id": form(EVERYBODY),
    "accounts:remove_id": act(EVERYBODY),
    "orchard:show": page(EVERYBODY),
    "orchard:trees": page(EVERYBODY),
    "orchard:table": page(EVERYBODY),
    "orchard:soon": page(EVERYBODY),
    "orchard:beside": page(EVERYBODY),
    "orchard:ripening": page(EVERYBODY),
    "campaigns:list": page(EVERYBODY),
    "campaigns:figures": page(EVERYBODY),
    "campaigns:new": form(MARKETING),
    "campaigns:show": page(EVERYBODY),
    "campaigns:brought": page(EVERYBODY),
    "campaigns:edit": form(MARKETING),
    "campaigns:move": form(MARKETING),
    "campaigns:stand": act(MARKETING),
    "campaigns:add_cost": form(MARKETING),
    "campaigns:remove_cost": form(MARKETING),
    "segments:list": page(EVERYBODY),
    "segments:new": form(MARKETING),
    "segments:preview": act(MARKETING),
    "segments:show": listing(EVERYBODY),
    "segments:standing": page(EVERYBODY),
    "segments:edit": form(MARKETING),
    "segments:archive": form(MARKETING),
    "segments:restore": act(MARKETING),
    "programs:list": page(EVERYBODY),
    "programs:new": form(MARKETING),
    "programs:show": listing(EVERYBODY),
    "programs:results": page(EVERYBODY),
    "programs:edit": form(MARKETING),
    "programs:discard": act(MARKETING),
    "programs:go_live": form(MARKETING),
    "programs:retire": form(MARKETING),
    "programs:pause": act(MARKETING),
    "programs:resume": act(MARKETING),
    "programs:let_in": form(MARKETING),
    "programs:let_in_passed": act(MARKETING),
    "programs:enter": form(MARKETING),
    "programs:take_out": act(MARKETING),
    # Manage
    "members:list": listing(MANAGERS),
    "members:invite": form(ADMINS),
    "members:change": form(ADMINS),
    "members:switch_off": form(ADMINS),
    "members:switch_on": act(ADMINS),
    "members:sign_out": act(ADMINS),
    "members:withdraw_invitation": act(ADMINS),
    "members:renew_invitation": act(ADMINS),
    "territories:list": page(MANAGERS),
    "territories:add": form(MANAGERS),
    "territories:change": form(MANAGERS),
    "territories:remove": form(MANAGERS),
    "teams:list": page(MANAGERS),
    "teams:add": form(ADMINS),
    "teams:change": form(ADMINS),
    "teams:remove": form(ADMINS),
    "tokens:list": page(ADMINS),
    "tokens:add": form(ADMINS),
    "tokens:withdraw": form(ADMINS),
    "routing:show": page(MANAGERS),
    "audit:list": listing(ADMINS),
    "health:show": page(MANAGERS),
    "health:retry": act(ADMINS),
    "health:gate": form(ADMINS),
}


def rule_of(url_name: str) -> Rule:
    """Return the rule of an address; one that the table lacks opens to nobody."""
    return PERMISSIONS.get(url_name, NOBODY)


def reaches(member: Person, rule: Rule) -> bool:
    """Tell whether a rule lets this member in, whichever record it is about."""
    if rule.public:
        return True
    if not member.is_authenticated:
        return False
    return member.role in rule.roles or (
        rule.signers and (member.signs_for_sales or member.signs_for_marketing)
    )


def may_open(member: Person, url_name: str) -> bool:
    """Tell whether this member may open an address, as navigation and buttons ask it."""
    return reaches(member, rule_of(url_name))


def owns(member: Person, argument: str, record_id: int) -> bool:
    """Tell whether a record is the member's own; `argument` is its name in addresses, such as `member_id`."""
    return OWNERS[argument](member.id, record_id)


def within_scope(member: Person, rule: Rule, arguments: Mapping[str, object]) -> bool:
    """Tell whether what an address names lies within the reach of the member, who is the one that asks now."""
    ids = {name: int(str(value)) for name, value in arguments.items() if name in OWNERS or name in REACHED}
    if rule.desk and not team.reach().covers(ids["member_id"]):
        return False
    if member.role in rule.own and not all(owns(member, name, ids[name]) for name in ids if name in OWNERS):
        return False
    return rule.late or all(REACHED[name](ids[name]) for name in ids if name in REACHED)
