"""What the docs point at is there, and the README is short."""

import re

import pytest

from tests.arch.house import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        path, _, heading = target.partition("#")
        led_to = (page.parent / path).resolve() if path else page
        assert led_to.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", led_to.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, (
                target
            )


def test_the_readme_is_short_and_leads_to_every_guide():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < 120
    guides = {f"docs/guides/{path.name}" for path in ROOT.glob("docs/guides/*.md")}
    assert guides - set(re.findall(r"\]\(([^)]+)\)", readme)) == set()


def test_the_way_through_the_house_that_contributing_tells_is_the_way_of_the_code():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = re.findall(r"`(orchard/[\w/]+\.py)`(?:, `(\w+)`)?", text)
    assert len(steps) >= 11
    for path, function in steps:
        assert (
            f"def {function}(" in (ROOT / path).read_text(encoding="utf-8")
            if function
            else (ROOT / path).exists()
        )
