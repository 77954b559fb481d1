"""Forms about people: invite, role, team, reason, and the way in of somebody invited."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from amparo.access.colleagues import TeamLine
from amparo.access.rules import Role
from amparo.desk.context import role_in_words

_INPUT, _SELECT = {"class": "govuk-input"}, {"class": "govuk-select"}


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(_INPUT))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(_INPUT))
    role = forms.ChoiceField(label=_("Role"), widget=forms.Select(_SELECT))
    team = forms.UUIDField(label=_("Team"), required=False, widget=forms.Select(_SELECT))

    def __init__(self, roles: Iterable[Role], teams: Iterable[TeamLine], *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self.fields["role"].choices = [(one.value, role_in_words(one)) for one in roles]  # type: ignore[attr-defined]
        self.fields["team"].widget.choices = [
            ("", _("no team")),
            *((one.id, one.name) for one in teams),
        ]


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("New role"), widget=forms.Select(_SELECT))

    def __init__(self, roles: Iterable[Role], *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self.fields["role"].choices = [(one.value, role_in_words(one)) for one in roles]  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """A team to be put into."""

    team = forms.UUIDField(label=_("Team"), required=False, widget=forms.Select(_SELECT))

    def __init__(self, teams: Iterable[TeamLine], *args: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **more)
        self.fields["team"].widget.choices = [
            ("", _("no team")),
            *((one.id, one.name) for one in teams),
        ]


class TeamNameForm(forms.Form):
    """The name of a team."""

    name = forms.CharField(label=_("Name of the team"), max_length=80, widget=forms.TextInput(_INPUT))


class ReasonForm(forms.Form):
    """Why a change is declined."""

    reason = forms.CharField(
        label=_("Why not?"), max_length=300, widget=forms.Textarea({"class": "govuk-textarea", "rows": 3})
    )


class LinkForm(forms.Form):
    """The secret of a link; a script takes it from behind the # of the address, or she pastes the whole link."""

    secret = forms.CharField(
        label=_("Your link"),
        help_text=_("Paste the whole link that your colleague gave you."),
        max_length=300,
        widget=forms.TextInput(_INPUT | {"autocomplete": "off", "data-from-address": ""}),
    )

    def clean_secret(self) -> str:
        """Return what stands behind the # of a link, or the secret itself."""
        return str(self.cleaned_data["secret"]).rpartition("#")[2].strip()


class WayInForm(forms.Form):
    """The code of the second person, and a password of one's own; the secret of the link is carried along."""

    secret = forms.CharField(max_length=300, widget=forms.HiddenInput())
    code = forms.CharField(
        label=_("Code that your second colleague told you"),
        max_length=20,
        widget=forms.TextInput(_INPUT | {"autocomplete": "off", "autocapitalize": "characters"}),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 15 characters. Four words that do not belong together are easy to remember."),
        strip=False,
        widget=forms.PasswordInput(_INPUT | {"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(_INPUT | {"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuse a password that is short or often used."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords that differ."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("password") and said.get("again") != said["password"]:
            self.add_error("again", _("The two passwords differ."))
        return said
