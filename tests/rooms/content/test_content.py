"""Content: pieces known by another system's reference, made once."""

from datetime import UTC, datetime

import pytest

from orchard.content import actions, queries
from orchard.kit.errors import Conflict, Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_references_are_found_or_made_once():
    known = actions.create_content(
        title="Guide", type="case_study", external_ref="g-1", now=NOW, actor_id=None
    )
    found = actions.ensure_contents(["g-1", "g-2", "g-2", "", "x" * 201], now=NOW)
    assert set(found) == {"g-1", "g-2"}
    assert found["g-1"] == known
    assert actions.ensure_contents(["g-2"], now=NOW) == {"g-2": found["g-2"]}
    assert queries.types(found.values()) == {known: "case_study", found["g-2"]: ""}
    assert queries.titles([known]) == {known: "Guide"}


def test_a_reference_belongs_to_one_piece_and_a_link_is_a_link():
    actions.create_content(title="Guide", external_ref="g-1", now=NOW, actor_id=None)
    with pytest.raises(Conflict):
        actions.create_content(title="Other", external_ref="g-1", now=NOW, actor_id=None)
    with pytest.raises(Refused):
        actions.create_content(title="Script", url="javascript:alert(1)", now=NOW, actor_id=None)
