"""Speak OpenRosa with field devices: list and download instruments, take submissions, answer what phones expect.

The device signs in with its own secret on every request; there is no session. Refusals say what to do in the
caller's language and hold no answer of a child. Norm: OpenRosa 1.0. Decision: 0004.
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amparo.access import audit
from amparo.access.actor import NOBODY, acting_as
from amparo.access.events import Event
from amparo.access.limits import OncePer
from amparo.access.rules import Actor, NotAllowed
from amparo.base.spool import SealedSpool
from amparo.cases.intake import Receipt, receive_submission
from amparo.field.failures import log_failure
from amparo.field.messages import words_of
from amparo.forms import openrosa, queries
from amparo.forms.errors import (
    InstrumentUnknown,
    SubmissionMalformed,
    SubmissionRefused,
    SubmissionTooLarge,
    TooManyFiles,
)
from amparo.forms.openrosa import FormEntry, ManifestEntry
from amparo.forms.submission import MAX_BYTES, Outcome

# What Django raises while it reads a request that is cut, too long or not multipart at all.
_CUT = (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, OSError, UnicodeDecodeError)
NUL = "\0"
_strangers = OncePer()
Door = Callable[..., HttpResponse]


def for_devices(door: Door) -> Door:
    """Let a device in by its secret, set the actor, and put every refusal and failure into an OpenRosa answer."""

    @csrf_exempt  # no cookie signs anybody in here
    @wraps(door)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return _let_in(door, request, *args, **kwargs)
        except Exception as failure:
            # What was begun is rolled back by now: acting_as has ended.
            log_failure(failure, door=door.__name__)
            return _dressed(_xml(_answer(words_of("failed"), well=False), 500))

    return opened


def _let_in(door: Door, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Open a door for the device that asks, and say in words why not where it is refused."""
    device = _device_of(request)
    if device is None:
        _write_down_stranger(request)
        return _dressed(_who_are_you())
    request.actor = device  # type: ignore[attr-defined]
    try:
        with acting_as(device):
            return _dressed(door(request, *args, **kwargs))
    except SubmissionRefused as refused:
        return _refused(device, refused.key, words_of(refused.key), refused.status)
    except NotAllowed as refused:
        return _refused(device, refused.act, _("This device may not do that."), 403)


@for_devices
@require_http_methods(["GET", "HEAD"])
def form_list(request: HttpRequest) -> HttpResponse:
    """List the instruments a device may download."""
    asked = request.GET.get("formID", "")
    # No name of ours has NUL in it, and the database takes none.
    offered = [] if NUL in asked else queries.offered_instruments(_actor(request), form_id=asked)
    language = get_language() or settings.LANGUAGE_CODE
    entries = [
        FormEntry(
            form_id=one.form_id,
            name=one.title.get(language) or one.title.get("es") or one.form_id,
            version=one.version,
            md5=one.md5,
            download_url=_address(request, "field:form", one.pk),
            manifest_url=_address(request, "field:manifest", one.pk) if one.has_files else "",
        )
        for one in offered
    ]
    return _xml(openrosa.render_form_list(entries))


