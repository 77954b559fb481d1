"""Let oversight draw a random sample of cases, open those, and check every draw again.

Shows which cases are open to the reader herself, by the short label of lists, and numbers. Decision: 0028.
"""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.cases.sample_rules import MOST, About
from amparo.cases.sampling import SampleRefused, draw, samples
from amparo.cases.ties import my_cases
from amparo.desk.reader import DeskRequest

ABOUT = {
    About.HEARD: gettext_lazy("How children are heard"),
    About.SAFE: gettext_lazy("Where children live"),
    About.IN_TIME: gettext_lazy("Whether duties are met in time"),
    About.READ: gettext_lazy("Who reads, and why"),
}


class SampleForm(forms.Form):
    """Ask what oversight looks into, and how many cases that takes."""

    about = forms.ChoiceField(
        label=gettext_lazy("What do you look into?"),
        choices=[(one.value, words) for one, words in ABOUT.items()],
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    size = forms.IntegerField(
        label=gettext_lazy("How many cases? At most ten."),
        min_value=1,
        max_value=MOST,
        initial=5,
        widget=forms.NumberInput(attrs={"class": "govuk-input govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write a number from 1 to 10."),
            "invalid": gettext_lazy("Write a number from 1 to 10."),
            "min_value": gettext_lazy("Write a number from 1 to 10."),
            "max_value": gettext_lazy("Write a number from 1 to 10."),
        },
    )


@login_required
def drawn(request: DeskRequest) -> HttpResponse:
    """Show the cases of the sample that stands, or draw one; and every draw with what proves it."""
    told = samples(request.actor)
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            draw(size=said["size"], about=About(said["about"]), by=request.actor)
            messages.success(request, _("Drawn. The cases are open to you for two weeks."))
            return redirect("desk:samples")
        except SampleRefused as refused:
            form.add_error(None, _refused(refused.code))
            request.refusal = refused
    context = {
        "lines": my_cases(request.actor),
        "form": form,
        "samples": [(one, ABOUT[one.about]) for one in told],
    }
    return render(request, "oversight/samples.html", context)


def _refused(code: str) -> str:
    return {
        "size": _("Write a number from 1 to 10."),
        "standing": _("Your last sample still stands. You can draw again when it is over."),
        "nobody": _("There is no case that could be drawn."),
    }[code]
