"""Lead people of the migration authority to their page: the gate, or their account where they may look up nobody."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect

from amparo.access.rules import may
from amparo.desk.reader import DeskRequest


@login_required
def home(request: DeskRequest) -> HttpResponse:
    """Send people to their page."""
    return redirect("desk:gate" if may(request.actor, "gate.read") else "mfa_index")
