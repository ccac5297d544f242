"""Every report answers alike on DuckDB and on Spark: the same files, the same text, the same figures."""

import json

import pytest

from orchard.engine import lake
from orchard.reports.queries import numbers
from orchard.reports.types import Asked
from tests.make import company
from tests.make.company import BEGAN, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600)]


def test_every_report_in_all_its_groups_is_the_same_on_both_engines(settings, tmp_path, spark_session):
    settings.ORCHARD_HOME = tmp_path
    company.founded(people=40)
    lake.sync(now=NOW)
    for report in numbers.REPORTS.values():
        there = numbers.OnSpark(spark_session, report.steps, lake.files_of())
        for by in report.bys:
            asked = Asked(by=by, since=BEGAN)
            answers = [numbers.answer(report.name, asked, now=NOW, source=source) for source in (None, there)]
            here, spark = (json.dumps(answer.data(), default=str) for answer in answers)
            assert here == spark, (report.name, by)
