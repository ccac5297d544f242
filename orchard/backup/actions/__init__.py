"""Making a backup, and restoring one."""

from orchard.backup.actions.back_up import back_up
from orchard.backup.actions.restore import restore

__all__ = ["back_up", "restore"]
