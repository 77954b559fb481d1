"""Show that a form that came twice with other answers is on a page for people, and tells nothing of the child."""

from uuid import uuid4

import pytest
from django.urls import reverse

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.cases.conflicts import conflicts_of, count_conflicts
from amparo.cases.intake import receive_submission
from amparo.forms.queries import device_of
from tests.desk.people import a_browser
from tests.factories import a_migration_officer, an_actor
from tests.factories.forms import a_filled_intake, a_published_intake, an_enrolled_device

pytestmark = pytest.mark.django_db


def _sent_twice(agency: str = "mx-albergue") -> None:
    a_published_intake()
    secret, instance = an_enrolled_device(agency), f"uuid:{uuid4()}"
    phone = device_of(secret.username, secret.secret)
    assert phone is not None
    for name in ("Xochitl", "Yatziri"):
        _send(phone, a_filled_intake(instance=instance, given=name))


def _send(phone: Actor, xml: bytes) -> None:
    with acting_as(phone):
        receive_submission(xml=xml, attachments={}, incomplete=False, by=phone)


def test_a_second_form_is_listed_with_the_case_that_the_first_one_opened() -> None:
    _sent_twice()
    officer = an_actor(Role.FIRST_CONTACT, "mx-albergue")

    with acting_as(officer):
        (one,) = conflicts_of(officer)

    assert one.device == "Teléfono de prueba"
    assert one.reference.startswith("MX-")
    assert (
        a_browser(Role.FIRST_CONTACT, "mx-albergue").get(reverse("desk:case", args=[one.case_id])).status_code
        == 200
    )


def test_the_page_says_when_which_telephone_and_which_case_and_no_answer_of_the_form() -> None:
    _sent_twice()

    text = a_browser(Role.FIRST_CONTACT, "mx-albergue").get(reverse("desk:conflicts")).content.decode()

    assert "Teléfono de prueba" in text
    assert "caso MX-" in text
    assert "Xochitl" not in text
    assert "Yatziri" not in text


def test_my_day_leads_to_it_only_when_there_is_one() -> None:
    browser = a_browser(Role.FIRST_CONTACT, "mx-albergue")
    before = browser.get(reverse("desk:my-day")).content.decode()

    _sent_twice()
    after = browser.get(reverse("desk:my-day")).content.decode()

    assert reverse("desk:conflicts") not in before
    assert "1 formulario llegó dos veces con respuestas distintas" in after


def test_the_agency_whose_telephone_did_not_send_it_sees_none() -> None:
    _sent_twice()
    worker = an_actor()

    with acting_as(worker):
        assert conflicts_of(worker) == ()
        assert count_conflicts(worker) == 0


def test_a_form_sent_again_unchanged_is_no_conflict() -> None:
    a_published_intake()
    secret = an_enrolled_device()
    phone, xml = device_of(secret.username, secret.secret), a_filled_intake()
    assert phone is not None
    for _ in range(2):
        _send(phone, xml)
    officer = an_actor(Role.FIRST_CONTACT, "mx-albergue")

    with acting_as(officer):
        assert count_conflicts(officer) == 0


def test_an_empty_list_says_what_will_appear_here() -> None:
    text = a_browser().get(reverse("desk:conflicts")).content.decode()

    assert "Ningún formulario llegó dos veces" in text


def test_a_migration_officer_may_not_ask() -> None:
    officer = a_migration_officer()

    with acting_as(officer), pytest.raises(NotAllowed):
        conflicts_of(officer)
    assert a_browser(Role.ADMINISTRATOR).get(reverse("desk:conflicts")).status_code == 403


def test_looking_leaves_a_trace() -> None:
    a_browser().get(reverse("desk:conflicts"))

    assert AuditEntry.objects.filter(event="case.listed", subject="list:conflicts").exists()


def test_nothing_overdue_says_that_only_set_limits_count() -> None:
    text = a_browser().get(reverse("desk:my-day") + "?only=overdue").content.decode()

    assert "Aquí solo cuentan los plazos" in text
