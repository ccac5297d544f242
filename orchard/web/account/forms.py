"""The fields of the way in: login, reset, new password, invitation, and of a member's own profile."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from orchard.kit.languages import LANGUAGES, UNCHOSEN
from orchard.tasks.types import Mailing
from orchard.team.types import NAME_LENGTH
from orchard.web.ui.forms import time_zones

PASSWORD_RULES = _(
    "At least 10 characters, not digits alone, and nothing that is easily guessed from your name or address."
)


class Login(allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Use our words."""
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")


class Reset(allauth.ResetPasswordForm):  # type: ignore[misc]
    """The address that a reset link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Use our words."""
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("E-mail")


class NewPassword(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, by the link of a reset mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask once; a password manager types it anyway, and a typing error is mended by another reset."""
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _plain(self)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_RULES


class Acceptance(forms.Form):
    """What an invited person chooses."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=PASSWORD_RULES,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class Profile(forms.Form):
    """What members choose for themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Every time is shown in this zone.")
    )
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=[("system", _("As the system says")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[(UNCHOSEN, _("As my browser asks")), *LANGUAGES.items()],
        help_text=_("Pages and letters to you speak it; without a choice letters are in English."),
    )


class NoticeMail(forms.Form):
    """How notices come by e-mail."""

    mailing = forms.ChoiceField(
        label=_("By e-mail"),
        choices=[
            (Mailing.HOURLY.value, _("At most once an hour, while I work")),
            (Mailing.AT_ONCE.value, _("At once, each by itself")),
            (Mailing.NONE.value, _("Never")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Mail names nobody: it says how much there is, and leads here."),
    )


class ChangePassword(forms.Form):
    """The old password and the new one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=PASSWORD_RULES,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def _plain(form: forms.Form) -> None:
    """Take out the grey words inside the fields; the labels say them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
