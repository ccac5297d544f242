"""Everything that writes contacts and accounts."""

from orchard.contacts.actions.account import (
    add_account_id,
    add_site,
    change_account,
    create_account,
    remove_account,
    remove_account_id,
    remove_site,
)
from orchard.contacts.actions.claims import suppression_hash
from orchard.contacts.actions.consent import grant_consent, withdraw_consent
from orchard.contacts.actions.contact import (
    add_email,
    add_external_id,
    add_phone,
    change_contact,
    create_contact,
    make_primary,
    move_to_account,
    remove_email,
    remove_external_id,
    remove_phone,
)
from orchard.contacts.actions.custom_field import (
    archive_custom_field,
    declare_custom_field,
    restore_custom_field,
)
from orchard.contacts.actions.erase import (
    data_map,
    erase_contact,
    gone,
    hold_erasures,
    install_data_map,
    suppress,
)
from orchard.contacts.actions.erase_again import ErasedAgain, erase_again
from orchard.contacts.actions.erasure_list import complete_list
from orchard.contacts.actions.files import forget_removed_files, keep_files, remove_file, restore_file
from orchard.contacts.actions.hold import Held, hold, lift
from orchard.contacts.actions.merge import decide_doubt, merge, reopen_doubt, unmerge
from orchard.contacts.actions.move_fact import move_fact, move_fact_back
from orchard.contacts.actions.note_consents import note_consents, take_back_consents
from orchard.contacts.actions.role import set_role
from orchard.contacts.actions.undo_import import Undone, undo_import
from orchard.contacts.actions.upsert import upsert_batch
from orchard.contacts.actions.upsert_companies import upsert_companies

__all__ = [
    "ErasedAgain",
    "Held",
    "Undone",
    "add_account_id",
    "add_email",
    "add_external_id",
    "add_phone",
    "add_site",
    "archive_custom_field",
    "change_account",
    "change_contact",
    "complete_list",
    "create_account",
    "create_contact",
    "data_map",
    "decide_doubt",
    "declare_custom_field",
    "erase_again",
    "erase_contact",
    "forget_removed_files",
    "gone",
    "grant_consent",
    "hold",
    "hold_erasures",
    "install_data_map",
    "keep_files",
    "lift",
    "make_primary",
    "merge",
    "move_fact",
    "move_fact_back",
    "move_to_account",
    "note_consents",
    "remove_account",
    "remove_account_id",
    "remove_email",
    "remove_external_id",
    "remove_file",
    "remove_phone",
    "remove_site",
    "reopen_doubt",
    "restore_custom_field",
    "restore_file",
    "set_role",
    "suppress",
    "suppression_hash",
    "take_back_consents",
    "undo_import",
    "unmerge",
    "upsert_batch",
    "upsert_companies",
    "withdraw_consent",
]
