"""What we write to members and to those who shall become one: plain text, by e-mail."""

from django.utils.translation import gettext as _


def invitation(*, inviter: str, link: str, days: int) -> dict[str, str]:
    """Invite somebody; the link lasts for `days`."""
    return {
        "subject": _("You are invited to Orchard"),
        "text": _(
            "%(inviter)s invites you to Orchard, the system that our Sales and Marketing share.\n\n"
            "Choose your password here:\n\n%(link)s\n\n"
            "The link works once, within %(days)s days. If you did not expect this, ignore it."
        )
        % {"inviter": inviter or _("Your company"), "link": link, "days": days},
    }


def password_changed(*, name: str) -> dict[str, str]:
    """Tell a member that the password is another one now."""
    return {
        "subject": _("Your password was changed"),
        "text": _(
            "Dear %(name)s,\n\nyour password for Orchard was just changed, and you are signed out everywhere else. "
            "If that was not you, ask an admin at once to switch your login off."
        )
        % {"name": name},
    }
