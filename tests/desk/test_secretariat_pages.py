"""Show that States answer for themselves on the pages, and that nobody else does; proposals and comments come after."""

import csv
import re
from io import StringIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.guide import load
from amparo.monitor import models, queries
from amparo.monitor.actions import NewAnswer, answer_obligation
from amparo.monitor.rules import Stance
from tests.desk.people import a_browser
from tests.monitor.people import DUTY, a_delegate, a_delegation, a_regional_browser

pytestmark = pytest.mark.django_db
MX_PAGE = "/adoption/MX/no-detention/"


def _delegate(country: str = "MX", *, careful: bool = False) -> Client:
    return a_regional_browser(Role.COUNTRY_DELEGATE, country, careful=careful)


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    return found[1] if found else ""


def _sheet(browser: Client, address: str = MX_PAGE) -> dict[str, str]:
    """Open the page of an answer and return what its form carries."""
    text = browser.get(address).content.decode()
    return {"form_id": _hidden(text, "form_id"), "seen": _hidden(text, "seen"), "stance": "adopted"}


def _answers() -> int:
    return models.AdoptionAnswer.objects.count()


def test_a_delegate_comes_home_to_the_page_of_her_state() -> None:
    assert _delegate().get("/").headers["Location"] == "/adoption/MX/"


def test_the_page_of_a_state_lists_every_duty_and_how_many_are_answered() -> None:
    text = _delegate().get("/adoption/MX/").content.decode()

    total = len(load().obligations)
    assert f"0 of {total} answered" in text
    assert text.count("Not answered") >= total
    assert "Begin with the first duty" in text
    assert "every safeguard of the Guide stays in force" in text


def test_a_delegate_answers_and_is_led_to_the_next_duty() -> None:
    browser = _delegate()
    sheet = _sheet(browser) | {"since": "2026-01-31", "instrument": "Ley inventada, art. 3", "then": "next"}

    answer = browser.post(MX_PAGE, sheet)

    assert re.fullmatch(r"/adoption/MX/(?!no-detention)[a-z0-9-]+/", answer.headers["Location"])
    text = browser.get("/adoption/MX/").content.decode()
    assert f"1 of {len(load().obligations)} answered" in text
    assert "Ley inventada, art. 3" in text
    assert "stated by the State, not verified" in text


def test_saving_without_going_on_leads_back_to_the_list() -> None:
    browser = _delegate()

    answer = browser.post(MX_PAGE, _sheet(browser) | {"then": "list"})

    assert answer.headers["Location"] == "/adoption/MX/"


def test_a_reservation_without_reason_comes_back_with_words_and_what_was_typed() -> None:
    browser = _delegate()

    answer = browser.post(
        MX_PAGE, _sheet(browser) | {"stance": "adopted-with-reservation", "instrument": "Ley X"}
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Write the reason." in text
    assert "Ley X" in text
    assert _answers() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"stance": ""}, {"stance": "maybe"}, {"since": "31/31/2026"}, {"since": "2999-01-01"}, {"reason": "x" * 5001},
        {"reason": "a\x00b"}, {"form_id": "7"}, {"seen": "no"}, {"since": "0001-01-01"}, {"form_id": ""},
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_in_words_and_keeps_nothing(wrong: dict[str, str]) -> None:
    browser = _delegate()

    answer = browser.post(MX_PAGE, _sheet(browser) | wrong)

    assert answer.status_code == 200
    assert _answers() == 0


def test_two_delegates_at_once_both_are_kept_and_the_second_is_told() -> None:
    first, second = _delegate(), _delegate()
    early, late = _sheet(first), _sheet(second)
    first.post(MX_PAGE, early)

    told = second.post(MX_PAGE, late | {"stance": "not-adopted", "reason": "Aún no."})

    text = told.content.decode()
    assert "Another delegate of your State answered while you were writing" in text
    assert "Aún no." in text
    assert "kept, never stood" in text
    assert [one.stance for one in queries.adoption_of(DUTY)] == [Stance.ADOPTED]
    assert _answers() == 2


