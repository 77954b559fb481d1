"""Carry the half of an officer's open key that only her browser holds.

Readable by no script, sent to this node alone, gone after ten minutes. Decision: 0022.
"""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from amparo.access.sealed_rules import IDLE
from amparo.access.sealed_session import Opened, is_open, opened_keys
from amparo.desk.reader import DeskRequest

Answer = TypeVar("Answer", bound=HttpResponseBase)


def name() -> str:
    """Return what the cookie is called at this node."""
    return f"{settings.SESSION_COOKIE_NAME}_sealed"


def session_of(request: HttpRequest) -> str:
    """Return the sign-in session to which an open key is bound."""
    return request.session.session_key or ""


def held(request: DeskRequest) -> Opened:
    """Return the keys open in this session; raises SealedLocked, SealTampered."""
    return opened_keys(by=request.actor, session=session_of(request), cookie=request.COOKIES.get(name(), ""))


def is_held(request: DeskRequest) -> bool:
    """Test whether her key is open in this session."""
    return is_open(by=request.actor, session=session_of(request), cookie=request.COOKIES.get(name(), ""))


def give(response: Answer, cookie: str) -> Answer:
    """Let the browser carry its half for ten minutes more."""
    response.set_cookie(
        name(), cookie, max_age=int(IDLE.total_seconds()), httponly=True, samesite="Strict",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
    return response


def renew(request: HttpRequest, response: Answer) -> Answer:
    """Give the same half again, so that it lasts as long as the other one."""
    cookie = request.COOKIES.get(name(), "")
    return give(response, cookie) if cookie else response


def take(response: HttpResponse) -> HttpResponse:
    """Let the browser forget its half."""
    response.delete_cookie(name(), samesite="Strict")
    return response
