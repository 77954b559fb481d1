"""Show who has opened a child's file: what she, or her guardian, may ask to see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access.queries import Reading, readings_of
from amparo.cases.queries import case_for
from amparo.desk.context import in_language, role_in_words
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@dataclass(frozen=True)
class ReadingTold:
    """One reading in words."""

    at: datetime
    who: str
    why: str


@login_required
def readers(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List each reading, newest first; this one is on the list too."""
    file = case_for(request.actor, case_id, purpose="hearing")
    readings = [_told(one) for one in readings_of(request.actor, case_id)]
    context = {"file": file, "name": short_name_of(file.identity), "readings": readings}
    return render(request, "protection/readers.html", context)


def _told(reading: Reading) -> ReadingTold:
    agency = in_language(reading.agency_name, get_language() or "es") or reading.agency
    return ReadingTold(reading.at, f"{role_in_words(reading.role)}, {agency}", _purpose(reading.purpose))


def _purpose(purpose: str) -> str:
    """Return why somebody read, in plain words."""
    return {
        "casework": _("to work on the case"),
        "supervision": _("to supervise the work"),
        "transfer": _("to hand the case over"),
        "hearing": _("to show the child or her guardian who has read"),
        "migration": _("to see the five facts that the migration authority may see"),
    }.get(purpose, purpose)
