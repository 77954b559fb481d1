"""Show that the case page tells a case in the right order, to the right reader, and works by its forms."""

from datetime import timedelta
from importlib.resources import files
from uuid import UUID, uuid4

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.cases import queries
from amparo.cases.models import Case, Entry
from amparo.desk.protection.property_words import parts_of
from amparo.desk.protection.telling import MOST, case_told
from tests.desk.people import a_browser
from tests.desk.stories import FEAR, a_full_case
from tests.factories import a_case, agency, an_actor, let_go

pytestmark = pytest.mark.django_db


def _file(case_id: UUID) -> queries.CaseFile:
    worker = an_actor()
    with acting_as(worker):
        return queries.case_for(worker, case_id, purpose="casework")


def _when(minutes_ago: int = 1) -> str:
    return timezone.localtime(now() - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M")


def _entries(case_id: UUID, kind: str) -> list[Entry]:
    with acting_as(an_actor()):
        return list(Entry.objects.filter(case_id=case_id, kind=kind))


def test_a_reader_sees_at_most_seven_things_and_needs_first() -> None:
    told = case_told(_file(a_case()), guide_role="child-protection-authority")

    assert len(told.now) == MOST
    assert told.now[0].immediate
    assert told.more_of_mine
    assert told.for_others


def test_each_thing_is_one_the_reader_may_sign() -> None:
    told = case_told(_file(a_case()), guide_role="first-contact-officer")

    assert told.now
    assert all(task.mine for task in (*told.now, *told.more_of_mine))


def test_what_undoes_a_harm_comes_first() -> None:
    told = case_told(_file(a_full_case()), guide_role="child-protection-authority")

    assert told.now[0].obligation == "no-detention"


def test_return_and_detention_are_told_before_other_barred_acts() -> None:
    told = case_told(_file(a_case()), guide_role="child-protection-authority")

    assert [bar.action for bar in told.barred[:2]] == ["return-child", "detain"]
    assert all(bar.verified == bool(bar.source) for bar in (*told.barred, *told.more_barred))


def test_words_from_a_form_have_their_titles_and_unknown_parts_stay_silent() -> None:
    told = case_told(_file(a_full_case()), guide_role="child-protection-authority")

    assert [said.text for said in told.words] == [FEAR]
    assert told.kin[0]["name"] == "Mateo"
    assert told.kin[1]["relation"] in ("madre", "mother")


def test_a_second_answer_is_shown_as_a_change() -> None:
    told = case_told(_file(a_full_case()), guide_role="child-protection-authority")

    changed = [line.name for line in told.story if line.corrects]
    assert changed == ["health_needs"]


def test_facts_of_one_message_are_one_line_of_the_story() -> None:
    told = case_told(_file(a_case()), guide_role="child-protection-authority")

    facts = [line for line in told.story if line.kind == "fact"]
    assert len(facts) == 1
    assert len(facts[0].with_it) > 10


def test_the_page_puts_a_breach_on_top() -> None:
    text = a_browser().get(reverse("desk:case", args=[a_full_case()])).content.decode()

    assert (
        text.index('id="harm"')
        < text.index('id="now"')
        < text.index('id="barred"')
        < text.index('id="words"')
    )


def test_the_page_says_that_no_document_was_seen() -> None:
    text = a_browser().get(reverse("desk:case", args=[a_full_case()])).content.decode()

    assert "según lo dicho, sin documento" in text


def test_signing_writes_evidence_with_role_and_says_what_was_signed() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(), "evidence": ["guardian-appointed"]}

    answer = browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form, follow=True)

    (entry,) = [one for one in _entries(case_id, "evidence") if one.name == "guardian-appointed"]
    assert entry.value == {"done": True, "by_role": "child-protection-authority"}
    assert "Anotado como hecho" in answer.content.decode()


def test_the_same_click_sent_twice_is_one_entry() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(), "evidence": ["guardian-appointed"]}

    for _ in range(2):
        browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form)

    assert len([one for one in _entries(case_id, "evidence") if one.name == "guardian-appointed"]) == 1


def test_a_signature_can_be_taken_back_and_both_stay() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(3), "evidence": ["guardian-appointed"]}
    browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form)

    back = {"form_id": str(uuid4()), "when": _when(1)}
    browser.post(reverse("desk:withdraw", args=[case_id, "guardian-appointed"]), back)

    done = [
        (one.value or {})["done"] for one in _entries(case_id, "evidence") if one.name == "guardian-appointed"
    ]
    assert sorted(done) == [False, True]


def test_nothing_is_signed_for_tomorrow() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(-60 * 24), "evidence": ["guardian-appointed"]}

    answer = browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form)

    assert answer.status_code == 200
    assert "Esa hora aún no ha llegado" in answer.content.decode()
    assert not [one for one in _entries(case_id, "evidence") if one.name == "guardian-appointed"]