@for_devices
@require_http_methods(["GET", "HEAD"])
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the exact bytes of one instrument."""
    return _xml(queries.xform_of(_actor(request), pk))


@for_devices
@require_http_methods(["GET", "HEAD"])
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    """List the files one instrument needs."""
    entries = [
        ManifestEntry(
            filename=file.filename,
            hash=file.md5,
            download_url=_address(request, "field:file", pk, file.filename),
        )
        for file in queries.files_of(_actor(request), pk)
    ]
    return _xml(openrosa.render_manifest(entries))


@for_devices
@require_http_methods(["GET", "HEAD"])
def form_file(request: HttpRequest, pk: int, filename: str) -> HttpResponse:
    """Give one file of an instrument."""
    if NUL in filename:
        raise InstrumentUnknown
    return HttpResponse(
        queries.file_of(_actor(request), pk, filename), content_type="text/csv; charset=utf-8"
    )


@for_devices
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest) -> HttpResponse:
    """Announce the limits (HEAD), or take one submission or a part of it (POST)."""
    if request.method != "POST":
        return HttpResponse(status=204)
    receipt = receive_submission(by=_actor(request), **_parts_of(request))
    if receipt.outcome is Outcome.CONFLICT:
        return _xml(_answer(words_of("submission-conflict"), well=False), 409)
    return _xml(_answer(_said(receipt), well=True), 201 if receipt.complete else 202)


def _parts_of(request: HttpRequest) -> dict[str, Any]:
    """Read the parts of a multipart request.

    Raises:
        SubmissionTooLarge: it is over the size that HEAD announced.
        SubmissionMalformed: it is cut, or has no form in it.
        TooManyFiles: it has more files than any form of ours asks for.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > settings.SUBMISSION_MAX_BYTES:
        raise SubmissionTooLarge
    try:
        sent = _files_of(request)
        marked = request.POST.get(openrosa.INCOMPLETE_FIELD, "") == "yes"
    except TooManyFilesSent as many:
        raise TooManyFiles from many
    except _CUT as wrong:
        raise SubmissionMalformed from wrong
    if openrosa.XML_PART not in sent:
        raise SubmissionMalformed
    # One byte more than a form may have, so that its reader says that it is too large.
    xml = sent.pop(openrosa.XML_PART).read(MAX_BYTES + 1)
    return {"xml": xml, "attachments": sent, "incomplete": marked}


def _files_of(request: HttpRequest) -> dict[str, SealedSpool]:
    """Return each part that is a file, sealed while it came in."""
    parts = ((name, part) for name, part in request.FILES.items() if isinstance(part, UploadedFile))
    held: list[tuple[str, object]] = [(name, part.file) for name, part in parts]
    return {name: file for name, file in held if isinstance(file, SealedSpool)}


def _said(receipt: Receipt) -> str:
    if not receipt.complete:
        return _("Received in part. The rest is still to come.")
    if receipt.reference:
        return _("Received. Case number: %(reference)s") % {"reference": receipt.reference}
    return _("Received.")


def _device_of(request: HttpRequest) -> Actor | None:
    """Return the device that signed this request with Basic credentials."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        username, colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return queries.device_of(username, secret) if colon and NUL not in username else None


def _address(request: HttpRequest, name: str, *parts: object) -> str:
    """Return a full address; a node behind a TLS proxy is asked over plain HTTP and must not say so to phones."""
    path = reverse(name, args=parts)
    base = settings.HOME.profile.url
    return f"{base}{path}" if base.startswith("https://") else request.build_absolute_uri(path)


def _write_down_stranger(request: HttpRequest) -> None:
    """Leave a trace of a wrong secret, once per address and minute; a telephone that asks how to sign in has none."""
    if "Authorization" in request.headers and _strangers.first(request.META.get("REMOTE_ADDR", "")):
        audit.record(Event.DEVICE_REFUSED, by=NOBODY, subject="device:unknown", allowed=False)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _who_are_you() -> HttpResponse:
    response = _xml(
        _answer(_("This device is not known here, or was revoked. Enrol it again."), well=False), 401
    )
    response["WWW-Authenticate"] = 'Basic realm="Amparo", charset="UTF-8"'
    return response


def _refused(device: Actor, reason: str, words: str, status: int) -> HttpResponse:
    """Write a refusal down, now that what was refused has been rolled back, and say it."""
    with acting_as(device):
        audit.record(
            Event.SUBMISSION_REFUSED, by=device, subject=audit.subject_of("device", device.id),
            allowed=False, reasons=(reason,),
        )  # fmt: skip
    return _dressed(_xml(_answer(words, well=False), status))


def _answer(words: str, *, well: bool) -> bytes:
    return openrosa.render_response(words, nature="submit_success" if well else "submit_failed")


def _xml(content: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(content, status=status, content_type=openrosa.CONTENT_TYPE)


def _dressed(response: HttpResponse) -> HttpResponse:
    """Add what makes a phone believe that it speaks with an OpenRosa server, and not with a captive portal."""
    for name, value in openrosa.HEADERS.items():
        response[name] = value
    response[openrosa.LENGTH_HEADER] = str(settings.SUBMISSION_MAX_BYTES)
    response["Cache-Control"] = "no-store"
    return response
