"""Tell which files a case has, and give one of them, as a file of its own that can run nothing and is kept nowhere.

The answer carries no name that a telephone gave. What a browser cannot safely show is only saved. Decision: 0026.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access.sealed_session import SealedLocked
from amparo.cases.attachments import AttachedFile, OpenedFile, open_attachment
from amparo.cases.queries import CaseNotFound, case_for
from amparo.cases.refused import AttachmentShut
from amparo.desk.context import in_language
from amparo.desk.protection import sealed_cookie
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.protection.sealed_case import unlocked_by
from amparo.desk.protection.sealed_forms import TROUBLES, OpenForm, trouble_in_words
from amparo.desk.reader import DeskRequest
from amparo.forms.file_kinds import PICTURES, Kind, State

# It may show its own points or play its own sound; no script, no form, no address of anything else.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class AttachedTold:
    """One file in words; `opens` where a page gives it at all."""

    id: UUID
    title: str
    size: str
    agency: str
    at: datetime
    warning: str
    opens: bool


@login_required
def attachment(request: DeskRequest, case_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """Ask what for, unlock if need be, and give one file."""
    audit.require(request.actor, "attachment.read")
    file = case_for(request.actor, case_id)
    one = next((one for one in file.files if one.id == attachment_id), None)
    if one is None:
        raise CaseNotFound("There is no such file for you.", subject=audit.subject_of("case", case_id))
    form = OpenForm(request.POST or None, is_open=not one.is_sealed or sealed_cookie.is_held(request))
    context = {"file": file, "name": short_name_of(file.identity), "one": attached_told(one), "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return _given(request, case_id, one, form)
        except TROUBLES as trouble:
            form.add_error("passphrase", trouble_in_words(trouble))
        except SealedLocked:
            context["form"] = OpenForm(is_open=False)
        except AttachmentShut as shut:
            return _not_given(request, shut, context)
    return render(request, "protection/attachment.html", context)


def attached_told(one: AttachedFile) -> AttachedTold:
    """Return what a list says of a file."""
    agency = in_language(one.agency, get_language() or "es")
    size = _("%(n)s KB") % {"n": max(1, one.size // 1024)}
    return AttachedTold(one.id, _title(one), size, agency, one.at, _warning(one), one.state is not State.SHUT)


def _given(request: DeskRequest, case_id: UUID, one: AttachedFile, form: OpenForm) -> HttpResponseBase:
    fresh = unlocked_by(request, form)
    opened = sealed_cookie.held(request) if one.is_sealed else None
    purpose = form.cleaned_data["purpose"]
    done = open_attachment(request.actor, case_id, one.id, purpose=purpose, opened=opened)
    response = _as_file(done, one.id)
    if not one.is_sealed:
        return response
    return sealed_cookie.give(response, fresh) if fresh else sealed_cookie.renew(request, response)


def _as_file(done: OpenedFile, attachment_id: UUID) -> FileResponse:
    # The content is in hand by now: streaming it asks the database nothing after the transaction.
    response = FileResponse(
        done.content, as_attachment=not done.in_page, content_type=done.media_type,
        filename=f"{attachment_id.hex[-8:]}.{done.kind}",
    )  # fmt: skip
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _not_given(request: DeskRequest, shut: AttachmentShut, context: dict[str, object]) -> HttpResponse:
    """Say why a file stays shut; what was begun is undone, and the refusal stands on the trail."""
    request.refusal = shut
    words = {
        "shut": _("It is of no kind that opens safely. It stays sealed; nothing is lost."),
        "not-let-in": _("It is sealed to a key that you were not let in to."),
        "broken": _(
            "It was changed or damaged where it is kept, so nothing of it is shown. Tell whoever runs the node."
        ),
    }
    status = 409 if shut.why == "broken" else 403
    return render(request, "protection/attachment.html", context | {"shut": words[shut.why]}, status=status)


def _title(one: AttachedFile) -> str:
    asked = {"photo": _("Photo of the child"), "own_words_audio": _("Her voice")}.get(one.question)
    if asked:
        return asked
    if one.kind in PICTURES:
        return _("Picture")
    if one.kind is Kind.PDF:
        return _("Document")
    return _("File") if one.kind is Kind.UNKNOWN else _("Recording")


def _warning(one: AttachedFile) -> str:
    if one.state is State.SHUT:
        return _("Of no kind that opens safely: kept sealed, and no page opens it.")
    if one.is_sealed:
        return _("Sealed: only officers who were let in open it.")
    if one.state is State.AS_IT_CAME:
        return _("Kept as it came: it may tell where and with what it was made.")
    return ""
