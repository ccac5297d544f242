"""What imports there are, what their files hold, and which rows were refused."""

from orchard.connect.queries.files import kept_files
from orchard.connect.queries.listing import (
    begun_by,
    how_begun,
    imports,
    name_of_rejects,
    names_of,
    one,
    rejects,
    under_way,
    write_rejects,
)
from orchard.connect.queries.looking import Look, Preview, check_map, look, preview, size_of

__all__ = [
    "Look",
    "Preview",
    "begun_by",
    "check_map",
    "how_begun",
    "imports",
    "kept_files",
    "look",
    "name_of_rejects",
    "names_of",
    "one",
    "preview",
    "rejects",
    "size_of",
    "under_way",
    "write_rejects",
]
