"""What content there is."""

from collections.abc import Iterable

from orchard.content.models import Content


def titles(content_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of these pieces."""
    return dict(Content.objects.filter(id__in=set(content_ids)).values_list("id", "title"))


def types(content_ids: Iterable[int]) -> dict[int, str]:
    """Return the types of these pieces, as conditions ask for them (`content.type`)."""
    return dict(Content.objects.filter(id__in=set(content_ids)).values_list("id", "type"))