def test_the_second_may_save_again_once_she_has_seen_the_first() -> None:
    first, second = _delegate(), _delegate()
    early, late = _sheet(first), _sheet(second) | {"stance": "not-adopted"}
    first.post(MX_PAGE, early)
    text = second.post(MX_PAGE, late).content.decode()

    again = second.post(MX_PAGE, late | {"form_id": _hidden(text, "form_id"), "seen": _hidden(text, "seen")})

    assert again.status_code == 302
    assert [one.stance for one in queries.adoption_of(DUTY)] == [Stance.NOT_ADOPTED]


def test_a_double_click_writes_once() -> None:
    browser = _delegate()
    sheet = _sheet(browser)

    answers = [browser.post(MX_PAGE, sheet) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert _answers() == 1


def test_a_page_replayed_with_another_answer_is_refused_in_words() -> None:
    browser = _delegate()
    sheet = _sheet(browser)
    browser.post(MX_PAGE, sheet)

    text = browser.post(MX_PAGE, sheet | {"stance": "not-adopted"}).content.decode()

    assert "The first one is kept" in text
    assert _answers() == 1


def test_a_page_replayed_for_another_duty_is_refused() -> None:
    browser = _delegate()
    sheet = _sheet(browser)
    browser.post(MX_PAGE, sheet)

    text = browser.post(
        "/adoption/MX/informed-in-own-language/".replace("informed-in-own-language", _other()), sheet
    )

    assert "The first one is kept" in text.content.decode()
    assert _answers() == 1


def _other() -> str:
    return next(key for key in load().obligations if key != DUTY)


# ---- those who may not --------------------------------------------------------------------------


def test_a_delegate_of_honduras_reads_mexicos_answer_and_cannot_give_one() -> None:
    a_delegation("MX")
    honduran = _delegate("HN")

    page = honduran.get(MX_PAGE).content.decode()
    refused = honduran.post(MX_PAGE, {"form_id": str(uuid4()), "stance": "not-adopted"})

    assert 'name="stance"' not in page
    assert refused.status_code == 403
    assert _answers() == 0
    assert AuditEntry.objects.filter(event="access.denied", subject="act:adoption.answer").count() == 1


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.CASEWORKER, "mx-proteccion"),
        (Role.FIRST_CONTACT, "mx-albergue"),
        (Role.ADMINISTRATOR, "mx-proteccion"),
    ],
)
def test_people_of_a_country_read_everything_and_write_nothing(role: Role, code: str) -> None:
    a_delegation("MX")
    browser = a_browser(role, code, language="en")

    for address in (
        "/adoption/",
        "/adoption/MX/",
        MX_PAGE,
        f"/adoption/duty/{DUTY}/",
        "/proposals/",
        "/try/",
    ):
        assert browser.get(address).status_code == 200, address
    assert browser.get("/proposals/new/").status_code == 403
    for address in (MX_PAGE, "/proposals/new/", f"/comments/duty/{DUTY}/"):
        assert browser.post(address, {"form_id": str(uuid4()), "text": "x"}).status_code == 403, address
    assert _answers() == models.Proposal.objects.count() == models.CommentEntry.objects.count() == 0


def test_the_secretariat_answers_for_no_state() -> None:
    a_delegation("MX")
    browser = a_regional_browser(Role.SECRETARIAT)

    assert 'name="stance"' not in browser.get(MX_PAGE).content.decode()
    assert browser.post(MX_PAGE, {"form_id": str(uuid4()), "stance": "adopted"}).status_code == 403


def test_a_forged_form_is_refused() -> None:
    browser = _delegate(careful=True)

    assert browser.post(MX_PAGE, _sheet(browser)).status_code == 403
    assert _answers() == 0


