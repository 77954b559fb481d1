"""Serve the published Guide at addresses that stay: for programs of any State, without sign-in, cookie or question.

Holds no child's data: the same bytes for everybody, so any page of any site may fetch them. Decision: 0012.
"""

import hashlib
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from amparo.guide.publishing import published

_TYPES = {
    ".schema.json": "application/schema+json",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
}
_HOUR = 3600


@cache
def _documents() -> dict[str, bytes]:
    """Return every published document, made once per process: the Guide changes only with the program."""
    return published()


def _etag(_: HttpRequest, name: str) -> str | None:
    document = _documents().get(name)
    return None if document is None else f'"{hashlib.sha256(document).hexdigest()}"'


@require_safe
@condition(etag_func=_etag)
def document(_: HttpRequest, name: str) -> HttpResponse:
    """Give one published document; who has it already is told that nothing changed."""
    found = _documents().get(name)
    if found is None:
        raise Http404
    kind = next(said for end, said in _TYPES.items() if name.endswith(end))
    response = HttpResponse(found, content_type=kind)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = f"public, max-age={_HOUR}"
    return response
