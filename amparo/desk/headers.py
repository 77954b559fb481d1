"""Set the headers that keep a page to itself: own script and style only, no frames, no copies kept.

No page loads anything from elsewhere. The QR picture of the second factor is the one `data:` address allowed.
SECURITY-DESIGN section 5, Web.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amparo.access.rules import Actor, Role

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
# What a page of an office never needs.
_PERMISSIONS = ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort", "browsing-topics")
PERMISSIONS_POLICY = ", ".join(f"{power}=()" for power in _PERMISSIONS)


class SafeHeadersMiddleware:
    """Add the headers to every answer that does not carry stricter ones of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request with the headers set."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _is_personal(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Test whether an answer was made for a signed-in person; styles come before that is known."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.role is not Role.NOBODY
