"""Promise: who asks for a quote is in the basket within 100 ms, half of the time, also while a file comes in."""

import subprocess
import time
from collections.abc import Iterator

from bench import forms, people
from bench.figures import LOWER, Figure, rounded
from bench.ground import Ground, say
from bench.import_rows import ROWS, SINCE, map_file
from bench.large import contacts_at, large
from orchard.kit import clock
from orchard.kit.errors import Refused
from orchard.leads import queries as leads


def measure(here: Ground) -> list[Figure]:
    """Let forms come in beside the workers of the house: at rest, then while a file of a million rows comes in."""
    seconds = max(3.0, forms.SECONDS * here.scale)
    with here.clone(large(here)):
        forms.catch_up()
        people_left = forms.people_far_from_ripe()
        bare = forms.bare(here, round(seconds * forms.PER_SECOND))
        with forms.house(here):
            forms.wait_for_the_house(next(people_left), _look)
            rest = forms.send(people_left, _look, until=forms.until_after(seconds))
            say(f"  at rest, {len(rest)} forms: {forms.spread(rest)}")
            busy = _during_import(here, people_left)
            say(f"  during an import, {len(busy)} forms: {forms.spread(busy)}")
    alone = rounded(forms.share(bare, 0.99))
    return [
        Figure("p50_ms", rounded(forms.share(rest, 0.5)), "ms", LOWER, 100, rounded(forms.share(bare, 0.5))),
        Figure(
            "p99_ms", rounded(forms.share(rest, 0.99)), "ms", LOWER, 500, rounded(forms.share(bare, 0.99))
        ),
        Figure("p99_ms_during_import", rounded(forms.share(busy, 0.99)), "ms", LOWER, 2_000, alone),
    ]


def _look(pending: dict[int, float], found: forms.Found) -> None:
    """Look who is a lead by now, and note how long each took in milliseconds."""
    given = dict(pending)
    for lead in leads.handoffs_of(given, now=clock.now()):
        if lead.is_open and lead.contact_id in pending:
            found[lead.contact_id] = (time.monotonic() - pending.pop(lead.contact_id)) * 1000


def _during_import(here: Ground, people_left: Iterator[int]) -> list[float]:
    path, rows = here.home / "rows.csv", here.count(ROWS, 1_000)
    people.write_file(path, people.half_known(rows, contacts_at(here)), since=SINCE)
    process = here.start("import", path, "--map", map_file(here), stdout=subprocess.DEVNULL)
    found = forms.send(people_left, _look, until=lambda: process.poll() is not None)
    if process.returncode:
        raise Refused("The import beside the forms failed; its words are above.")
    return found
