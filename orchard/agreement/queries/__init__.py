"""What other rooms and pages may ask: versions and their documents, and what the agreement says of a contact."""

from orchard.agreement.queries.version import (
    VersionShown,
    check_text,
    draft,
    history,
    in_force,
    normal_of,
    proposed,
    rights_of,
    template_text,
    version,
    version_numbered,
)

__all__ = [
    "VersionShown",
    "check_text",
    "draft",
    "history",
    "in_force",
    "normal_of",
    "proposed",
    "rights_of",
    "template_text",
    "version",
    "version_numbered",
]
