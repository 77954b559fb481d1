"""Write down who signed in and who failed to, and say how long a sign-in lasts.

Connected to Django's own signals when the room starts. What a stranger typed is never written down.
Design: security design 5.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest, HttpResponse

from amparo.access.actor import NOBODY
from amparo.access.audit import record, subject_of
from amparo.access.events import Event
from amparo.access.limits import OncePer
from amparo.access.models import People, Person
from amparo.base.clock import now

LONGEST = timedelta(hours=12)
_SINCE = "signed_in_at"
_failures = OncePer()


def listen() -> None:
    """Hear every sign-in from now on."""
    user_logged_in.connect(_signed_in, dispatch_uid="amparo-signed-in")
    user_login_failed.connect(_failed, dispatch_uid="amparo-sign-in-failed")


class SessionEndMiddleware:
    """Sign out whoever signed in more than 12 hours ago, however busy since; the page asked for asks again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if request.user.is_authenticated and _is_over(request.session.get(_SINCE)):
            logout(request)
        return self.get_response(request)


def _is_over(since: str | None) -> bool:
    """Test whether a session has had its time; one of unknown age has."""
    return since is None or now() - datetime.fromisoformat(since) >= LONGEST


def _signed_in(*, request: HttpRequest, user: Person, **_: object) -> None:
    request.session[_SINCE] = now().isoformat()
    record(Event.SIGNED_IN, by=user.as_actor(), subject=subject_of("person", user.pk))


def _failed(*, credentials: Mapping[str, Any], request: HttpRequest | None, **_: object) -> None:
    """Write a failure down once per account, address and minute."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    person = Person.objects.filter(email=People.normalize_email(email)).first()
    subject = subject_of("person", person.pk) if person else "person:unknown"
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    if _failures.first(f"{address} {subject}"):
        record(Event.SIGN_IN_FAILED, by=NOBODY, subject=subject, allowed=False)
