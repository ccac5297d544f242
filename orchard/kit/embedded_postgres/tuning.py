"""The settings of the embedded server: safe first, then sized for the machine it finds."""

import os
from pathlib import Path

from orchard.kit.embedded_postgres.places import PORT

_MB = 1024 * 1024


def settings_text(run: Path, *, memory: int, shared_memory: int) -> str:
    """Write the settings file for a socket folder `run`; `memory` and `shared_memory` (/dev/shm) in bytes."""
    megabytes = memory // _MB
    settings = {
        "listen_addresses": "''",
        "port": PORT,
        "unix_socket_directories": f"'{run}'",
        "unix_socket_permissions": "0700",
        "max_connections": 60,
        "synchronous_commit": "on",
        "shared_buffers": f"{max(32, min(16384, megabytes // 4))}MB",
        "effective_cache_size": f"{max(64, megabytes // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(32, min(256, megabytes // 16))}MB",
        # Docker's default of 64 MB in /dev/shm breaks parallel hash joins.
        "dynamic_shared_memory_type": "posix" if shared_memory >= 512 * _MB else "sysv",
        # Less makes a large import, or the reading of it, write whole pages again after a checkpoint in its middle.
        "max_wal_size": f"{max(4096, min(16384, megabytes // 3))}MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
        # A row's values stand in DETAIL and in the statement, and no erasure reaches the log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    head = "# Written by Orchard before each start. Your own settings: postgresql.conf, below the include."
    return "\n".join([head, *lines, ""])


def shared_memory_of_machine() -> int:
    """Bytes that /dev/shm may hold, 0 where there is none."""
    try:
        seen = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size only
    except OSError:
        return 0
    return seen.f_blocks * seen.f_frsize
