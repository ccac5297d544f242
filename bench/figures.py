"""What a bench answers: figures, each with the promise to reach and the reference of the same run."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `reference` is what the bare work gives in the same run (of a ratio: its seconds)."""

    name: str
    value: float
    unit: str
    better: Literal["higher", "lower"]
    reach: float
    reference: float | None

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.value >= self.reach if self.better == HIGHER else self.value <= self.reach

    def data(self) -> dict[str, Any]:
        """Return the figure as JSON holds it."""
        return {**asdict(self), "met": self.met}


def rounded(value: float) -> float:
    """Return four digits that count: what is beyond them is noise."""
    return float(f"{value:.4g}")


def outcome(name: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """Return what a bench prints as JSON."""
    return {"name": name, "machine": machine(), "figures": [figure.data() for figure in figures]}


def table(found: dict[str, Any]) -> str:
    """Return the same in words, a line for each figure."""
    lines = [f"{found['name']}  ({found['machine']})"]
    for each in found["figures"]:
        sign = ">=" if each["better"] == HIGHER else "<="
        reference = "" if each["reference"] is None else f"   bare: {each['reference']:,.4g}"
        mark = "kept  " if each["met"] else "BROKEN"
        lines.append(
            f"  {mark} {each['name']:24} {each['value']:>12,.4g} {each['unit']:12} {sign} {each['reach']:,g}{reference}"
        )
    return "\n".join(lines)


def machine() -> str:
    """Say what kind of machine this is."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {_processor()}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    except OSError:
        pass
    return platform.processor() or "an unnamed processor"
