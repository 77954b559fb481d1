"""End sign-ins at once, on every process of the node: the rows go, and the account forgets what came before.

Each request looks the session and the account up in the database, so that an ended one is refused at the next request.
Design: security design 5 (revocation within 60 seconds, at most three sign-ins at a time).
"""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from amparo.access import models
from amparo.access.people_rules import MOST_SESSIONS
from amparo.base.clock import now


def end_sessions(person: models.Person) -> None:
    """End every sign-in of a person, now."""
    _end(UserSession.objects.filter(user=person))
    person.sessions_from = now()
    person.save(update_fields=["sessions_from"])


def end_other_sessions(person: models.Person, kept: str) -> int:
    """End every sign-in of a person but the one with this key; return how many."""
    return _end(UserSession.objects.filter(user=person).exclude(session_key=kept))


def end_oldest_sessions(person: models.Person) -> int:
    """Make room for one more sign-in; return how many of the oldest were ended."""
    UserSession.objects.purge_and_list(person)
    known = UserSession.objects.filter(user=person).order_by("-created_at").values_list("pk", flat=True)
    return _end(UserSession.objects.filter(pk__in=list(known)[MOST_SESSIONS - 1 :]))


def _end(sessions: QuerySet[UserSession]) -> int:
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)
