"""Ask for a passphrase and a purpose before what is sealed is opened, and say what is wrong with them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.access.sealed_session import MustWait, NoOfficerKey, PassphraseWrong
from amparo.desk.protection.forms import Choices

_SECRET = {"class": "govuk-input", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
TROUBLES = (PassphraseWrong, MustWait, NoOfficerKey)


class UnlockForm(forms.Form):
    """Ask for the passphrase of her own key."""

    passphrase = forms.CharField(
        label=gettext_lazy("Your passphrase for what is sealed"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=_SECRET),
        error_messages={"required": gettext_lazy("Write your passphrase.")},
    )


class OpenForm(forms.Form):
    """Ask what for, and for the passphrase where her key is not open yet."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you open it for?"),
        widget=Choices,
        choices=[
            ("casework", gettext_lazy("To work on the case")),
            ("supervision", gettext_lazy("To supervise the work")),
            ("hearing", gettext_lazy("To prepare a hearing with the child")),
            ("transfer", gettext_lazy("To hand the case over")),
        ],
        error_messages={"required": gettext_lazy("Say what you open it for.")},
    )
    passphrase = UnlockForm.base_fields["passphrase"]

    def __init__(self, data: Any = None, *, is_open: bool) -> None:  # noqa: ANN401 - a form's data
        super().__init__(data)
        if is_open:
            del self.fields["passphrase"]


class PassphraseForm(forms.Form):
    """Take the passphrase that was offered, or one of her own."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which passphrase will you use?"),
        widget=Choices,
        initial="offered",
        choices=[
            ("offered", gettext_lazy("The one offered above")),
            ("own", gettext_lazy("One of my own: at least four different words, 26 letters or more")),
        ],
    )
    own = forms.CharField(
        label=gettext_lazy("My own passphrase"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=_SECRET),
    )
    offered = forms.CharField(widget=forms.HiddenInput, max_length=200)
    proof = forms.CharField(widget=forms.HiddenInput, max_length=400)

    def chosen(self) -> str:
        """Return the passphrase she takes."""
        said = self.cleaned_data
        return str(said["offered"] if said["which"] == "offered" else said["own"])


def trouble_in_words(trouble: Exception) -> str:
    """Say why her key did not open."""
    if isinstance(trouble, MustWait):
        return _("Too many wrong passphrases. Try again after %(moment)s.") % {
            "moment": _clock(trouble.until)
        }
    if isinstance(trouble, PassphraseWrong):
        return _("This passphrase does not open your key. Tries left before you must wait: %(n)s") % {
            "n": trouble.left
        }
    return _("You have no passphrase for what is sealed yet. Set one first, under Sealed things.")


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def weakness_in_words(because: list[str]) -> str:
    """Say what is wrong with a passphrase of her own."""
    words = {
        "few-words": _("Use at least four different words."),
        "short": _("Use longer words: 26 letters or more together."),
    }
    return " ".join(words[code] for code in because)


def refusal_in_words(codes: tuple[str, ...]) -> str:
    """Say why an officer cannot be let in this way."""
    words = {
        "herself": _("Nobody lets herself in."),
        "other-agency": _("This person does not open what is sealed at your agency."),
        "no-key": _("She has to set her own passphrase first, under Sealed things."),
        "granted": _("She is let in already, or somebody asked for it."),
        "same-person": _("Whoever asked cannot also let in; another person must."),
        "key-not-open": _("Only somebody who can open what is sealed may let others in; unlock first."),
        "no-pair": _("Your agency has no key yet. Whoever runs the node holds the ceremony with you."),
        "not-asked": _("Nobody asked for this any more."),
        "not-granted": _("She is let in to nothing here."),
    }
    return " ".join(words[code] for code in codes if code in words)
