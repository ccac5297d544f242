"""What Prometheus reads: what was answered how fast by all processes of this server, and how the house stands."""

import ipaddress
import logging
import os
from collections.abc import Iterator
from hmac import compare_digest
from importlib.metadata import version

import prometheus_client as prometheus
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from orchard.connect import queries as imports
from orchard.kit import clock
from orchard.reports import queries as reports
from orchard.reports.types import Gauge

logger = logging.getLogger(__name__)

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)

_counted = prometheus.CollectorRegistry()
_requests = prometheus.Counter(
    "orchard_requests",
    "Requests answered, by the name of the route and the class of the status.",
    ("route", "method", "status"),
    registry=_counted,
)
_took = prometheus.Histogram(
    "orchard_request_seconds",
    "How long answers took.",
    ("route", "method"),
    buckets=_SECONDS,
    registry=_counted,
)


def method_of(request: HttpRequest) -> str:
    """Return the method of a request, as one of few words."""
    return request.method if request.method in _METHODS else "other"


def count(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer."""
    _requests.labels(route, method, f"{status // 100}xx").inc()
    _took.labels(route, method).observe(seconds)


def scrape(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus what there is to know, if it comes from this machine or with the token."""
    if not _may_read(request):
        return HttpResponse(
            "Metrics are for this machine, or for a bearer of the token in ORCHARD_METRICS_TOKEN.\n",
            status=403,
            content_type="text/plain",
        )
    registry = prometheus.CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    registry.register(_House())
    return HttpResponse(
        prometheus.generate_latest(registry),
        content_type=prometheus.CONTENT_TYPE_PLAIN_0_0_4,
        headers={"Cache-Control": "no-store"},
    )


class _Counted(Collector):
    """What this process alone has answered."""

    def collect(self) -> Iterator[Metric]:
        """Return it as it stands."""
        return iter(_counted.collect())


class _House(Collector):
    """How the house stands, asked of the database now."""

    def collect(self) -> Iterator[Metric]:
        """Ask; where the database does not answer, say that."""
        yield _family(
            Gauge("orchard_build_info", "Which Orchard this is.", {(version("orchard"),): 1}, ("version",))
        )
        try:
            now = clock.now()
            found = [*reports.gauges(now=now), _imports()]
        except DatabaseError:
            logger.warning("The database does not answer to a scrape.")
            yield _family(Gauge("orchard_database_up", "Whether the database answers.", {(): 0}))
            return
        yield _family(Gauge("orchard_database_up", "Whether the database answers.", {(): 1}))
        yield from map(_family, found)


def _imports() -> Gauge:
    states: dict[tuple[str, ...], float] = {(state,): float(n) for state, n in imports.under_way().items()}
    return Gauge("orchard_imports", "Imports that are not over, by state.", states, ("state",))


def _family(gauge: Gauge) -> GaugeMetricFamily:
    family = GaugeMetricFamily(gauge.name, gauge.says, labels=gauge.labels)
    for labels, value in gauge.samples.items():
        family.add_metric(labels, value)
    return family


def _may_read(request: HttpRequest) -> bool:
    """Tell whether a token opens, or that the request comes straight from a program on this machine.

    Behind a proxy everybody seems to come from there, so without a token nobody may.
    """
    token = settings.ORCHARD_METRICS_TOKEN
    if "Authorization" in request.headers:
        scheme, _, given = request.headers["Authorization"].partition(" ")
        return bool(token) and scheme.lower() == "bearer" and compare_digest(given.encode(), token.encode())
    if settings.ORCHARD_HOSTS or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
