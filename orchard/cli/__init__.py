"""The command `orchard`: reads its arguments, sees that the database runs, calls one function, prints the answer."""

from orchard.cli.main import main

__all__ = ["main"]
