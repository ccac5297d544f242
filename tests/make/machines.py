"""A machine with room, whatever the one is like that runs the tests."""

from types import SimpleNamespace

import pytest

from orchard.reports.queries.health import house


def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the health page see a disk and a memory that are half empty."""
    monkeypatch.setattr(
        house, "shutil", SimpleNamespace(disk_usage=lambda _home: SimpleNamespace(total=100, free=50))
    )
    monkeypatch.setattr(house, "memory_of_machine", lambda: house.Memory(100, 50))
