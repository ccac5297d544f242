"""What axe-core finds wrong with a page by the rules of WCAG 2.2 AA."""

from pathlib import Path

import pytest

AXE = Path("node_modules/axe-core/axe.min.js")
in_every_look = pytest.mark.parametrize(
    ("size", "theme"),
    [
        ("phone", "dark"),
        pytest.param("wide", "light", marks=pytest.mark.slow),
        pytest.param("wide", "dark", marks=pytest.mark.slow),
        pytest.param("phone", "light", marks=pytest.mark.slow),
    ],
)
"""Where most goes wrong in every run, the other three with the slow tests."""

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}"


def violations(page):
    """Return each rule that a page breaks with the first place where it does."""
    if not AXE.exists():
        pytest.skip("needs axe-core (npm ci)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES}).then(r => r.violations)")
    return [(one["id"], one["nodes"][0]["html"]) for one in found]
