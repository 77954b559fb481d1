"""Show the children of one agency in the order of danger and time, with the one next thing for each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amparo.cases.queries import open_cases_of
from amparo.desk.reader import DeskRequest


@login_required
def my_day(request: DeskRequest) -> HttpResponse:
    """List cases; `only` chooses a filter, `after` is the key of the next page."""
    only = request.GET.get("only", "")
    page = open_cases_of(request.actor, only=only, after=request.GET.get("after", ""))
    return render(request, "protection/my_day.html", {"page": page, "only": only, "filters": _filters()})


def _filters() -> list[tuple[str, str]]:
    """Name the filters, each a plain link."""
    return [
        ("", _("All")),
        ("harm", _("Harm reported")),
        ("overdue", _("Overdue")),
        ("tonight", _("No safe place tonight")),
    ]
