"""Write down what the child says in her own words, or a note for colleagues; both are sealed."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.cases.actions import add_words
from amparo.cases.queries import case_for
from amparo.desk.protection.forms import WordsForm
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def words(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask for the words and add them to the case."""
    file = case_for(request.actor, case_id, purpose="casework")
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        add_words(
            case_id=case_id,
            kind=said["kind"],
            words=said["text"],
            by=request.actor,
            at=said["when"],
            entry_id=said["form_id"],
        )
        messages.success(request, _("The words are kept, sealed."))
        return redirect("desk:case", case_id)
    return render(
        request, "protection/words.html", {"file": file, "form": form, "name": short_name_of(file.identity)}
    )
