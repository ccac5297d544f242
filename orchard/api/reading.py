"""How a request is read: JSON of a sane size and depth, whose texts and numbers can be kept."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from orchard.api import rules
from orchard.api.types import Flaw, Flawed, NotJson, WrongMedia

LARGEST = 4 * 2**20
"""How many bytes a body has at most."""

_JSON = frozenset({"application/json", "application/merge-patch+json"})
_LONGEST_NUMBER = 40


class Reader(Parser):
    """Reads bodies and queries, and refuses what could be kept nowhere before anything else looks at it."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the JSON of a body."""
        if request.content_type not in _JSON:
            raise WrongMedia("Send the body as JSON, with Content-Type: application/json.")
        try:
            tree = json.loads(request.body.decode(), parse_int=_whole, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise NotJson(
                "The body is no JSON in UTF-8. Look for a missing quote, comma or bracket."
            ) from error
        if flaws := list(rules.flaws_of(tree)):
            raise Flawed(flaws)
        read: DictStrAny = tree
        return read

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        """Return the parameters of a query."""
        flaws = [
            Flaw("This holds a character that no text may hold.", place="query", parameter=name)
            for name, values in data.lists()
            for value in values
            if rules.has_unstorable(str(value))
        ]
        if flaws:
            raise Flawed(flaws)
        return super().parse_querydict(data, list_fields, request)


def _whole(digits: str) -> int | float:
    """Read a whole number; one of more digits than anybody keeps is merely too large."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


def _no_number(name: str) -> NoReturn:
    """Refuse what JSON has no word for, such as NaN."""
    raise ValueError(name)
