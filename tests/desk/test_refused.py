"""Show that a refusal is never a wall: four lines, verified norms only, and nothing told to strangers."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.desk.citations import source_lines, weight
from amparo.desk.guide_words import guide_text, the_guide
from tests.desk.people import a_browser
from tests.factories import a_case

pytestmark = pytest.mark.django_db
FOUR = ("Qué se niega", "Qué falta", "Quién puede aportarlo", "Qué puede hacer ahora")


def _ask(action: str, role: Role = Role.CASEWORKER, language: str = "es") -> tuple[int, str]:
    case_id = a_case()
    form = {"form_id": str(uuid4()), "when": timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")}
    browser = a_browser(role, language=language)
    answer = browser.post(reverse("desk:act", args=[case_id, action]), form)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("action", ["return-child", "interview", "refuse-entry"])
def test_a_refused_act_is_said_in_four_lines(action: str) -> None:
    status, text = _ask(action)

    assert status == 403
    places = [text.index(line) for line in FOUR]
    assert places == sorted(places)


def test_the_refusal_leads_back_to_what_comes_first() -> None:
    _, text = _ask("interview")

    assert "Ver qué hacer primero" in text
    assert reverse("desk:obligation", args=["meet-immediate-needs"]) in text


@pytest.mark.parametrize(
    ("action", "instead"),
    [("detain", "busque cuidado abierto para toda la familia"), ("penalise", "No multe ni acuse")],
)
def test_what_is_never_possible_says_what_to_do_instead_and_asks_for_no_signature(
    action: str, instead: str
) -> None:
    status, text = _ask(action)

    assert status == 403
    assert "Nunca permitido: " in text
    assert "No permitido ahora" not in text
    assert text.index("Qué se niega") < text.index("en su lugar") < text.index("A quién le corresponde")
    assert instead in text.split("en su lugar</dt>")[1]
    assert "Qué falta" not in text
    assert "Quién puede aportarlo" not in text


def test_her_needs_stand_first_among_the_reasons_and_among_what_is_missing() -> None:
    _, text = _ask("interview", language="es")
    reasons, missing = (text.split(f"<dt>{line}</dt>")[1].split("</li>")[0] for line in FOUR[:2])

    assert reverse("desk:obligation", args=["meet-immediate-needs"]) in reasons
    assert guide_text("evidence", the_guide().obligations["meet-immediate-needs"].requires[0]) in missing


@pytest.mark.parametrize("action", ["return-child", "interview", "place", "close-case"])
def test_people_are_named_before_the_system(action: str) -> None:
    _, text = _ask(action)
    who = text.split("Quién puede aportarlo</dt>")[1].split("</dd>")[0].split("<li>")[1:]

    assert who
    assert all("El sistema" not in one for one in who[:-1])
    assert len(who) == 1 or "El sistema" not in who[0]


def test_no_unverified_source_stands_as_the_ground_of_a_refusal() -> None:
    _, text = _ask("detain")
    sources = the_guide().obligations["no-detention"].sources
    unsure = [cite.ref.split()[-1] for cite in sources if not cite.verified]

    assert unsure
    assert all(place not in text for place in unsure)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Observación conjunta 4 / 23 (2017), CMW/C/GC/4-CRC/C/GC/23, párr. 10<"),
        ("fr", "Observation conjointe 4 / 23 (2017), CMW/C/GC/4-CRC/C/GC/23, par. 10<"),
        ("ht", "Obsèvasyon ansanm 4 / 23 (2017), CMW/C/GC/4-CRC/C/GC/23, paragraf 10<"),
    ],
)
def test_the_norm_is_named_in_the_language_of_the_reader(language: str, said: str) -> None:
    _, text = _ask("detain", language=language)

    assert said in text
    assert "General Comment" not in text


def test_a_refused_act_is_on_the_audit_trail() -> None:
    _ask("return-child")

    trace = AuditEntry.objects.get(event="case.act-refused")
    assert not trace.allowed
    assert "return-child" in trace.reasons


@pytest.mark.parametrize("language", ["en", "fr", "pt", "ht"])
def test_the_refusal_is_in_the_language_of_the_reader(language: str) -> None:
    status, text = _ask("detain", language=language)

    assert status == 403
    assert f'<html lang="{language}"' in text
    assert FOUR[0] not in text


def test_signing_what_belongs_to_others_says_who_may() -> None:
    case_id, browser = a_case(), a_browser(Role.FIRST_CONTACT, "mx-albergue")
    form = {
        "form_id": str(uuid4()),
        "when": timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M"),
        "evidence": ["guardian-appointed"],
    }

    answer = browser.post(reverse("desk:attest", args=[case_id, "appoint-guardian"]), form)

    assert answer.status_code == 403
    assert "Su función no puede firmar esto" in answer.content.decode()


@pytest.mark.parametrize("address", ["/day/", "/cases/{}/", "/cases/{}/facts/", "/cases/{}/acts/"])
def test_who_may_read_no_child_meets_a_refusal_without_a_word_of_her(address: str) -> None:
    browser = a_browser(Role.ADMINISTRATOR)

    answer = browser.get(address.format(a_case(label="Xochitl")))

    assert answer.status_code == 403
    assert "Xochitl" not in answer.content.decode()
    assert "Su cuenta no puede hacer esto" in answer.content.decode()


def test_an_absent_case_tells_nothing() -> None:
    answer = a_browser().get(reverse("desk:case", args=[uuid4()]))

    assert answer.status_code == 404
    assert "caso" not in answer.content.decode().split("<main")[1].split("</main>")[0].lower()


def test_a_form_without_its_token_is_said_in_words() -> None:
    case_id, browser = a_case(), a_browser(careful=True)

    answer = browser.post(reverse("desk:words", args=[case_id]), {"text": "x"})

    assert answer.status_code == 403
    assert "Esta página estuvo abierta demasiado tiempo" in answer.content.decode()


def test_what_is_never_possible_weighs_most() -> None:
    from amparo.guide import evaluate, refusals

    facts = {"on": "2026-03-02", "country": "MX", "first_contact_at": "2026-03-02T08:30:00-06:00"}
    evaluation = evaluate(the_guide(), facts, at=now())
    reasons = sorted(refusals(the_guide(), evaluation, "return-child"), key=weight)
    later = [one for one in reasons if one.obligation != "meet-immediate-needs"]

    assert [bool(one.norms) for one in later] == sorted((bool(one.norms) for one in later), reverse=True)


def test_a_source_whose_title_names_the_place_does_not_repeat_it() -> None:
    for obligation in the_guide().obligations.values():
        for line in source_lines(obligation.sources):
            assert not line.ref or line.ref not in line.title
