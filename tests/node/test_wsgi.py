"""Show that requests of unknown length get one, and that none is read beyond the limit."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import LazySettings

from amparo.node.wsgi import with_length

Environ = dict[str, Any]


class Seen:
    """An application that remembers what it was given."""

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        self.length = int(environ["CONTENT_LENGTH"])
        self.body = environ["wsgi.input"].read(self.length)
        return [b""]


def _ask(body: bytes, **headers: str) -> Seen:
    seen = Seen()
    with_length(seen)({"wsgi.input": io.BytesIO(body), **headers}, None)
    return seen


def test_a_chunked_request_gets_its_length() -> None:
    seen = _ask(b"a" * 100_000, HTTP_TRANSFER_ENCODING="Chunked")

    assert (seen.length, seen.body) == (100_000, b"a" * 100_000)


def test_a_request_with_a_length_is_left_alone() -> None:
    assert _ask(b"abc", CONTENT_LENGTH="2").body == b"ab"


def test_no_more_is_read_than_shows_that_it_is_too_large(settings: LazySettings) -> None:
    settings.SUBMISSION_MAX_BYTES = 1000

    seen = _ask(b"a" * 100_000, HTTP_TRANSFER_ENCODING="chunked")

    assert seen.length == 1001


@pytest.mark.parametrize("body", [b"", b"x"])
def test_short_and_empty_bodies_pass(body: bytes) -> None:
    assert _ask(body, HTTP_TRANSFER_ENCODING="chunked").body == body
