"""Show that the page of acts invites nobody to harm a child, and offers nothing that a role may not do."""

import re
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.cases.models import Entry, EntryKind, Standing
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.gravity import GRAVEST
from tests.desk.people import a_browser
from tests.factories import ANA, a_case, an_actor

pytestmark = pytest.mark.django_db
FOLD = '<details class="govuk-details">'


def _acts(**facts: object) -> str:
    page = a_browser().get(reverse("desk:acts", args=[a_case({**ANA, **facts})]))
    return str(page.content.decode()).split("<main")[1].split("</main>")[0]


def _line_of(text: str, action: str) -> str:
    return next(str(line) for line in re.findall(r"<li>.*?</li>", text) if f"/acts/{action}/" in line)


def test_no_act_stands_under_a_green_mark() -> None:
    text = _acts()

    assert "mark--done" not in text
    assert "Permitido<" not in text


@pytest.mark.parametrize("action", ["detain", "penalise"])
def test_an_act_that_is_never_allowed_says_never_as_on_the_case(action: str) -> None:
    case_id, browser = a_case(), a_browser()

    acts = browser.get(reverse("desk:acts", args=[case_id])).content.decode()
    case = browser.get(reverse("desk:case", args=[case_id])).content.decode()

    assert ">Nunca<" in _line_of(acts, action)
    with override("es"):
        name = guide_text("action", action)
    assert f'<span class="mark mark--harm">Nunca</span> <strong>{name}</strong>' in case


def test_an_act_that_may_come_later_says_not_now() -> None:
    assert ">Ahora no<" in _line_of(_acts(), "interview")


def test_parting_her_from_people_she_has_not_got_is_folded_away() -> None:
    text = _acts(siblings_present="none", adult_with_child="none")

    assert "/acts/separate-siblings/" in text.split(FOLD)[1]
    assert "/acts/separate-siblings/" not in text.split(FOLD)[0]


def test_with_brothers_or_sisters_beside_her_it_is_not_folded_away() -> None:
    text = _acts(siblings_present="present")

    assert "/acts/separate-siblings/" in text
    assert FOLD not in text or "/acts/separate-siblings/" not in text.split(FOLD)[1].split("</details>")[0]


def test_every_act_of_the_guide_is_still_on_the_page_once() -> None:
    text = _acts()

    for action in the_guide().vocabulary.actions:
        assert text.count(f"/acts/{action}/") == 1, action
    assert set(GRAVEST) <= set(the_guide().vocabulary.actions)


@pytest.mark.parametrize("action", ["detain", "penalise"])
def test_before_asking_it_is_said_that_nobody_can_allow_it(action: str) -> None:
    page = a_browser().get(reverse("desk:act", args=[a_case(), action])).content.decode()

    assert "Nunca permitido." in page
    assert "Pregunte de todos modos" not in page


@pytest.mark.parametrize("page", ["words", "facts", "hand-over"])
def test_a_first_contact_is_refused_before_writing_anything(page: str) -> None:
    browser = a_browser(Role.FIRST_CONTACT, "mx-albergue")

    answer = browser.get(reverse(f"desk:{page}", args=[a_case()]))

    assert answer.status_code == 403
    assert "<textarea" not in answer.content.decode()
    assert "Su cuenta no puede hacer esto" in answer.content.decode()


def test_one_fact_is_refused_before_it_is_typed_too() -> None:
    browser = a_browser(Role.FIRST_CONTACT, "mx-albergue")

    assert browser.get(reverse("desk:fact", args=[a_case(), "needs_now"])).status_code == 403


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.FIRST_CONTACT, "mx-albergue"),
        (Role.CASEWORKER, "mx-proteccion"),
        (Role.SUPERVISOR, "mx-proteccion"),
    ],
)
def test_every_link_of_the_case_opens_for_whom_it_is_shown(role: Role, code: str) -> None:
    case_id, browser = a_case(), a_browser(role, code)
    main = browser.get(reverse("desk:case", args=[case_id])).content.decode().split("<main")[1]

    links = set(re.findall(rf'href="(/cases/{case_id}/[^"]+)"', main))

    assert links
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.FIRST_CONTACT, "mx-albergue"),
        (Role.CASEWORKER, "mx-proteccion"),
        (Role.SUPERVISOR, "mx-proteccion"),
    ],
)
def test_every_act_has_a_page_whether_it_is_free_or_barred(role: Role, code: str) -> None:
    case_id, browser = a_case(), a_browser(role, code)

    answers = {
        action: browser.get(reverse("desk:act", args=[case_id, action])).status_code
        for action in the_guide().vocabulary.actions
    }

    assert set(answers.values()) == {200}, answers


def test_a_barred_act_offers_to_ask_and_never_to_do() -> None:
    case_id, browser = a_case(), a_browser()

    page = browser.get(reverse("desk:act", args=[case_id, "return-child"])).content.decode()

    assert 'name="barred"' in page
    assert "govuk-button--secondary" in page.split("<main")[1]


def test_asking_on_a_page_that_lay_open_does_nothing_once_the_act_is_free() -> None:
    case_id, browser = a_case(), a_browser()
    said = {"when": local_now(), "form_id": str(uuid4()), "barred": "yes"}
    address = reverse("desk:act", args=[case_id, free_act(case_id)])

    answer = browser.post(address, said)

    assert (answer.status_code, answer["Location"]) == (302, address)
    with acting_as(an_actor()):
        assert not Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).exists()


def test_asking_for_a_barred_act_says_why_and_is_on_the_trail() -> None:
    case_id, browser = a_case(), a_browser()
    said = {"when": local_now(), "form_id": str(uuid4()), "barred": "yes"}

    answer = browser.post(reverse("desk:act", args=[case_id, "detain"]), said)

    assert answer.status_code == 403
    assert AuditEntry.objects.filter(event="case.act-refused", subject=f"case:{case_id}").exists()


def free_act(case_id: UUID) -> str:
    with acting_as(an_actor()):
        blocked = Standing.objects.get(pk=case_id).blocked
    return next(action for action in the_guide().vocabulary.actions if action not in blocked)


def local_now() -> str:
    return timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")
