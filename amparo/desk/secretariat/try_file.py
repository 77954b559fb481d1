"""Let somebody try an overlay or a scenario: accepted, or refused with every reason at its line. Nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from amparo.access import audit
from amparo.access.rules import may
from amparo.desk.reader import DeskRequest
from amparo.desk.secretariat.verdict import verdict_lines
from amparo.monitor.trying import LARGEST, TooSoon, judge, may_try


@login_required
def try_file(request: DeskRequest) -> HttpResponse:
    """Ask for a file and say what the check says of it."""
    audit.require(request.actor, "guide.try-file")
    content = _content(request) if request.method == "POST" else b""
    # Bytes that are no text are judged as they are and shown as far as they can be read; too long a text is not shown.
    text = content[:LARGEST].decode("utf-8", "replace").replace("\x00", "\ufffd")
    context = {"text": text, "largest": LARGEST // 1024, "may_propose": may(request.actor, "proposal.make")}
    if request.method != "POST":
        return render(request, "secretariat/try.html", context)
    try:
        may_try(request.actor.id)
        context["verdict"] = verdict_lines(judge(content), text)
    except TooSoon:
        return render(request, "secretariat/try.html", context | {"too_soon": True}, status=429)
    return render(request, "secretariat/try.html", context)


def _content(request: DeskRequest) -> bytes:
    """Return what was uploaded, else what was pasted, in bytes; no more than shows that it is too long."""
    uploaded = request.FILES.get("upload")
    if uploaded is not None:
        return bytes(uploaded.read(LARGEST + 1))
    pasted = request.POST.get("text", "").replace("\r\n", "\n")
    return pasted.encode("utf-8", "replace")[: LARGEST + 1]
