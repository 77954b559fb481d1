"""Show that a request is one transaction, that a refusal leaves only its row, and that nobody acts unasked."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from amparo.access.middleware import ActorMiddleware
from amparo.access.models import Agency, AuditEntry
from amparo.access.refusal import Refused
from amparo.access.rules import NotAllowed, Role
from tests.desk.people import a_person

pytestmark = pytest.mark.django_db(transaction=True)
View = Callable[[HttpRequest], HttpResponse]


def _answer(view: View, *, person: object = None) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = person or a_person()  # type: ignore[assignment]
    return ActorMiddleware(view)(request)


def _writes(request: HttpRequest) -> None:
    Agency.objects.create(code="half-written", sector="protection", kind="shelter", telephone="0")


def _written() -> bool:
    return Agency.objects.filter(code="half-written").exists()


def test_a_request_that_ends_well_is_kept() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        _writes(request)
        return HttpResponse()

    _answer(view)

    assert _written()


@pytest.mark.parametrize(
    ("refusal", "event"),
    [
        (Refused("no", subject="case:1", reason_codes=("why",)), "access.denied"),
        (NotAllowed("case.read"), "access.denied"),
    ],
)
def test_a_refusal_leaves_nothing_but_its_row_on_the_trail(refusal: Exception, event: str) -> None:
    person = a_person(Role.SUPERVISOR)

    def view(request: HttpRequest) -> HttpResponse:
        _writes(request)
        request.refusal = refusal  # type: ignore[attr-defined]
        return HttpResponse(status=403)

    _answer(view, person=person)

    row = AuditEntry.objects.get()
    assert not _written()
    assert (row.event, row.allowed, row.actor, row.role) == (event, False, person.id, "supervisor")


def test_an_answer_that_says_it_failed_is_rolled_back() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        _writes(request)
        return HttpResponse(status=500)

    _answer(view)

    assert not _written()


def _who_acts() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('amparo.sector', true) || '/' || current_setting('amparo.reach', true)"
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _tells_who_acts(_: HttpRequest) -> HttpResponse:
    return HttpResponse(_who_acts())


@pytest.mark.parametrize("active", [True, False])
def test_somebody_whose_account_is_closed_acts_as_nobody(active: bool) -> None:
    person = a_person()
    person.is_active = active

    said = _answer(_tells_who_acts, person=person).content

    assert said == (b"protection/agency" if active else b"system/")


def test_without_sign_in_nobody_acts() -> None:
    assert _answer(_tells_who_acts, person=AnonymousUser()).content == b"system/"
