"""Run each request in one transaction in which the signed-in person acts.

A failed request leaves nothing half-written. A refusal is written down after the rollback, in its own transaction.
Streaming answers would run after the transaction, so no page may stream child data (STACK trap 2).
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from amparo.access.actor import NOBODY, acting_as
from amparo.access.audit import record
from amparo.access.events import Event
from amparo.access.models import Person
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, NotAllowed, side_of
from amparo.access.second_factor import second_factor_missing
from amparo.base.seal import SealBroken
from amparo.keys.trouble import KeysTrouble

# What a page raises when it refuses; the page's own handler turns it into words.
REFUSALS = (Refused, NotAllowed)
# What stops a page because keys, or what they open, cannot be used; nothing is saved then.
TROUBLES = (KeysTrouble, SealBroken)
_log = logging.getLogger(__name__)


class ActorMiddleware:
    """Open the transaction, set the actor, roll back on refusal or failure, write the refusal down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        actor = _actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        with acting_as(actor):
            response = self.get_response(request)
            refusal: Exception | None = getattr(request, "refusal", None)
            if refusal is not None or response.status_code >= 500:
                transaction.set_rollback(True)
        if refusal is not None:
            _write_down(refusal, getattr(request, "actor", actor))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Remember a refusal, or a trouble with the keys, and let the desk say it in words."""
        if isinstance(exception, TROUBLES):
            return self._troubled(request, exception)
        if not isinstance(exception, REFUSALS):
            return None
        request.refusal = exception  # type: ignore[attr-defined]
        page = import_string(settings.REFUSAL_VIEW)
        answer: HttpResponse = page(request, exception)
        return answer

    def _troubled(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """Say that keys or sealed bytes cannot be used; the answer is a failure, so everything is rolled back."""
        # Our own sentence: it names files and what to do, never a child.
        _log.error("%s: %s", type(exception).__name__, exception)
        answer: HttpResponse = import_string(settings.TROUBLE_VIEW)(request, exception)
        return answer


def _actor_of(request: HttpRequest) -> Actor:
    person = request.user
    if not isinstance(person, Person) or not person.is_active or second_factor_missing(person):
        return NOBODY
    actor = person.as_actor()
    # The database hides people of the other side already; nobody acts at the wrong server if it should not.
    return actor if side_of(actor.sector) == settings.SECTOR else NOBODY


def _write_down(refusal: Exception, actor: Actor) -> None:
    """Record a refusal in a transaction of its own: the refused one has left nothing behind."""
    with acting_as(actor):
        if isinstance(refusal, Refused):
            record(
                refusal.event, by=actor, subject=refusal.subject, allowed=False, reasons=refusal.reason_codes
            )
        elif isinstance(refusal, NotAllowed):
            subject = refusal.subject or f"act:{refusal.act}"
            reasons = (refusal.act, *refusal.reasons) if refusal.subject else refusal.reasons
            record(Event.DENIED, by=actor, subject=subject, allowed=False, reasons=reasons)
