"""Open what is sealed of one case, in the officer's own session, for a purpose that she says.

What was opened is shown once, in the answer to her click, and is kept by nobody. Decision: 0022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amparo.access import audit
from amparo.access.queries import agency_names
from amparo.access.sealed_session import SealedLocked, lock, unlock
from amparo.cases.queries import CaseFile, case_for
from amparo.cases.sealed_reading import SealedLine, open_sealed_of
from amparo.desk.context import in_language
from amparo.desk.protection import sealed_cookie
from amparo.desk.protection.property_words import parts_of, plain, short_name_of, word_titles
from amparo.desk.protection.sealed_forms import TROUBLES, OpenForm, trouble_in_words
from amparo.desk.reader import DeskRequest


@dataclass(frozen=True)
class SealedSaid:
    """One sealed entry in words; `closed` where this officer was not let in to the pair it is sealed to."""

    lines: tuple[tuple[str, str], ...]
    closed: bool
    at: datetime
    role: str
    agency: str


@login_required
def sealed(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask what for, unlock if need be, and show what is sealed."""
    audit.require(request.actor, "sealed.read")
    file = case_for(request.actor, case_id, purpose="casework", act="sealed.read")
    is_open = sealed_cookie.is_held(request)
    form = OpenForm(request.POST or None, is_open=is_open)
    context = {"file": file, "name": short_name_of(file.identity), "form": form, "is_open": is_open}
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(request, file, form, context)
        except TROUBLES as trouble:
            form.add_error("passphrase", trouble_in_words(trouble))
        except SealedLocked:
            context["form"] = OpenForm(is_open=False)
    return render(request, "protection/sealed.html", context)


@login_required
@require_POST
def lock_now(request: DeskRequest) -> HttpResponse:
    """Forget her open key, here and in every other browser of hers."""
    audit.require(request.actor, "sealed.key")
    lock(by=request.actor)
    return sealed_cookie.take(redirect("desk:sealed-key"))


def _shown(request: DeskRequest, file: CaseFile, form: OpenForm, context: dict[str, object]) -> HttpResponse:
    fresh = unlocked_by(request, form)
    purpose = form.cleaned_data["purpose"]
    lines = open_sealed_of(request.actor, file.id, purpose=purpose, opened=sealed_cookie.held(request))
    language, names = get_language() or "es", agency_names()
    bodies = {code: in_language(name, language) for code, name in names.items()}
    context |= {"said": [_told(line, bodies) for line in lines], "opened": True}
    response = render(request, "protection/sealed.html", context)
    return sealed_cookie.give(response, fresh) if fresh else sealed_cookie.renew(request, response)


def unlocked_by(request: DeskRequest, form: OpenForm) -> str:
    """Unlock with the passphrase where the form asks for one; return what her cookie must carry then.

    Raises what `unlock` raises.
    """
    if "passphrase" not in form.fields:
        return ""
    session = sealed_cookie.session_of(request)
    fresh = unlock(by=request.actor, session=session, passphrase=form.cleaned_data["passphrase"])
    request.COOKIES[sealed_cookie.name()] = fresh
    return fresh


def _told(line: SealedLine, bodies: Mapping[str, str]) -> SealedSaid:
    said = parts_of(line.words) or ([(_("Sealed words"), plain(line.words))] if line.words else [])
    lines = [(title, text) for title, text in [*said, *_others(line.words, said)] if text]
    return SealedSaid(
        tuple(lines), line.words is None, line.at, line.role, bodies.get(line.agency, line.agency)
    )


def _others(words: object, said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what has no title of its own: sealed things are shown whole, or nobody would know of them."""
    if not isinstance(words, dict):
        return []
    shown = {text for _title, text in said}
    titled = {"text"} if "text" in words else set(word_titles())
    rest = [plain(value) for name, value in words.items() if name not in titled]
    return [(_("Also sealed"), text) for text in rest if text and text not in shown]
