"""The PostgreSQL that Orchard brings along: the first process of a home starts it, the last one stops it."""

from orchard.kit.embedded_postgres.binaries import pg_dump_path, pg_restore_path, psql_path
from orchard.kit.embedded_postgres.places import Address, Places, address, places
from orchard.kit.embedded_postgres.server import Server, ensure_running, release, remove, running

__all__ = [
    "Address",
    "Places",
    "Server",
    "address",
    "ensure_running",
    "pg_dump_path",
    "pg_restore_path",
    "places",
    "psql_path",
    "release",
    "remove",
    "running",
]
