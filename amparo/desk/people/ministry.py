"""Sign in with a ministry, and connect one's account with it; nothing that the provider sends is shown.

Leaving is a plain link, as no form here may be sent elsewhere. Connecting begins in a form of one's own sign-in, after
showing again who one is, and shows the link to the provider then.
"""

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from amparo.access import ministry_sign_in as signing
from amparo.access.ministry_client import MinistryAway
from amparo.access.ministry_links import IdentityTaken, bound_of, ministry_of, unbind_identity
from amparo.access.ministry_rules import Ministry, ProviderWrong
from amparo.access.ministry_sign_in import SignInRefused
from amparo.desk.context import in_language, own_door
from amparo.desk.people.ministry_words import refused_words
from amparo.desk.reader import DeskRequest

_TROUBLES = (MinistryAway, ProviderWrong, SignInRefused, IdentityTaken)
_AWAY, _REFUSED, _TOO_MANY = 424, 403, 429


@never_cache
@require_GET
def leave(request: HttpRequest, ministry_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    ministry = _found(ministry_id)
    if request.user.is_authenticated:
        return redirect("desk:home")
    if not ratelimit.consume(request, action="login"):
        return _refused(request, ministry, "too-many", _TOO_MANY)
    try:
        return redirect(signing.leave_for(ministry, request.session, back=_back(ministry)))
    except _TROUBLES as trouble:
        return _troubled(request, ministry, trouble)


@never_cache
@require_GET
def come_back(request: DeskRequest, ministry_id: str) -> HttpResponse:
    """Take what the browser brings back from the provider."""
    ministry = _found(ministry_id)
    try:
        answer = signing.come_back(request, ministry, back=_back(ministry), by=request.actor)
    except _TROUBLES as trouble:
        return _troubled(request, ministry, trouble)
    if answer is not None:
        return answer
    said = _("Connected. From now on you can sign in with %(name)s.")
    messages.success(request, said % {"name": _name(ministry)})
    return redirect("account_ministries")


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List the ministries that one can sign in with, and since when one does."""
    lines = [(one, _name(one.ministry)) for one in bound_of(request.actor)]
    return render(request, "people/ministries.html", {"lines": lines})


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def change(request: DeskRequest, ministry_id: str, what: str) -> HttpResponse:
    """Connect one's account with a ministry, or end that."""
    ministry = _found(ministry_id)
    if what not in ("bind", "end") or request.actor.agency not in ministry.agencies:
        raise Http404
    if request.method != "POST":
        return redirect("account_ministries")
    if what == "end":
        unbind_identity(ministry=ministry.id, by=request.actor)
        messages.success(request, _("Not connected any more."))
        return redirect("account_ministries")
    person = str(request.actor.id)
    try:
        address = signing.leave_for(ministry, request.session, back=_back(ministry), person=person)
    except _TROUBLES as trouble:
        return _troubled(request, ministry, trouble)
    return render(request, "people/ministry_leave.html", {"address": address, "name": _name(ministry)})


def _troubled(request: HttpRequest, ministry: Ministry, trouble: Exception) -> HttpResponse:
    if isinstance(trouble, MinistryAway):
        return _refused(request, ministry, "away", _AWAY)
    return _refused(request, ministry, getattr(trouble, "code", "taken"), _REFUSED)


def _refused(request: HttpRequest, ministry: Ministry, code: str, status: int) -> HttpResponse:
    signing.note_refused(code, ministry, address=str(request.META.get("REMOTE_ADDR", "")))
    heading, what_to_do = refused_words(code, _name(ministry))
    # Another language is asked for at the sign-in page: the address of this one holds a code and is over.
    context = {"heading": heading, "what_to_do": what_to_do, "page_path": reverse("account_login")}
    return render(request, "desk/error.html", context, status=status)


def _found(ministry_id: str) -> Ministry:
    ministry = ministry_of(ministry_id)
    if ministry is None:
        raise Http404
    return ministry


def _back(ministry: Ministry) -> str:
    return own_door() + reverse("account_ministry_back", args=[ministry.id])


def _name(ministry: Ministry) -> str:
    return in_language(ministry.name, get_language() or "es")
