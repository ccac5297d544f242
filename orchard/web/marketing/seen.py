"""How the form of a record remembers as of when it shows it, so that no colleague's change is written over unseen."""

from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict

from orchard.kit.errors import Outdated, Refused
from orchard.web.refusing import refuse

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Moment(forms.CharField):
    """A moment that the member does not see; where none is given, nothing was seen since long ago."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> datetime:
        """Return the moment, to the microsecond."""
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            return _LONG_AGO
        return at if at.tzinfo else _LONG_AGO


class Seen(forms.Form):
    """A form over a record that stands there already; `initial["seen"]` is its last change, in ISO 8601."""

    seen = Moment(required=False)

    def refuse(self, error: Refused, **names: str) -> None:
        """Say what was refused and keep what was typed; sent again, it is written in sight of what stands now."""
        refuse(self, error, **names)
        if isinstance(error, Outdated):
            data = cast("QueryDict", self.data).copy()
            data["seen"] = error.stands.isoformat()
            self.data = data
