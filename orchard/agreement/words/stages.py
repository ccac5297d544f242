"""What the stages of the lifecycle are called where no agreement has words of its own for them."""

from django.utils.translation import gettext as _


def usual_stages() -> dict[str, str]:
    """Return the usual word for each stage, in the order of the lifecycle."""
    return {
        "contact": _("contact"),
        "engaged": _("engaged"),
        "qualified": _("qualified"),
        "accepted": _("accepted"),
        "opportunity": _("opportunity"),
        "customer": _("customer"),
        "nurturing": _("nurturing"),
        "disqualified": _("disqualified"),
    }
