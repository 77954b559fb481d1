"""Write down every step of signing in and each one that failed, and say how long a sign-in lasts.

Connected to the signals of Django and of the sign-in library when the room starts. What a stranger typed is never
written down, and strangers leave a bounded number of rows, whichever process they knock at. Design: security design 5.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse

from amparo.access.actor import NOBODY, acting_as
from amparo.access.audit import record, subject_of
from amparo.access.events import Event
from amparo.access.models import People, Person
from amparo.access.rules import may
from amparo.access.sealed_session import lock
from amparo.access.sessions import end_oldest_sessions, end_other_sessions
from amparo.access.shared_limits import first_of
from amparo.base.clock import now

LONGEST = timedelta(hours=12)
# As much as the clocks of two servers may be apart.
CLOCKS_DIFFER = timedelta(minutes=10)
_SINCE = "signed_in_at"
# The library's signals and what each one is called on the trail.
_STEPS: tuple[tuple[Signal, Event], ...] = (
    (factors.authenticator_used, Event.SECOND_FACTOR_USED),
    (factors.authenticator_removed, Event.SECOND_FACTOR_REMOVED),
    (factors.authenticator_reset, Event.RECOVERY_CODES_MADE),
)


def listen() -> None:
    """Hear every sign-in from now on."""
    user_logged_in.connect(_signed_in, dispatch_uid="amparo-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="amparo-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="amparo-sign-in-failed")
    factors.authentication_failed.connect(_wrong_factor, dispatch_uid="amparo-wrong-factor")
    factors.authenticator_added.connect(_added, dispatch_uid="amparo-factor-added")
    for signal, event in _STEPS:
        signal.connect(_step(event), weak=False, dispatch_uid=f"amparo-{event}")


class SessionEndMiddleware:
    """Sign out whoever signed in more than 12 hours ago or before her sign-ins were ended; the page asks again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        person = request.user
        if isinstance(person, Person) and _is_over(request.session.get(_SINCE), person.sessions_from):
            logout(request)
        return self.get_response(request)


def _is_over(since: str | None, ended: datetime | None) -> bool:
    """Test whether a session has had its time or was ended; one of unknown age has, as when the clock was put back."""
    if since is None:
        return True
    began = datetime.fromisoformat(since)
    if began - now() >= CLOCKS_DIFFER:
        return True
    return now() - began >= LONGEST or (ended is not None and began <= ended)


def _signed_in(*, request: HttpRequest, user: Person, **_: object) -> None:
    request.session[_SINCE] = now().isoformat()
    _write_down(Event.SIGNED_IN, user)
    if end_oldest_sessions(user):
        _write_down(Event.SESSION_ENDED, user, "too-many")


def _signed_out(*, request: HttpRequest, user: Person | None, **_: object) -> None:
    """Lock what she had open; a role that can open nothing has nothing to lock."""
    if user is not None and may(user.as_actor(), "sealed.key"):
        with acting_as(user.as_actor()):
            lock(by=user.as_actor(), session=request.session.session_key or "")


def _failed(*, credentials: Mapping[str, Any], request: HttpRequest | None, **_: object) -> None:
    """Write a failure down once per account, address and minute."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    person = Person.objects.filter(email=People.normalize_email(email)).first()
    subject = subject_of("person", person.pk) if person else "person:unknown"
    if first_of("sign-in", f"{_address(request)} {subject}"):
        record(Event.SIGN_IN_FAILED, by=NOBODY, subject=subject, allowed=False)


def _wrong_factor(*, request: HttpRequest | None, user: Person, **_: object) -> None:
    """Write a wrong second factor down: somebody has the password of this account."""
    subject = subject_of("person", user.pk)
    if first_of("second-factor", f"{_address(request)} {subject}"):
        record(Event.SECOND_FACTOR_FAILED, by=NOBODY, subject=subject, allowed=False)


def _added(*, request: HttpRequest, user: Person, authenticator: Authenticator, **_: object) -> None:
    """Write a new factor down; what was signed in elsewhere without it ends."""
    _write_down(Event.SECOND_FACTOR_ADDED, user, str(authenticator.type))
    if request.session.session_key:
        end_other_sessions(user, request.session.session_key)


def _step(event: Event) -> Callable[..., None]:
    def hear(*, user: Person, authenticator: Authenticator, **_: object) -> None:
        _write_down(event, user, str(authenticator.type))

    return hear


def _write_down(event: Event, person: Person, *reasons: str) -> None:
    record(event, by=person.as_actor(), subject=subject_of("person", person.pk), reasons=reasons)


def _address(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""
