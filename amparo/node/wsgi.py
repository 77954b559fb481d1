"""Offer this node to a WSGI server (granian), signed in to the database as the app role."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from amparo.base.spool import SealedSpool

Environ = dict[str, Any]
Server = Callable[[Environ, Any], Iterable[bytes]]
_PIECE = 64 * 1024


def with_length(application: Server) -> Server:
    """Give a request of unknown length its length: telephones may send in chunks, and Django then reads nothing.

    At most one byte over the announced limit is read, so that the door can say that it is too large.
    """

    def measured(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - the server's own
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return application(environ, start_response)
        with SealedSpool() as body:
            length = _copy(environ["wsgi.input"], body, settings.SUBMISSION_MAX_BYTES + 1)
            body.seek(0)
            return application(environ | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}, start_response)

    return measured


def _copy(source: Any, target: Any, limit: int) -> int:  # noqa: ANN401 - file-like
    length = 0
    while length < limit and (piece := source.read(min(_PIECE, limit - length))):
        length += len(piece)
        target.write(piece)
    return length


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.node.settings")
application = with_length(get_wsgi_application())
