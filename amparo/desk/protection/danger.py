"""Open a case in danger of life without working with the child, and see what follows; told before it is done.

The list shows references and times, nothing of the child. Design: security design 5, "Break glass". Decision: 0025.
"""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.access import audit
from amparo.access.rules import may
from amparo.base.ids import ReferenceWrong
from amparo.cases.breaking_glass import GlassRefused, answer_glass, break_glass
from amparo.cases.glass_queries import GlassLine, broken_glass
from amparo.cases.glass_rules import ANSWERS, SHORTEST, Answer, Danger, Owed
from amparo.cases.refused import CaseNotFound
from amparo.desk.reader import DeskRequest

DANGERS = {
    Danger.VIOLENCE: gettext_lazy("Somebody hurts or threatens her now"),
    Danger.HEALTH: gettext_lazy("Her life or health is in danger now"),
    Danger.TRAFFICKING: gettext_lazy("She is in the hands of traffickers"),
    Danger.MISSING: gettext_lazy("She has disappeared"),
}
OWED = {
    Owed.SECOND: gettext_lazy("A second person looks at it"),
    Owed.CHILD: gettext_lazy("Tell the child"),
    Owed.GUARDIAN: gettext_lazy("Tell her guardian"),
    Owed.REVIEW: gettext_lazy("Oversight reviews it"),
}
ANSWER = {
    Answer.SEEN: gettext_lazy("I have seen it"),
    Answer.TOLD: gettext_lazy("Told"),
    Answer.UNSAFE_TO_TELL: gettext_lazy("Telling would be unsafe for the child"),
    Answer.JUSTIFIED: gettext_lazy("It was justified"),
    Answer.NOT_JUSTIFIED: gettext_lazy("It was not justified"),
}


class DangerForm(forms.Form):
    """Ask which child, which danger, and why."""

    reference = forms.CharField(
        label=gettext_lazy("Case reference, as on the child's paper or card"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the reference.")},
    )
    danger = forms.ChoiceField(
        label=gettext_lazy("What is the danger?"),
        choices=[(one.value, words) for one, words in DANGERS.items()],
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose the danger from the list.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why do you have to read her case now?"),
        min_length=SHORTEST,
        max_length=2_000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 4}),
        error_messages={
            "required": gettext_lazy("Write why."),
            "min_length": gettext_lazy("Write a full sentence: somebody has to understand it in a year."),
        },
    )


class AnswerForm(forms.Form):
    """Take the answer to one thing that is owed."""

    glass = forms.UUIDField()
    owed = forms.ChoiceField(choices=[(one.value, one.value) for one in Owed])
    answer = forms.ChoiceField(choices=[(one.value, one.value) for one in Answer])


@login_required
def open_in_danger(request: DeskRequest) -> HttpResponse:
    """Say what follows, then open the case for four hours."""
    audit.require(request.actor, "glass.break")
    form = DangerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            case_id = break_glass(
                reference=said["reference"],
                danger=Danger(said["danger"]),
                why=said["why"],
                by=request.actor,
            )
            return redirect("desk:case", case_id)
        except ReferenceWrong:
            form.add_error("reference", _("This is not how a reference is written. Look at the paper again."))
        except CaseNotFound as unseen:
            form.add_error("reference", _("No case with this reference can be opened here."))
            # A try leaves its trace, also where she only reads that there is no such case.
            request.refusal = unseen
        except GlassRefused as refused:
            form.add_error(None, _refused(refused.code))
            request.refusal = refused
    return render(request, "protection/open_in_danger.html", {"form": form})


@login_required
def opened_in_danger(request: DeskRequest) -> HttpResponse:
    """List what was opened so, and take answers: by supervisors, and by oversight."""
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answer_glass(
                glass_id=said["glass"],
                owed=Owed(said["owed"]),
                answer=Answer(said["answer"]),
                by=request.actor,
            )
            messages.success(request, _("Written down."))
        except GlassRefused as refused:
            messages.error(request, _refused(refused.code))
        return redirect("desk:opened-in-danger")
    reviews = may(request.actor, "glass.review")
    lines = [_told(one, reviews=reviews) for one in broken_glass(request.actor)]
    return render(request, "protection/opened_in_danger.html", {"lines": lines})


def _told(line: GlassLine, *, reviews: bool) -> dict[str, object]:
    """Return a line with its danger in words and, for each thing owed, the answers that this reader can give."""
    owed = [
        {
            "due": due,
            "words": OWED[due.owed],
            "answers": [(one.value, ANSWER[one]) for one in sorted(ANSWERS[due.owed])]
            if _can_answer(line, due.owed, reviews=reviews)
            else [],
        }
        for due in line.owed
    ]
    return {"line": line, "danger": DANGERS[line.danger], "owed": owed}


def _can_answer(line: GlassLine, owed: Owed, *, reviews: bool) -> bool:
    if line.own:
        return False
    if reviews or owed is Owed.REVIEW:
        return reviews and owed is Owed.REVIEW
    return owed is Owed.SECOND or line.led_here


def _refused(code: str) -> str:
    """Say why it is not possible so."""
    return {
        "why": _("Write a full sentence: somebody has to understand it in a year."),
        "already-yours": _("You work with this child already: open her case as always."),
        "too-many": _("You have opened three cases so and they still stand open. Call your supervisor."),
        "own": _("Whoever opened the case cannot answer for it. Another person has to."),
        "answered": _("This was answered before."),
        "no-such-answer": _("Choose an answer from the list."),
        "not-your-case": _("A supervisor of the agency that leads the case answers this."),
    }[code]