def test_a_stranger_reads_what_states_answer_and_nothing_else() -> None:
    a_delegation("MX")
    stranger = Client(headers={"accept-language": "en"})

    for address in (
        "/adoption/",
        "/adoption/MX/",
        MX_PAGE,
        f"/adoption/duty/{DUTY}/",
        "/adoption/adoption.csv",
    ):
        assert stranger.get(address).status_code == 200, address
    assert stranger.post(MX_PAGE, {"form_id": str(uuid4()), "stance": "adopted"}).status_code == 403
    for address in (
        "/proposals/",
        "/proposals/new/",
        "/try/",
        f"/proposals/{uuid4()}/",
        f"/comments/{uuid4()}/edit/",
    ):
        assert stranger.get(address).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "address",
    [
        "/adoption/ZZ/", "/adoption/mx/", "/adoption/%3Cscript%3E/", "/adoption/MX/no-such/", "/adoption/duty/nope/",
        "/adoption/HN/answers.csv", "/adoption/MXX/no-detention/", "/proposals/00000000-0000-0000-0000-000000000000/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(address: str) -> None:
    assert _delegate().get(address).status_code == 404


# ---- what everybody reads -----------------------------------------------------------------------


def _say(country: str, stance: Stance, *, duty: str = DUTY, reason: str = "") -> None:
    delegate = a_delegate(country)
    with acting_as(delegate):
        answer_obligation(
            country=country, obligation=duty, answer=NewAnswer(stance, None, reason, "", None), answer_id=uuid4(),
            by=delegate, at=now(), on=now().date(),
        )  # fmt: skip


def test_the_overview_says_who_adopts_what_in_signs_and_in_words() -> None:
    _say("MX", Stance.ADOPTED)
    _say("HN", Stance.UNDER_STUDY)

    text = Client(headers={"accept-language": "en"}).get("/adoption/").content.decode()

    assert "Adopted: Mexico" in text
    assert "Under study: Honduras" in text
    assert f"1 of {len(load().obligations)} answered" in text


def test_an_overview_without_states_says_where_the_answers_are() -> None:
    text = Client(headers={"accept-language": "en"}).get("/adoption/").content.decode()

    assert "kept by the regional secretariat" in text


def test_the_filters_of_a_state_show_what_waits_and_what_is_reserved() -> None:
    _say("MX", Stance.WITH_RESERVATION, reason="Falta ley.")
    browser = _delegate()

    waiting = browser.get("/adoption/MX/?only=waiting").content.decode()
    reserved = browser.get("/adoption/MX/?only=reservation").content.decode()

    assert MX_PAGE not in waiting
    assert reserved.count('<li id="') == 1
    assert browser.get("/adoption/MX/?only=%00<script>").status_code == 200


def test_a_list_without_duties_leads_back_to_all() -> None:
    assert (
        "There is no duty in this list" in _delegate().get("/adoption/MX/?only=reservation").content.decode()
    )


def test_open_data_has_every_state_and_duty_and_no_formula_and_no_name() -> None:
    _say("MX", Stance.WITH_RESERVATION, reason='=HYPERLINK("http://x","y")')
    _say("HN", Stance.ADOPTED)

    answer = Client().get("/adoption/adoption.csv")

    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert len(rows) == 2 * len(load().obligations)
    told = next(row for row in rows if (row["country"], row["obligation"]) == ("MX", DUTY))
    assert told["answer"] == "adopted-with-reservation"
    assert told["reason"].startswith("'=")
    assert "delegacion" not in answer.content.decode()
    assert {row["answer"] for row in rows} == {"adopted-with-reservation", "adopted", "not-answered"}


def test_the_table_of_one_state_has_that_state_only() -> None:
    _say("MX", Stance.ADOPTED)
    _say("HN", Stance.ADOPTED)

    rows = list(csv.DictReader(StringIO(Client().get("/adoption/HN/answers.csv").content.decode())))

    assert {row["country"] for row in rows} == {"HN"}


def test_words_of_a_state_are_never_taken_for_a_page() -> None:
    _say("MX", Stance.WITH_RESERVATION, reason="<script>alert(1)</script>")

    for address in ("/adoption/", "/adoption/MX/", MX_PAGE, f"/adoption/duty/{DUTY}/"):
        assert "<script>alert" not in Client().get(address).content.decode()
    assert "&lt;script&gt;" in Client().get(MX_PAGE).content.decode()
