"""What content there is."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from orchard.content.models import Content
from orchard.content.tables import FIELDS, USUAL, type_name
from orchard.engine.types import Field
from orchard.kit.naming import Named


def titles(content_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of these pieces."""
    return dict(Content.objects.filter(id__in=set(content_ids)).values_list("id", "title"))


def naming(content_ids: Iterable[int]) -> Named:
    """Return where the titles of these pieces stand, for who asks for the names of other things too."""
    return Named("content", Content.objects.filter(id__in=set(content_ids)), "title")


def types(content_ids: Iterable[int]) -> dict[int, str]:
    """Return the types of these pieces, as conditions ask for them (`content.type`)."""
    return dict(Content.objects.filter(id__in=set(content_ids)).values_list("id", "type"))


def catalogue_fields() -> tuple[Field, ...]:
    """Return the fields of facts that name content, which offer the usual types and those that some piece has."""
    types = Content.objects.exclude(type="").order_by().values_list("type", flat=True).distinct()
    had = cache(lambda: sorted({*USUAL, *types}, key=type_name))
    return tuple(replace(each, usual=had, others=True) for each in FIELDS)
