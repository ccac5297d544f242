"""What a machine asks: alive, and ready to serve."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from orchard.interactions import queries
from orchard.reports import queries as reports


def alive(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and is migrated, and how far the consumers are; 503 where it cannot serve."""
    try:
        if waiting := reports.migrations_waiting():
            return JsonResponse({"ready": False, "database": True, "migrations_waiting": waiting}, status=503)
        behind = max((lag.behind for lag in queries.lag()), default=0)
        return JsonResponse(
            {
                "ready": True,
                "database": True,
                "migrations_waiting": 0,
                "behind": behind,
                "stuck": queries.stuck_count(),
            }
        )
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
