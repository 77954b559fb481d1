"""Show who has opened a child's file, and who tried to: what she, or her guardian, may ask to see.

In two ways of speaking: for whoever works with her or stands up for her, and for the child herself. Opens no file.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amparo.access.queries import Reading
from amparo.access.rules import may
from amparo.cases.queries import readings_for
from amparo.desk.context import in_language
from amparo.desk.protection.reading_words import Manner, refused_in_words, who_in_words, why_in_words
from amparo.desk.reader import DeskRequest


@dataclass(frozen=True)
class ReadingTold:
    """One reading, or one try, in words; `refused` says why she was not let in, empty where she was."""

    at: datetime
    who: str
    why: str
    refused: str


@login_required
def readers(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List each reading and each try, newest first; this one is on the list too. The file itself stays shut."""
    reference, readings = readings_for(request.actor, case_id)
    manner = Manner.CHILD if request.GET.get("for") == Manner.CHILD else Manner.GUARDIAN
    told = [_told(one, manner) for one in readings]
    context = {
        "case_id": case_id,
        "reference": reference,
        "opens": may(request.actor, "case.read"),
        "for_child": manner is Manner.CHILD,
        "opened": [one for one in told if not one.refused],
        "tried": [one for one in told if one.refused],
    }
    return render(request, "protection/readers.html", context)


def _told(reading: Reading, manner: Manner) -> ReadingTold:
    agency = in_language(reading.agency_name, get_language() or "es") or reading.agency
    who = f"{who_in_words(reading.role, manner)}, {agency}"
    return ReadingTold(reading.at, who, why_in_words(reading, manner), refused_in_words(reading, manner))
