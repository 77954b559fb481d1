"""Lead each reader of the protection side to the page she works on: my day, or what this node is."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from amparo.access.rules import may
from amparo.desk.reader import DeskRequest


@login_required
def home(request: DeskRequest) -> HttpResponse:
    """Send people to their page; without cases it is the page about this node; delegates see their State."""
    if may(request.actor, "case.list"):
        return redirect("desk:my-day")
    if may(request.actor, "case.mine"):
        return redirect("desk:my-cases")
    if may(request.actor, "adoption.answer") and request.actor.country:
        return redirect("desk:adoption-state", request.actor.country)
    context = {"kind": settings.HOME.profile.kind, "tries": may(request.actor, "guide.try-file")}
    return render(request, "secretariat/home.html", context)
