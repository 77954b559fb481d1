"""Show oversight who read an invented child, what was opened in danger of life, and whether the trail is witnessed.

Shows people by name, role and agency, times and hashes; no child. Design: security design 5. Decisions: 0024, 0025.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amparo.access.queries import Alarm, canary_alarms
from amparo.access.rules import may
from amparo.cases.glass_queries import count_unanswered
from amparo.desk.context import in_language
from amparo.desk.reader import DeskRequest
from amparo.exchange.vouching import witnesses_of


@login_required
def watching(request: DeskRequest) -> HttpResponse:
    """Show what oversight watches; an administrator sees the witnesses of the trail alone."""
    witnessed = witnesses_of(request.actor)
    overseer = may(request.actor, "reading.alarms")
    context = {
        "witnessed": witnessed,
        "overseer": overseer,
        "alarms": [(one, _agency(one)) for one in canary_alarms(request.actor)] if overseer else [],
        "unanswered": count_unanswered(request.actor) if overseer else 0,
    }
    return render(request, "oversight/watching.html", context)


def _agency(alarm: Alarm) -> str:
    return in_language(alarm.agency_name, get_language() or "es") or alarm.agency
