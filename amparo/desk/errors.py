"""Say in plain words that a page is not there or did not work; nothing technical, nothing about any case.

These pages read neither the database nor the session: they must work when those do not.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from amparo.desk.context import bare_frame, page_frame
from amparo.keys.trouble import KeysTrouble

# What Django raises when the server is stopped, cut off or full; a wrong statement is none of these.
DATABASE_AWAY = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the page could not be understood."""
    return _page(
        request, 400, _("This could not be read"), _("Go back, look at what was typed and send it again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that this page is for others."""
    return _page(
        request, 403, _("This page is not for your account"), _("Ask your supervisor if you need it.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is no such page for this reader: what is absent and what is closed look the same."""
    return _page(
        request, 404, _("There is no such page for you"), _("The address may be mistyped or out of date.")
    )


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that something here failed and that nothing was saved; 503 where it is the database that does not answer.

    Nothing of the request is read: were it the cause, this page would fail too, and hide what failed first.
    """
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return _database_away()
    words = _("Nothing was saved. Please try again; if it fails again, tell the administrator the time.")
    context = bare_frame() | {"heading": _("Something failed here"), "what_to_do": words}
    return HttpResponse(render_to_string("desk/broken.html", context), status=500)


def _database_away() -> HttpResponse:
    """Say that the database does not answer: what was not answered was not saved, and the node goes on by itself."""
    words = _(
        "The database of this node does not answer, or has no room left. What you sent was not saved; what was saved"
        " before is kept. Wait a minute, go back and send it again. If it stays so, call the administrator. A child"
        " who needs something now does not wait for this."
    )
    context = bare_frame() | {"heading": _("Nothing can be saved or read just now"), "what_to_do": words}
    page = render_to_string("desk/broken.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})


def keys_trouble(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say that records cannot be opened now, and what to do: 503, or 500 where one record itself is spoilt.

    As in `broken`, nothing of the request is read.
    """
    if isinstance(exception, KeysTrouble):
        heading, status = _("Records cannot be opened just now"), 503
        words = _(
            "The keys of this node do not answer. Nothing was saved and nothing is lost. Try again in a minute;"
            " if it stays so, call the administrator. A child who needs something now does not wait for this."
        )
    else:
        heading, status = _("This record cannot be opened"), 500
        words = _(
            "What is kept does not fit its key: it was changed, or the keys are not those of this node. Nothing"
            " was saved. Tell the administrator the time; the record can be brought back from a backup."
        )
    context = bare_frame() | {"heading": heading, "what_to_do": words}
    return HttpResponse(render_to_string("desk/broken.html", context), status=status)


def not_here(request: HttpRequest) -> HttpResponse:
    """Answer for an address that must exist for a library but leads nowhere."""
    raise Http404(request.path)


def _page(request: HttpRequest, status: int, heading: str, what_to_do: str) -> HttpResponse:
    context = page_frame(request) | {"heading": heading, "what_to_do": what_to_do}
    return render(request, "desk/error.html", context, status=status)
