"""Let an officer open more children today after she proved again who she is, and a supervisor see and raise.

These pages show nothing of a child. Design: security design 5, "Budgets". Decision: 0025.
"""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.access import audit
from amparo.access.budget_rules import Because
from amparo.access.stepping_up import RaiseRefused, raise_budget, step_up, who_read_much
from amparo.desk.reader import DeskRequest

_WHY = {
    Because.MANY_ARRIVED: gettext_lazy("Many children arrived"),
    Because.COLLEAGUE_AWAY: gettext_lazy("A colleague is away"),
    Because.REVIEW: gettext_lazy("The files are being reviewed"),
    Because.EMERGENCY: gettext_lazy("There is an emergency"),
}


class WhyForm(forms.Form):
    """Ask why so many children are opened today."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why are so many children opened today?"),
        choices=[(one.value, words) for one, words in _WHY.items()],
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose a reason from the list.")},
    )


class RaiseForm(WhyForm):
    """Ask who may open more children today, and why."""

    person = forms.UUIDField(widget=forms.HiddenInput)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def more_children(request: DeskRequest) -> HttpResponse:
    """Write down that the reader proved again who she is, and why she opens so many."""
    audit.require(request.actor, "budget.step-up")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step_up(by=request.actor, because=Because(form.cleaned_data["because"]))
        messages.success(request, _("Written down. You can go on; your supervisor sees how many you open."))
        return redirect("desk:home")
    return render(request, "protection/more_children.html", {"form": form})


@login_required
def much_read(request: DeskRequest) -> HttpResponse:
    """Show a supervisor who opened many children today; she may raise a limit for today."""
    form = RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            raise_budget(
                person=form.cleaned_data["person"],
                by=request.actor,
                because=Because(form.cleaned_data["because"]),
            )
            messages.success(request, _("Written down. The limit is higher for today."))
        except RaiseRefused as refused:
            messages.error(request, _refused(refused.code))
        return redirect("desk:much-read")
    lines = [(one, RaiseForm(initial={"person": one.person})) for one in who_read_much(request.actor)]
    return render(request, "protection/much_read.html", {"lines": lines})


def _refused(code: str) -> str:
    """Say why a limit is not raised."""
    return {
        "own-limit": _("Nobody raises her own limit. Ask another supervisor."),
        "not-of-this-agency": _("This person does not work in your agency."),
        "raised-often-enough": _("The limit was raised as often as it can be today."),
    }[code]
