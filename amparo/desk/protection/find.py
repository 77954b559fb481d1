"""Look for a child by name among the cases of the reader's agency; the words are sent in the body, never kept.

The page opens no case: it shows what a list shows. No name stands in an address, in the history or in the audit trail.
Decision: 0023.
"""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from amparo.access.rules import NotAllowed, may
from amparo.cases.searching import REASONS, FoundPage, find_children
from amparo.desk.reader import DeskRequest
from amparo.names import parts_of

LONGEST = 200
_WHY = {
    "mine": gettext_lazy("I look for a case I work on"),
    "present": gettext_lazy("The child is in front of me"),
    "called": gettext_lazy("Somebody asks or calls about the child"),
    "twice": gettext_lazy("I check whether she was received twice"),
}


class FindForm(forms.Form):
    """Ask for a name or a reference, why, and perhaps an age."""

    asked = forms.CharField(
        label=gettext_lazy("Name or case reference"),
        help_text=gettext_lazy("Any part of the name, in any order. Spelling does not matter."),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input",
                "autocomplete": "off",
                "autocapitalize": "words",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": gettext_lazy("Write a name.")},
    )
    because = forms.ChoiceField(
        label=gettext_lazy("Why do you search?"),
        help_text=gettext_lazy("The reason is kept with your name, the words you search are not."),
        choices=[(reason, _WHY[reason]) for reason in _WHY if reason in REASONS],
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose why you search.")},
    )
    age = forms.IntegerField(
        label=gettext_lazy("About how old, in years (you can leave it empty)"),
        min_value=0,
        max_value=25,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input govuk-input--width-3", "inputmode": "numeric"}),
    )

    def clean_asked(self) -> str:
        """Refuse what holds no name; an initial alone would meet nearly everybody."""
        asked: str = self.cleaned_data["asked"]
        if not any(len(part) > 1 for part in parts_of(asked)):
            raise ValidationError(_("Write at least one name of two letters."))
        return asked


def brief_form() -> FindForm:
    """Return the search as it stands on top of a list: without hints and without an age."""
    form = FindForm()
    for name in ("asked", "because"):
        form.fields[name].help_text = ""
    return form


@sensitive_post_parameters("asked")
@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Show the search; when its form is sent, the children who may be meant."""
    return _answer(request)  # type: ignore[arg-type]  # ActorMiddleware has set the actor


def _answer(request: DeskRequest) -> HttpResponse:
    if not may(request.actor, "case.search"):
        raise NotAllowed("case.search")
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    found = _found(request, form) if form.is_bound and form.is_valid() else None
    return render(request, "protection/find.html", {"form": form, "found": found})


def _found(request: DeskRequest, form: FindForm) -> FoundPage:
    told: dict[str, Any] = form.cleaned_data
    return find_children(request.actor, asked=told["asked"], because=told["because"], age=told["age"])
