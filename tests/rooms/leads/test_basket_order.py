"""The basket can be flooded: each of its orders is walked by an index, up and down, from anywhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orchard.kit import clock, paging
from orchard.kit.paging import By
from orchard.leads import queries as leads

pytestmark = pytest.mark.django_db

KEYS = {"score": ("lead_basket", [40_000_000, 7]), "ripe": ("lead_basket_ripe", [clock.now(), 7])}


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("sort", KEYS)
def test_an_order_of_the_basket_is_that_of_an_index_and_never_sorted_anew(sort, down):
    index, key = KEYS[sort]
    with CaptureQueriesContext(connection) as asked:
        leads.basket(now=clock.now(), by=By(sort, down), cursor=paging.encode(key))
    (statement,) = [each["sql"] for each in asked if 'FROM "lead"' in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index} on lead" in plan
    assert "ROW(" in plan.partition("Index Cond")[2]
    assert "Sort" not in plan
