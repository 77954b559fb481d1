"""Send words twice, change them, send them for another child: nothing that somebody typed is lost in silence."""

from typing import cast
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.access.actor import acting_as
from amparo.base.clock import now
from amparo.cases.actions import note_came_again
from tests.desk.people import a_browser
from tests.factories import a_case, a_device

pytestmark = pytest.mark.django_db
FIRST, OTHER = "Tengo miedo de volver", "Quiero ver a mi hermano"


def _send(browser: Client, case_id: UUID, text: str, form_id: str, *, when: str = "") -> HttpResponse:
    when = when or timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")
    form = {"form_id": form_id, "kind": "words", "text": text, "when": when}
    return cast("HttpResponse", browser.post(reverse("desk:words", args=[case_id]), form))


def _page(browser: Client, case_id: UUID) -> str:
    return str(browser.get(reverse("desk:case", args=[case_id])).content.decode())


def test_the_same_click_sent_twice_is_kept_once() -> None:
    browser, case_id, form_id = a_browser(), a_case(), str(uuid4())

    answers = [_send(browser, case_id, FIRST, form_id).status_code for _ in range(2)]

    assert answers == [302, 302]


def test_changed_words_come_back_on_the_page_and_can_be_saved() -> None:
    browser, case_id, form_id = a_browser(), a_case(), str(uuid4())
    _send(browser, case_id, FIRST, form_id)

    again = _send(browser, case_id, OTHER, form_id).content.decode()
    fresh = again.split('name="form_id" value="')[1].split('"')[0]
    saved = _send(browser, case_id, OTHER, fresh)

    assert "govuk-error-summary" in again
    assert OTHER in again
    assert fresh != form_id
    assert saved.status_code == 302
    assert OTHER in _page(browser, case_id)


def test_words_sent_from_the_page_of_another_child_come_back_too() -> None:
    browser, form_id, second = a_browser(), str(uuid4()), a_case(label="Beto")
    _send(browser, a_case(), FIRST, form_id)

    again = _send(browser, second, FIRST, form_id)

    assert again.status_code == 200
    assert FIRST in again.content.decode()


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "1990-06-01T10:00", "9999-12-31T23:59"])
def test_a_mistyped_year_is_said_beside_the_field(when: str) -> None:
    browser, case_id = a_browser(), a_case()

    answer = _send(browser, case_id, FIRST, str(uuid4()), when=when)

    assert answer.status_code == 200
    assert "govuk-error-message" in answer.content.decode()
    assert FIRST in answer.content.decode()


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00", "1980-06-01T10:00", "9999-12-31T23:59", "2098-01-01T00:00"]
)
def test_a_fact_in_an_impossible_year_is_said_beside_the_field(value: str) -> None:
    browser, case_id = a_browser(), a_case()
    when = timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")
    form = {"form_id": str(uuid4()), "value": value, "when": when}

    answer = browser.post(reverse("desk:fact", args=[case_id, "first_contact_at"]), form)

    assert answer.status_code == 200
    assert "govuk-error-message" in answer.content.decode()


@pytest.mark.parametrize(
    "due", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "2026-03-02T08:00:00"]
)
def test_a_list_key_that_nobody_made_shows_the_day(due: str) -> None:
    a_case(label="Beto")

    answer = a_browser().get(f"/day/?after=1|{due}|{uuid4()}")

    assert "Beto" in answer.content.decode()


def test_another_answer_from_the_same_page_says_that_it_was_not_kept_and_leads_to_the_case() -> None:
    browser, case_id = a_browser(), a_case()
    when = timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")
    form, page = {"form_id": str(uuid4()), "when": when}, reverse("desk:fact", args=[case_id, "asylum"])

    first = browser.post(page, form | {"value": "informed"})
    other = browser.post(page, form | {"value": "not-informed"}, headers={"accept-language": "en"})

    assert (first.status_code, other.status_code) == (302, 403)
    assert "already sent from this page" in other.content.decode()
    assert reverse("desk:case", args=[case_id]) in other.content.decode()


def test_a_second_form_for_the_same_child_is_seen_in_her_story() -> None:
    case_id, device = a_case(), a_device()
    with acting_as(device):
        note_came_again(case_id=case_id, by=device, at=now(), source="submission:x")

    text = a_browser(language="en").get(reverse("desk:case", args=[case_id])).content.decode()

    assert "Another form came for this child" in text
