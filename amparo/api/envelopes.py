"""Take envelopes from other nodes, and hand the signed trust list to whoever asks: no session, no child data.

The envelope itself says and proves who sends it; a refusal tells one of twelve public codes and nothing more.
Design: security design 4.2, 4.3.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amparo.exchange.codes import Code, EnvelopeRefused
from amparo.exchange.held import TrustListMissing
from amparo.exchange.inbox import receive_envelope, refusal_receipt
from amparo.exchange.line import MAX_ENVELOPE
from amparo.exchange.queries import public_trust_list
from amparo.exchange.trust_document import TrustListWrong

_STATUS = {Code.TOO_LARGE: 413, Code.ID_REUSED: 409, Code.NOT_PERMITTED: 403, Code.SENDER_UNKNOWN: 403}


@csrf_exempt  # no cookie signs anybody in here: the bytes carry their own proof
@require_http_methods(["POST"])
def envelopes(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the signed receipt, or 4xx with a public code and the signed refusal."""
    if _announced(request) > MAX_ENVELOPE:
        return JsonResponse({"code": Code.TOO_LARGE.value}, status=413)  # not even read
    try:
        content = request.read(MAX_ENVELOPE + 1)
    except (UnreadablePostError, RawPostDataException):
        return JsonResponse({"code": Code.LINE_UNREADABLE.value}, status=400)
    try:
        receipt = receive_envelope(content, address=request.META.get("REMOTE_ADDR", ""))
        return HttpResponse(receipt, content_type="text/plain; charset=us-ascii")
    except EnvelopeRefused as refused:
        said = {"code": refused.code.value, "receipt": refusal_receipt(content, refused.code)}
        return JsonResponse(said, status=_STATUS.get(refused.code, 400))


@require_http_methods(["GET", "HEAD"])
def trust_list(_: HttpRequest) -> HttpResponse:
    """Answer with the signed trust list this node works with; 404 while it has none."""
    try:
        return HttpResponse(public_trust_list(), content_type="application/jose; charset=us-ascii")
    except (TrustListMissing, TrustListWrong):
        return JsonResponse({"code": "no-trust-list"}, status=404)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return MAX_ENVELOPE + 1
