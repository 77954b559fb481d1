"""Let an invited person in: she opens her link, types the code she was told, and chooses a password.

The secret of the link comes in a form and never in an address, so no log and no history holds it; no page is cached.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from amparo.access.coming_in import CodeWrong, Entry, accept_invitation, invitation_of
from amparo.access.invitations import InvitationShut
from amparo.desk.context import in_language, role_in_words
from amparo.desk.people.forms import LinkForm, WayInForm
from amparo.desk.people.inviting import shut_page
from amparo.desk.people.words import TROUBLES, trouble


@never_cache
def accept(request: HttpRequest) -> HttpResponse:
    """Take the secret of the link first, then code and password; the second step she adds when she signs in."""
    link = LinkForm(request.POST or None)
    if not link.is_valid():
        return render(request, "people/link_of.html", {"form": link})
    secret = link.cleaned_data["secret"]
    form = WayInForm(request.POST if "code" in request.POST else None, initial={"secret": secret})
    try:
        entry = invitation_of(secret)
        if form.is_valid() and _let_in(secret, form):
            messages.success(request, _("Your password is set. Sign in now."))
            return redirect("account_login")
    except InvitationShut as shut:
        return shut_page(request, shut, 410)
    except TROUBLES as wrong:
        form.add_error(None, trouble(wrong))
    return render(request, "people/way_in.html", {"form": form, **_told(entry)})


def _told(entry: Entry) -> dict[str, object]:
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "entry": entry,
        "role": role_in_words(entry.role),
        "agency": in_language(entry.agency, language),
    }


def _let_in(secret: str, form: WayInForm) -> bool:
    """Let her in; False with words on the form when the code is wrong."""
    said = form.cleaned_data
    try:
        accept_invitation(secret=secret, code=said["code"], password=said["password"])
    except CodeWrong as wrong:
        words = ngettext(
            "This is not the code. %(left)d more try.",
            "This is not the code. %(left)d more tries.",
            wrong.left,
        )
        form.add_error("code", words % {"left": wrong.left})
        return False
    return True
