"""The room's notices, and what an erasure empties of its tables."""

from django.utils.translation import gettext_noop as _

from orchard.contacts.types import PersonalTable
from orchard.tasks.types import NoticeKind

PERSONAL: tuple[PersonalTable, ...] = (
    PersonalTable(
        "opportunity",
        "contact_id = ANY (%(contact_ids)s)",
        blank={"name": "'Erased'"},
        free=frozenset({"state", "currency", "lost_to"}),
    ),
    # Its ids stay: by them the leads of a sale end with it, also those of who was erased.
    PersonalTable("opportunity_party"),
)

GIVEN, JOINED = "opportunity.given", "opportunity.joined"

NOTICES = (
    NoticeKind(
        GIVEN,
        words=_("Your opportunity now: %(contact)s"),
        mail=(
            _("A colleague's opportunity is yours now."),
            _("%(n)s opportunities of colleagues are yours now."),
        ),
        address="opportunities:show",
        icon="arrow-right-left",
    ),
    NoticeKind(
        JOINED,
        words=_("%(contact)s joined an opportunity of yours"),
        mail=(
            _("Somebody joined an opportunity of yours."),
            _("%(n)s people joined opportunities of yours."),
        ),
        address="opportunities:show",
        icon="users",
    ),
)
