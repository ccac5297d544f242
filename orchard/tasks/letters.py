"""What notices say by e-mail: how many of which kind there are, and where to read them; never whom they are about."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orchard.tasks.queries.wording import kind_of


def notices(kinds: Iterable[str]) -> dict[str, str]:
    """Write to a member about new notices of these kinds."""
    counted = Counter(kinds)
    lines = [_(kind_of(kind).mail[n > 1]) % {"n": n} for kind, n in counted.items()]
    total = counted.total()
    return {
        "subject": ngettext("%(n)s new notice in Orchard", "%(n)s new notices in Orchard", total)
        % {"n": total},
        "text": "\n".join(
            (
                *lines,
                "",
                _where(),
                "",
                _("How often such mail comes, you choose in your profile."),
            )
        ),
    }


def _where() -> str:
    """Return the way to the notices; where the operator named no host, nobody knows the address of the pages."""
    if not settings.CSRF_TRUSTED_ORIGINS:
        return _("Open Orchard; the bell leads to them.")
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}{reverse('notices:list')}"
