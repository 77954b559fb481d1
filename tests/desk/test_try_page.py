"""Show that any file may be tried, is accepted or refused with reasons at its lines, and is never stored."""

import logging
import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from amparo.access.limits import OncePer
from amparo.access.rules import Role
from amparo.desk.guide_words import the_guide
from amparo.desk.secretariat.difference_words import told
from amparo.desk.secretariat.verdict import verdict_lines
from amparo.guide import Problem, text_of
from amparo.guide.document import DATA
from amparo.monitor import models, trying
from amparo.monitor.judge import judged
from tests.desk.people import a_browser
from tests.guide.cases import written
from tests.guide.test_ways_to_safety import DUTY as ADDED
from tests.monitor.people import a_regional_browser

pytestmark = pytest.mark.django_db
HEAD = "overlay: {country: MX, version: 0.1.0, status: draft}\n"
WEAK = HEAD + "obligations:\n  - id: no-detention\n    severity: soft\n"
STRICTER = HEAD + "obligations:\n  - id: appoint-guardian\n    deadline: P2D\n"


@pytest.fixture
def browser() -> Client:
    """A caseworker's browser: whoever is signed in may try."""
    return a_browser(language="en")


def _try(browser: Client, text: str) -> str:
    answer = browser.post("/try/", {"text": text})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_a_file_looks_like_and_that_nothing_is_stored(browser: Client) -> None:
    text = browser.get("/try/").content.decode()

    assert "Nothing is stored" in text
    assert "overlay: {country: MX" in text


def test_the_example_on_the_page_is_itself_accepted(browser: Client) -> None:
    page = browser.get("/try/").content.decode()
    example = page.split('<pre class="file" tabindex="0"><code>')[1].split("</code>")[0]

    assert "Accepted." in _try(browser, example)


def test_a_stricter_overlay_is_accepted_and_its_duties_are_named(browser: Client) -> None:
    text = _try(browser, STRICTER)

    assert "Accepted." in text
    assert reverse("desk:obligation", args=["appoint-guardian"]) in text


def test_an_overlay_that_weakens_is_refused_with_its_line_and_reason(browser: Client) -> None:
    text = _try(browser, WEAK)

    assert "Refused." in text
    assert "Line 4" in text
    assert "severity: soft" in text
    assert "hard" in text


def test_a_condition_that_covers_fewer_children_is_refused_with_a_case_that_shows_it(browser: Client) -> None:
    narrowed = STRICTER.replace("deadline: P2D", "applies: \"facts.accompaniment == 'unaccompanied'\"")

    text = _try(browser, narrowed)

    assert "Line 4" in text
    assert "on these facts the region refuses" in text


def test_a_refusal_is_told_in_spanish_to_those_who_read_spanish() -> None:
    english, spanish = (_try(a_browser(language=one), "overlay: *x\n") for one in ("en", "es"))

    assert "anchors and aliases" in english
    assert "anchors and aliases" not in spanish


def test_a_file_may_be_uploaded(browser: Client) -> None:
    answer = browser.post("/try/", {"text": "", "upload": SimpleUploadedFile("mine.yaml", STRICTER.encode())})

    assert "Accepted." in answer.content.decode()


def test_the_overlays_of_the_product_are_accepted(browser: Client) -> None:
    for path in sorted((DATA / "overlays").glob("*.yaml")):
        answer = a_browser(language="en").post("/try/", {"text": path.read_text(encoding="utf-8")})
        assert "Accepted." in answer.content.decode(), path.name


def test_a_scenario_of_the_product_comes_out_as_written(browser: Client) -> None:
    path = DATA / "scenarios" / "identification.yaml"

    assert "Accepted." in _try(browser, path.read_text(encoding="utf-8"))


SCENARIO = """scenarios:
  - title: {es: Una niña encerrada, en: A girl locked in}
    why: {es: Nunca se encierra a una niña., en: No child is ever locked in.}
    starts_from: child-first-contact
    expect: {free: [detain]}
"""


