"""Show the Guide to everybody: a list by stage, one page per obligation, good on paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amparo.desk.citations import source_lines
from amparo.desk.guide_words import the_guide
from amparo.desk.spoken import length_in_words
from amparo.guide import Obligation


def obligations(request: HttpRequest) -> HttpResponse:
    """List all obligations by stage."""
    guide = the_guide()
    stages = [
        (stage, [one for one in guide.obligations.values() if one.stage == stage])
        for stage in guide.vocabulary.stages
    ]
    return render(
        request, "guide_browser/list.html", {"guide": guide, "stages": [pair for pair in stages if pair[1]]}
    )


def obligation(request: HttpRequest, obligation_id: str) -> HttpResponse:
    """Show one obligation with its sources and their marks."""
    guide = the_guide()
    one = guide.obligations.get(obligation_id)
    if one is None:
        raise Http404
    context = {
        "guide": guide,
        "one": one,
        "tasks": [f"{one.id}/{at}" for at in range(len(one.tasks))],
        "evidence": [guide.evidence[key] for key in (*one.requires, *one.after)],
        "norms": source_lines(cite for cite in one.sources if cite.grounds),
        "related": source_lines(cite for cite in one.sources if cite.verified and not cite.grounds),
        "unsure": source_lines(cite for cite in one.sources if not cite.verified),
        "deadline": _deadline(one),
    }
    return render(request, "guide_browser/obligation.html", context)


def _deadline(one: Obligation) -> str:
    """Say by when; without a limit of the Guide or the country, as soon as possible."""
    if one.deadline is None:
        return _("At once; no number of hours is set here.")
    return _("Within %(span)s") % {"span": length_in_words(one.deadline.months, one.deadline.rest)}