def test_ticking_nothing_says_what_to_do() -> None:
    answer = a_browser().post(
        reverse("desk:attest", args=[a_case(), "appoint-guardian"]),
        {"form_id": str(uuid4()), "when": _when()},
    )

    assert "Marque lo que se ha hecho" in answer.content.decode()


@pytest.mark.parametrize(
    ("fact", "sent", "kept"),
    [
        ("care_setting", "emergency", "emergency"),
        ("needs_now", ["food", "rest"], ["food", "rest"]),
        ("age_in_months", "130", 130),
        ("origin_country", "GT", "GT"),
        ("language", ["mam"], ["mam"]),
    ],
)
def test_a_changed_fact_is_written_in_the_vocabulary_of_the_guide(
    fact: str, sent: object, kept: object
) -> None:
    case_id, browser = a_case(), a_browser()

    browser.post(
        reverse("desk:fact", args=[case_id, fact]), {"form_id": str(uuid4()), "when": _when(), "value": sent}
    )

    assert _file(case_id).facts[fact] == kept


def test_every_fact_has_a_form_that_opens() -> None:
    from amparo.desk.protection.facts import recordable

    case_id, browser = a_case(), a_browser()

    for name in recordable():
        assert browser.get(reverse("desk:fact", args=[case_id, name])).status_code == 200, name


def test_an_answer_outside_the_list_is_refused_with_words() -> None:
    case_id, browser = a_case(), a_browser()

    answer = browser.post(
        reverse("desk:fact", args=[case_id, "care_setting"]),
        {"form_id": str(uuid4()), "when": _when(), "value": "prison"},
    )

    assert "govuk-error-summary" in answer.content.decode()
    assert _file(case_id).facts["care_setting"] == "none"


def test_the_childs_words_are_kept_and_shown() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(), "kind": "words", "text": "Quiero ver a mi hermano."}

    answer = browser.post(reverse("desk:words", args=[case_id]), form, follow=True)

    assert "Quiero ver a mi hermano." in answer.content.decode()


def test_what_others_did_is_written_down_though_it_is_forbidden() -> None:
    case_id, browser = a_case(), a_browser()
    form = {"form_id": str(uuid4()), "when": _when(), "action": "detain", "by_role": "migration-authority"}

    browser.post(reverse("desk:found", args=[case_id]), form)

    assert [breach.action for breach in _file(case_id).evaluation.breaches] == ["detain"]


def test_a_released_case_can_only_be_read() -> None:
    case_id, browser = a_case(), a_browser()
    worker = an_actor()
    with acting_as(worker):
        let_go(case_id, by=worker, source="envelope:test")

    page = browser.get(reverse("desk:case", args=[case_id])).content.decode()
    form = {"form_id": str(uuid4()), "when": _when(), "evidence": ["guardian-appointed"]}
    refused = browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form)

    assert "Este caso fue trasladado" in page
    assert "Anotar lo hecho" not in page
    assert refused.status_code == 403
    assert "Otro nodo ha tomado este caso a su cargo" in refused.content.decode()


def test_opening_the_page_leaves_a_trace() -> None:
    case_id, browser = a_case(), a_browser()

    browser.get(reverse("desk:case", args=[case_id]))

    assert AuditEntry.objects.filter(
        event="case.read", subject=f"case:{case_id}", purpose="casework"
    ).exists()


def test_a_case_of_another_agency_looks_like_no_case() -> None:
    case_id = a_case()
    stranger = a_browser(Role.ADMINISTRATOR)

    other = stranger.get(reverse("desk:case", args=[case_id]))
    absent = a_browser().get(reverse("desk:case", args=[uuid4()]))

    assert other.status_code == 403
    assert absent.status_code == 404
    with acting_as(an_actor()):
        assert Case.objects.filter(pk=case_id).exists()


def test_the_story_names_agencies_and_not_their_codes() -> None:
    text = a_browser().get(reverse("desk:case", args=[a_full_case()])).content.decode()

    assert "mx-albergue" not in text
    assert "mx-proteccion" not in text
    assert agency("mx-albergue").name["es"] in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Durante el viaje"), ("fr", "Pendant le voyage"), ("ht", "Pandan vwayaj la")],
)
def test_why_she_was_separated_is_told_in_words(language: str, said: str) -> None:
    with override(language):
        assert [text for _, text in parts_of({"separation_cause": {"value": "journey"}})] == [said]


def test_every_cause_of_separation_that_the_intake_offers_has_words() -> None:
    source = yaml.safe_load((files("amparo.forms") / "sources" / "intake.yaml").read_text("utf-8"))

    with override("en"):
        for code in source["choices"]["separation_cause"]:
            assert parts_of({"separation_cause": {"value": code}})[0][1] != code
