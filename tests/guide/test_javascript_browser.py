"""Load the Guide's evaluator in a real browser under the strictest policy, and hear the same answers as in node."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from shutil import copy
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.guide.corpus import Asked, corpus
from tests.guide.javascript import HERE, Evaluator, an_evaluator

pytestmark = [pytest.mark.node, pytest.mark.e2e]
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
PAGE = '<!doctype html><title>Guide</title><script type="module" src="page.mjs"></script>'
SCRIPT = """
import * as amparo from "./guide.mjs";
import { answers } from "./answers.mjs";
const names = ["guide.json", "overlays/MX.json"];
const read = async (name) => [name, await (await fetch(`published/${name}`)).json()];
const published = new Map(await Promise.all(names.map(read)));
const ask = answers(amparo, (name) => published.get(name));
// Asked by the page itself: what a test runs from outside does not stand under the policy.
const refusesEval = () => { try { return new Function("return false")(); } catch { return true; } };
const questions = await (await fetch("questions.json")).json();
globalThis.heard = { answers: questions.map((question) => ask(question)), evalRefused: refusesEval() };
document.body.dataset.heard = "yes";
"""


class _Handler(SimpleHTTPRequestHandler):
    """Serve one folder with the policy; say nothing."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the library
        """Keep quiet."""


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return an_evaluator(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def address(evaluator: Evaluator) -> Iterator[str]:
    folder = evaluator.published.parent
    copy(HERE / "answers.mjs", folder)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "page.mjs").write_text(SCRIPT, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


def heard_in_browser(browser: Browser, address: str) -> tuple[dict[str, Any], list[str]]:
    """Open the page in Chromium; return what it heard, and what it complained of."""
    complaints: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(address)
    # Not wait_for_function: it asks again by eval, which the policy of the page refuses.
    page.locator("body[data-heard]").wait_for(state="attached")
    heard = json.loads(page.evaluate("JSON.stringify(globalThis.heard)"))
    page.close()
    return heard, complaints


def questions_of(sample: list[Asked]) -> Iterator[dict[str, Any]]:
    for each in sample:
        yield {"guide": each.guide, "country": each.country}
        yield {"facts": each.facts, "at": each.at, "first_due": each.first_due, "may": list(each.may)}


def test_browser_under_a_strict_policy_answers_like_node(
    browser: Browser, evaluator: Evaluator, address: str
) -> None:
    sample = [each for each in corpus(1400)[::9] if each.guide in ("guide.json", "overlays/MX.json")]
    asked = list(questions_of(sample))
    (evaluator.published.parent / "questions.json").write_text(json.dumps(asked), encoding="utf-8")

    heard, complaints = heard_in_browser(browser, address)

    for_node = [
        {**each, "guide": str(evaluator.published / each["guide"])} if "guide" in each else each
        for each in asked
    ]
    assert len(sample) > 40
    assert heard["answers"] == evaluator.answers(for_node)
    assert not any("refused" in answer for answer in heard["answers"])
    assert heard["evalRefused"]  # the policy is in force: the evaluator does without eval
    assert complaints == []
