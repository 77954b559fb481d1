"""Give every page of the Guide its frame: whose Guide it is, its version, and whether anybody has read the words.

No sign-in, no database: the Guide is open to everybody.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amparo.desk.guide_browser.wording import Wording, wording_of
from amparo.guide import text_of


def show(request: HttpRequest, page: str, wording: Wording, **told: Any) -> HttpResponse:  # noqa: ANN401  # for a template
    """Render a page of the Guide inside its frame."""
    return render(request, f"guide_browser/{page}.html", _frame(wording) | told)


def not_in_the_guide(request: HttpRequest, what: str) -> HttpResponse:
    """Say in words that the Guide holds nothing at this address, and where to look instead."""
    context = _frame(wording_of(request)) | {"what": what}
    return render(request, "guide_browser/missing.html", context, status=404)


def _frame(wording: Wording) -> dict[str, Any]:
    """Return what the frame shows."""
    guide = wording.guide
    reviewed = text_of(guide, "action", "detain", wording.language).reviewed
    return {
        "wording": wording,
        "suffix": wording.suffix,
        "whose": wording.whose,
        "version": f"{guide.version} + {guide.country} {guide.overlay}" if guide.overlay else guide.version,
        "draft": "draft" in guide.version or "draft" in guide.status,
        "words_unreviewed": not reviewed,
    }


def nothing_said(what: str) -> str:
    """Say what an unknown address asked for."""
    return {
        "obligation": _("The Guide has no duty at this address."),
        "source": _("The Guide cites no source at this address."),
        "action": _("The Guide knows no act at this address."),
        "country": _("This country has no rules of its own in the Guide yet. The rules of the region apply."),
        "version": _("No such version of the Guide is kept here."),
    }[what]