SPOKEN_OF = (("obligation", "no-detention"), ("action", "detain"))


def test_a_scenario_that_comes_out_otherwise_is_refused_with_the_reasons_of_the_guide(
    browser: Client,
) -> None:
    text = _try(browser, SCENARIO)

    assert "Refused." in text
    assert "A girl locked in" in text
    duty, act = (text_of(the_guide(), *one, "en").text for one in SPOKEN_OF)
    assert f"“{duty}” blocks “{act}”" in unescape(text)


@pytest.mark.parametrize(("language", "spoken"), [("es", "es"), ("en", "en"), ("fr", "en")])
def test_what_comes_out_otherwise_is_told_in_words_and_names_stand_apart(language: str, spoken: str) -> None:
    text = unescape(_try(a_browser(language=language), SCENARIO)).partition('id="verdict"')[2]
    said, _, names = text.partition("<details")

    for kind, name in SPOKEN_OF:
        words = text_of(the_guide(), kind, name, spoken).text
        assert words in said
        assert name not in said
        assert f"<code>{name}</code>" in names
        assert words in names.partition("</details>")[0]


def test_what_the_guide_does_not_know_is_told_as_it_was_written() -> None:
    said = told(Problem("file.yaml", "{obligation}: expected {wanted}", obligation="of-ours", wanted="-"))

    assert said.words == "of-ours: expected -"
    assert said.names == ()


def test_a_duty_that_a_country_adds_is_told_by_its_title_beside_the_name_its_file_gives_it(
    browser: Client, tmp_path: Path
) -> None:
    text = HEAD + ADDED.removeprefix("\n") + "    blocks: [close-case]\n    override: none\n"
    path = written(tmp_path, text)

    with translation.override("es"):
        lines = verdict_lines(trying.verdict_of(judged(path)), text)

    assert lines.added == (("Un deber", "mx-duty"),)
    assert "Name in the file: <code>mx-duty</code>" in _try(browser, text)


def test_a_verdict_kept_before_titles_were_is_still_read() -> None:
    verdict = trying.verdict_of({"kind": "overlay", "accepted": True, "added": ["mx-duty"]})

    assert verdict.added == {"mx-duty": {}}


def test_a_scenario_may_not_name_a_file_of_the_machine(browser: Client) -> None:
    text = _try(browser, SCENARIO.replace("expect:", "overlay: /etc/passwd\n    expect:"))

    assert "names another file, which is not here" in text
    assert "root:" not in text


LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{m}, *{m}]\n" for m, n in pairwise(LETTERS))
IN_AN_OVERLAY = {
    "braces": "obligations: ['{x}', '{0}', '{}']",
    "percent": "authorities: {'%(x)s': '%s'}",
    "odd-obligations": "obligations: {a: 1}",
    "odd-id": "obligations: [{id: [1]}, 7, null]",
    "long-number": "obligations: [" + "9" * 5000 + "]",
    "deep-condition": "obligations: [{id: no-detention, applies: '" + "(" * 3000 + "'}]",
    "twice": HEAD,
    "scenarios-too": "scenarios: []",
}
HOSTILE = {
    "blanks": b" \n ",
    "words": b"hello",
    "number": b"7",
    "bomb": BOMB.encode(),
    "tag": b"!!python/object/apply:os.system [id]",
    "nested": b"[" * 100_000,
    "utf-16": HEAD.encode("utf-16"),
    "latin": "overlay: niña".encode("latin-1"),
    "zeros": b"\x00" * 50,
    "turned": "overlay: \u202e".encode(),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "page": b"<script>alert(1)</script>: <b>x",
    "scenarios-as-number": b"scenarios: 7",
    "nothing": b"overlay: null",
    "list": b"- overlay\n- scenarios",
    "giant": b"overlay: " + b"x" * trying.LARGEST,
    "number-as-key": b"1: 2\noverlay: 3",
    "odd-scenarios": b"scenarios: [7, null, {overlay: [1]}, {title: x}]",
} | {name: (HEAD + text).encode() for name, text in IN_AN_OVERLAY.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_sent_is_refused_in_words(browser: Client, name: str) -> None:
    answer = browser.post("/try/", {"upload": SimpleUploadedFile("x.yaml", HOSTILE[name])})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Refused." in text
    assert "Traceback" not in text
    assert "<script>alert" not in text
    assert "amparo-try-" not in text


def test_nothing_of_what_is_tried_is_stored(browser: Client) -> None:
    _try(browser, WEAK)

    assert models.Proposal.objects.count() == 0


def test_a_second_try_at_once_is_asked_to_wait_and_keeps_its_text(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "_TRIES", OncePer(timedelta(hours=1)))
    _try(browser, STRICTER)

    answer = browser.post("/try/", {"text": WEAK})

    assert answer.status_code == 429
    assert "Wait some seconds" in answer.content.decode()
    assert "severity: soft" in answer.content.decode()


def test_whoever_may_propose_takes_the_file_along() -> None:
    browser = a_regional_browser(Role.COUNTRY_DELEGATE, "MX")
    text = _try(browser, WEAK)
    assert "Make a proposal of this file" in text

    begun = browser.post("/proposals/new/", {"tried": "1", "kind": "overlay", "file": WEAK}).content.decode()

    assert "severity: soft" in begun
    assert 'value="overlay"' in begun
    assert "checked" in begun


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_verdict_opens_in_every_language(language: str) -> None:
    assert f'<html lang="{language}"' in _try(a_browser(language=language), WEAK)


@pytest.mark.parametrize("text", [WEAK, SCENARIO])
@pytest.mark.parametrize("language", ["fr", "pt", "ht"])
def test_reasons_that_are_only_in_english_are_marked_and_said_to_be_english(language: str, text: str) -> None:
    shown = _try(a_browser(language=language), text)

    with translation.override(language):
        said = translation.gettext(
            "The reasons are told in English: they are not yet translated into this language."
        )
    assert said in unescape(shown)
    assert re.search(r'<(p class="said-text"|span) lang="en">', shown)


@pytest.mark.parametrize("language", ["es", "en"])
def test_reasons_in_the_language_of_the_reader_are_not_marked(language: str) -> None:
    assert 'lang="en">' not in _try(a_browser(language=language), WEAK).partition('id="verdict"')[2]


def test_one_example_case_is_spoken_of_as_one() -> None:
    assert "0 de 1 caso de ejemplo resulta como está escrito." in _try(a_browser(language="es"), SCENARIO)


def test_a_file_that_breaks_the_judge_is_refused_and_the_log_holds_no_word_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")

    with caplog.at_level(logging.ERROR):
        verdict = trying.judge(b"secret words")

    assert not verdict.accepted
    assert "secret" not in caplog.text


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "SECONDS", 0.01)

    (problem,) = trying.judge(STRICTER.encode()).problems

    assert "takes too long" in problem.reason


def test_an_empty_page_sent_off_is_said_to_be_empty(browser: Client) -> None:
    assert "is empty" in _try(browser, "")


def test_the_judge_knows_no_secret_of_the_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "surroundings"
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nenv > {told}\necho '{{}}' >&2\nexit 1\n", encoding="ascii")
    program.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(program))
    monkeypatch.setenv("AMPARO_HOME", "/somewhere")

    verdict = trying.judge(b"x")

    assert not verdict.accepted
    assert "AMPARO" not in told.read_text(encoding="utf-8")


@pytest.mark.parametrize("careful", [True, False])
def test_a_paste_larger_than_any_page_is_refused_in_words(careful: bool) -> None:
    browser = a_browser(language="en", careful=careful)

    answer = browser.post("/try/", {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})

    assert answer.status_code in (400, 403)
    assert "Traceback" not in answer.content.decode()
