"""Show who has opened a child's file: what she, or her guardian, may ask to see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access.events import Event
from amparo.access.queries import Reading
from amparo.access.rules import may
from amparo.cases.queries import readings_for
from amparo.desk.context import in_language, role_in_words
from amparo.desk.reader import DeskRequest


@dataclass(frozen=True)
class ReadingTold:
    """One reading in words."""

    at: datetime
    who: str
    why: str


@login_required
def readers(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List each reading, newest first; this one is on the list too. The file itself stays shut."""
    reference, readings = readings_for(request.actor, case_id)
    context = {
        "case_id": case_id,
        "reference": reference,
        "opens": may(request.actor, "case.read"),
        "readings": [_told(one) for one in readings],
    }
    return render(request, "protection/readers.html", context)


def _told(reading: Reading) -> ReadingTold:
    agency = in_language(reading.agency_name, get_language() or "es") or reading.agency
    return ReadingTold(reading.at, f"{role_in_words(reading.role)}, {agency}", _why(reading))


def _why(reading: Reading) -> str:
    """Return why somebody read, in plain words."""
    if reading.event == Event.READERS_READ:
        return _("to show who has opened this file")
    if reading.in_danger:
        return _("to help her in danger of life, without working with her otherwise")
    return {
        "casework": _("to work on the case"),
        "supervision": _("to supervise the work"),
        "transfer": _("to hand the case over"),
        "hearing": _("to show the child or her guardian who has read"),
        "determination": _("to prepare the decision on what is best for her"),
        "guardianship": _("to stand up for her as her guardian"),
        "representation": _("to represent her before the law"),
        "oversight": _("to look into how she is served"),
        "data-protection": _("to see whether her data are protected"),
        "migration": _("to see the five facts that the migration authority may see"),
    }.get(reading.purpose, reading.purpose)
