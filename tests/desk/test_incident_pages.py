"""Show that supervisors find incidents, read what to do, and end a breach with words; and what cases tell of it all."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, models, reevaluating
from amparo.node.home import Home
from tests.cases.guides import PLAIN, another_guide
from tests.desk.people import a_browser
from tests.desk.stories import a_full_case
from tests.factories import ANA, a_case, an_actor

pytestmark = pytest.mark.django_db

WORDS = "Fue liberada el mismo día y la delegación abrió una investigación."


@pytest.fixture(autouse=True)
def former_guide(node_home: Home) -> Iterator[None]:
    """Let every test begin under this node's own first overlay."""
    with another_guide(node_home, PLAIN):
        yield


def _page(address: str, role: Role = Role.SUPERVISOR, code: str = "mx-proteccion") -> str:
    return a_browser(role, code, language="en").get(address).content.decode()


def _incident(case_id: UUID, kind: str) -> models.Incident:
    with acting_as(SYSTEM):
        return models.Incident.objects.filter(case_id=case_id, kind=kind).order_by("obligation")[0]


def _make_stuck(case_id: UUID) -> None:
    """Let the case have been open for a day and an hour, as the sweep finds it."""
    earlier = (now() - timedelta(hours=25)).isoformat()
    with acting_as(SYSTEM):
        row = models.Standing.objects.get(pk=case_id)
        row.unmet_since, row.next_stuck_at = dict.fromkeys(row.unmet_since, earlier), now()
        row.save()
    reevaluating.tell_stuck(most=10)


def _contradicted() -> UUID:
    case_id, worker = a_case({**ANA, "asylum": "applied"}), an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id,
            evidence="no-open-claim-or-appeal",
            done=True,
            by=worker,
            at=now(),
            entry_id=uuid7(),
        )
    return case_id


# ---- the list ------------------------------------------------------------------------------------


def test_my_day_of_a_supervisor_counts_children_with_incidents_and_leads_to_them() -> None:
    before = _page(reverse("desk:my-day"))
    a_full_case()
    after = _page(reverse("desk:my-day"))

    assert reverse("desk:incidents") not in before
    assert "1 child with an incident" in after
    assert reverse("desk:incidents") in after


def test_my_day_of_a_caseworker_does_not_lead_where_she_may_not_go() -> None:
    a_full_case()

    assert reverse("desk:incidents") not in _page(reverse("desk:my-day"), Role.CASEWORKER)
    for role in (Role.CASEWORKER, Role.FIRST_CONTACT):
        browser = a_browser(role, "mx-proteccion" if role is Role.CASEWORKER else "mx-albergue")
        assert browser.get(reverse("desk:incidents")).status_code == 403


def test_the_list_names_the_child_the_act_and_the_duty() -> None:
    case_id = a_full_case()
    _make_stuck(case_id)

    text = _page(reverse("desk:incidents"))

    assert reverse("desk:case", args=[case_id]) in text
    assert "Forbidden act" in text
    assert "Not done for too long" in text
    assert "24 hours" in text
    assert AuditEntry.objects.filter(event="case.listed", subject="list:incidents").exists()


def test_an_empty_list_says_so() -> None:
    assert "No child in your care has an open incident." in _page(reverse("desk:incidents"))


# ---- one incident --------------------------------------------------------------------------------


def test_a_stuck_duty_says_what_is_missing_who_can_provide_it_and_whom_to_call() -> None:
    case_id = a_full_case()
    _make_stuck(case_id)
    with acting_as(SYSTEM):
        one = models.Incident.objects.get(case_id=case_id, obligation="appoint-guardian")

    text = _page(reverse("desk:incident", args=[one.pk]))

    assert reverse("desk:obligation", args=["appoint-guardian"]) in text
    assert "Guardian appointed, at least interim, with date and person" in text
    assert "court" in text.lower()
    assert 'href="tel:' in text
    assert "names nobody yet who can be reached at night" in text
    assert "<textarea" not in text


def test_the_worker_the_country_names_for_the_night_is_on_the_page(node_home: Home) -> None:
    case_id = a_full_case()
    named = PLAIN + (
        'on_call: {name: {en: "Night desk of Testville", es: "Guardia de Prueba"},'
        ' note: {en: "Ring twice", es: "Llame dos veces"}}\n'
    )

    with another_guide(node_home, named):
        text = _page(reverse("desk:incident", args=[_incident(case_id, "breach").pk]))

    assert "Night desk of Testville" in text
    assert "Ring twice" in text


def test_words_posted_to_a_stuck_duty_end_nothing_and_say_what_does() -> None:
    case_id = a_full_case()
    _make_stuck(case_id)
    one, browser = _incident(case_id, "stuck"), a_browser(Role.SUPERVISOR, language="en")

    answer = browser.post(reverse("desk:incident", args=[one.pk]), {"outcome": WORDS})

    assert answer.status_code == 403
    assert "Words do not end this" in answer.content.decode()
    with acting_as(SYSTEM):
        assert not models.IncidentEnd.objects.filter(pk=one.pk).exists()


def test_a_breach_ends_with_words_that_stay_readable() -> None:
    case_id = a_full_case()
    address = reverse("desk:incident", args=[_incident(case_id, "breach").pk])
    browser = a_browser(Role.SUPERVISOR, language="en")

    short = browser.post(address, {"outcome": "done"})
    answers = [browser.post(address, {"outcome": WORDS}) for _ in range(2)]

    assert "Write a full sentence" in short.content.decode()
    assert [one.status_code for one in answers] == [302, 302]
    text = browser.get(address).content.decode()
    assert "investigación" in text
    assert "<textarea" not in text
    assert "Having been done has not made it lawful" in text


