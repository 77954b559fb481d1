"""Write down what the child says in her own words, or a note for colleagues; both are sealed."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.cases.actions import add_words
from amparo.cases.queries import case_for
from amparo.cases.refused import EntryIdTaken
from amparo.desk.protection.forms import WordsForm
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def words(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask for the words and add them to the case."""
    audit.require(request.actor, "case.record")
    file = case_for(request.actor, case_id, purpose="casework", act="case.record")
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, case_id, form.cleaned_data)
        except EntryIdTaken:
            form = _once_more(form)
        else:
            messages.success(request, _("The words are kept, sealed."))
            return redirect("desk:case", case_id)
    return render(
        request, "protection/words.html", {"file": file, "form": form, "name": short_name_of(file.identity)}
    )


def _keep(request: DeskRequest, case_id: UUID, said: dict[str, Any]) -> None:
    add_words(
        case_id=case_id,
        kind=said["kind"],
        words=said["text"],
        by=request.actor,
        at=said["when"],
        entry_id=said["form_id"],
        # Whoever says nothing has it sealed.
        closest=said["closest"] != "no",
    )


def _once_more(form: WordsForm) -> WordsForm:
    """Return the same words under a new id, with the reason: this page was sent before with other words."""
    again = WordsForm({**form.cleaned_data, "when": form["when"].value(), "form_id": str(uuid4())})
    again.add_error(
        None, _("Not kept yet: this page was already sent with other words. Read them and save again.")
    )
    return again
