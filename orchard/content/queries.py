"""What content there is."""

from collections.abc import Iterable

from orchard.content.models import Content
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
