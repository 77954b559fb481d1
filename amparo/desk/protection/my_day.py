"""Show the children of one agency in the order of danger and time, with the one next thing for each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access.rules import may
from amparo.access.stepping_up import who_read_much
from amparo.cases.conflicts import conflicts_of, count_conflicts
from amparo.cases.glass_queries import count_unanswered
from amparo.cases.incidents import changed_lately, count_incidents
from amparo.cases.override_queries import open_overrides_of
from amparo.cases.queries import open_cases_of
from amparo.desk.context import in_language
from amparo.desk.protection.find import brief_form
from amparo.desk.reader import DeskRequest


@login_required
def my_day(request: DeskRequest) -> HttpResponse:
    """List cases; `only` chooses a filter, `after` is the key of the next page."""
    only = request.GET.get("only", "")
    page = open_cases_of(request.actor, only=only, after=request.GET.get("after", ""))
    follows = may(request.actor, "override.follow-up")
    waiting = open_overrides_of(request.actor) if follows else ()
    context = {
        "page": page,
        "go_back": [one for one in waiting if one.harm],
        "overrides": len(waiting),
        "overrides_mine": sum(bool(one.mine) for one in waiting),
        "only": only,
        "filters": _filters(),
        "find": brief_form() if may(request.actor, "case.search") else None,
        "conflicts": count_conflicts(request.actor),
        "incidents": count_incidents(request.actor) if may(request.actor, "incident.read") else 0,
        "much_read": len(who_read_much(request.actor)) if may(request.actor, "budget.raise") else 0,
        "in_danger": count_unanswered(request.actor) if may(request.actor, "glass.answer") else 0,
        "guide_changed": changed_lately(request.actor),
    }
    return render(request, "protection/my_day.html", context)


@login_required
def conflicts(request: DeskRequest) -> HttpResponse:
    """List the forms that came a second time under one number with other answers."""
    language = get_language() or "es"
    lines = [(one, in_language(one.form_title, language)) for one in conflicts_of(request.actor)]
    return render(request, "protection/conflicts.html", {"lines": lines})


def _filters() -> list[tuple[str, str]]:
    """Name the filters, each a plain link."""
    return [
        ("", _("All")),
        ("harm", _("Harm reported")),
        ("overdue", _("Overdue")),
        ("tonight", _("No safe place tonight")),
    ]
