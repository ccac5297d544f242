"""Tables from elsewhere (CSV, XLSX): reading them, mapping their columns, and refusing rows with a reason.

`read(path, import_map)` is the door: it gives a `Reading`, whose `rows()` stream what an import stores.
"""

from orchard.connect.csv.mapping import ImportMap, as_yaml, read_map
from orchard.connect.csv.reading import Table, Tally, is_of_rejects, open_table
from orchard.connect.csv.recognise import Known, recognise
from orchard.connect.csv.rejects import RejectsFile, name_of_rejects, without_ours
from orchard.connect.csv.rows import Reading, read
from orchard.connect.csv.suggest import suggest

__all__ = [
    "ImportMap",
    "Known",
    "Reading",
    "RejectsFile",
    "Table",
    "Tally",
    "as_yaml",
    "is_of_rejects",
    "name_of_rejects",
    "open_table",
    "read",
    "read_map",
    "recognise",
    "suggest",
    "without_ours",
]
