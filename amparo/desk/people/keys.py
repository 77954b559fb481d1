"""Show how the keys of this node stand, and let somebody propose a change that another person confirms; no child.

Shows ids of keys, never a key. Design: security design 5. Decision: 0027.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access.key_changes import KINDS, KeysStillUsed, keys_held, propose_key_change
from amparo.desk.people.words import key_change_words
from amparo.desk.reader import DeskRequest


@login_required
def keys(request: DeskRequest) -> HttpResponse:
    """Show the keys that wrap, and what can be proposed."""
    held = keys_held(request.actor)
    words = [(kind, key_change_words(kind)) for kind in KINDS]
    return render(request, "people/keys.html", {"held": held, "kinds": words})


@login_required
def propose(request: DeskRequest, kind: str) -> HttpResponse:
    """Propose one change of keys."""
    if kind not in KINDS:
        raise Http404
    if request.method != "POST":
        return keys(request)
    try:
        propose_key_change(kind=kind, by=request.actor)
    except KeysStillUsed:
        messages.error(
            request, _("Rows are still under a former key. The administrator runs: amparo keys rewrap")
        )
        return redirect("desk:keys")
    messages.warning(request, _("Proposed. Nothing changes before another person confirms it."))
    return redirect("desk:changes")
