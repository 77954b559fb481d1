"""Take the head of another node's audit trail and answer with our cosignature: no session, no child data.

The head proves who shows it; a refusal tells a public code and nothing more. Design: security design 5 (audit).
"""

from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amparo.exchange.witness_rules import WitnessCode
from amparo.exchange.witnessing import MAX_QUESTION, cosign

_STATUS = {WitnessCode.NOT_A_PEER.value: 403, WitnessCode.UNREADABLE.value: 400}


@csrf_exempt  # no cookie signs anybody in here: the head carries its own proof
@require_http_methods(["POST"])
def audit_heads(request: HttpRequest) -> JsonResponse:
    """Answer 200 with a cosignature, or 4xx with a code and, for a node we witness, what we cosigned last."""
    try:
        content = request.read(MAX_QUESTION + 1)
    except (UnreadablePostError, RawPostDataException):
        content = b""
    if len(content) > MAX_QUESTION:
        return JsonResponse({"code": WitnessCode.UNREADABLE.value}, status=413)
    said = cosign(content)
    return JsonResponse(said, status=_STATUS.get(said["code"], 409) if "code" in said else 200)