def test_a_supervisor_of_another_agency_finds_no_such_incident() -> None:
    case_id = a_case(by=an_actor(Role.DEVICE, "mx-proteccion"))
    _make_stuck(case_id)
    address = reverse("desk:incident", args=[_incident(case_id, "stuck").pk])

    browser = a_browser(Role.SUPERVISOR, "mx-albergue")

    assert browser.get(address).status_code == 404
    assert browser.post(address, {"outcome": WORDS}).status_code == 404


def test_the_supervisor_of_the_agency_that_took_her_in_reads_and_gets_no_form() -> None:
    case_id = a_full_case()
    address = reverse("desk:incident", args=[_incident(case_id, "breach").pk])
    browser = a_browser(Role.SUPERVISOR, "mx-albergue", language="en")

    text = browser.get(address).content.decode()

    assert "A supervisor of the agency that leads the case ends it" in text
    assert browser.post(address, {"outcome": WORDS}).status_code == 403


def test_nobody_else_opens_an_incident() -> None:
    case_id = a_full_case()
    address = reverse("desk:incident", args=[_incident(case_id, "breach").pk])

    assert a_browser(Role.CASEWORKER).get(address).status_code == 403
    assert a_browser(Role.ADMINISTRATOR).get(address).status_code == 403


# ---- the case ------------------------------------------------------------------------------------


def test_the_case_shows_its_incidents_and_leads_only_the_supervisor_to_them() -> None:
    case_id = a_full_case()
    address = reverse("desk:incident", args=[_incident(case_id, "breach").pk])
    case = reverse("desk:case", args=[case_id])

    assert address in _page(case)
    text = _page(case, Role.CASEWORKER)
    assert "Incidents told to the supervisor" in text
    assert address not in text


def test_the_case_shows_both_sides_of_a_contradiction_and_the_two_ways_out() -> None:
    case_id = _contradicted()

    text = _page(reverse("desk:case", args=[case_id]), Role.CASEWORKER)

    assert "Two things here contradict each other" in text
    assert "No asylum claim or appeal open" in text
    assert "Until somebody decides" in text
    assert reverse("desk:facts", args=[case_id]) in text
    assert reverse("desk:withdraw", args=[case_id, "no-open-claim-or-appeal"]) in text


def test_the_page_of_a_contradiction_says_how_it_ends_and_when_it_has() -> None:
    case_id, worker = _contradicted(), an_actor()
    address = reverse("desk:incident", args=[_incident(case_id, "conflict").pk])
    before = _page(address)
    with acting_as(worker):
        actions.record_fact(
            case_id=case_id, name="asylum", value="refused-final", by=worker, at=now(), entry_id=uuid7()
        )

    after = _page(address)

    assert "It ends by itself when the answer is corrected" in before
    assert "no longer contradict each other" in after


def test_the_story_says_what_no_longer_holds_and_why() -> None:
    case_id, worker = a_case({**ANA, "fear_or_risk": "none-stated"}), an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="risk-level-set", done=True, by=worker, at=now(), entry_id=uuid7()
        )
        actions.record_fact(
            case_id=case_id, name="fear_or_risk", value="stated", by=worker, at=now(), entry_id=uuid7()
        )

    text = _page(reverse("desk:case", args=[case_id]), Role.CASEWORKER)

    assert "No longer holds" in text
    assert "It is asked again, because this changed:" in text


def test_a_signature_of_before_the_news_is_refused_in_words() -> None:
    case_id, worker, before = (
        a_case({**ANA, "fear_or_risk": "none-stated"}),
        an_actor(),
        now() - timedelta(hours=2),
    )
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="risk-level-set", done=True, by=worker, at=before, entry_id=uuid7()
        )
        actions.record_fact(
            case_id=case_id, name="fear_or_risk", value="stated", by=worker, at=now(), entry_id=uuid7()
        )

    answer = a_browser(language="en").post(
        reverse("desk:attest", args=[case_id, "screen-vulnerabilities"]),
        {
            "evidence": ["risk-level-set"],
            "when": f"{timezone.localtime(before):%Y-%m-%dT%H:%M}",
            "form_id": str(uuid7()),
        },
    )

    assert answer.status_code == 403
    assert "This was done before something changed" in answer.content.decode()


# ---- a new version -------------------------------------------------------------------------------


def test_people_see_what_a_new_version_changed_in_the_list_and_in_the_case(node_home: Home) -> None:
    case_id = a_case()

    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()
        day = _page(reverse("desk:my-day"), Role.CASEWORKER)
        listed = _page(reverse("desk:guide-changes"), Role.CASEWORKER)
        case = _page(reverse("desk:case", args=[case_id]), Role.CASEWORKER)

    assert reverse("desk:guide-changes") in day
    assert "1 open case was judged again" in listed
    assert "A light at night" in listed
    assert reverse("desk:case", args=[case_id]) in listed
    assert "What a new version of the Guide changed here" in case
    assert "A light at night" in case


def test_nothing_changed_is_said_plainly_and_my_day_stays_quiet() -> None:
    a_case()

    assert "There is nothing to judge again." in _page(reverse("desk:guide-changes"), Role.CASEWORKER)
    assert reverse("desk:guide-changes") not in _page(reverse("desk:my-day"), Role.CASEWORKER)


def test_who_reads_no_child_sees_neither() -> None:
    browser = a_browser(Role.ADMINISTRATOR)

    assert browser.get(reverse("desk:guide-changes")).status_code == 403
    assert browser.get(reverse("desk:incidents")).status_code == 403
