"""Let people of the journey do what they do, each through the pages of their own node."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.journeys.browser import Browser, Page

_CASE = re.compile(r"/cases/([0-9a-f-]{36})/")
_TRANSFER = re.compile(r"/transfers/([0-9a-f-]{36})/")
Fields = Mapping[str, str | Sequence[str]]


class StepFailed(AssertionError):
    """A step of the journey did not hold; the message says which and what was seen instead."""


@dataclass
class Told:
    """Print each step as it holds, and remember how many did."""

    say: Callable[[str], object] = print
    steps: list[str] = field(default_factory=list)

    def holds(self, step: str, *, seen: bool, instead: object = "") -> None:
        """Print a step that holds; raise StepFailed for one that does not."""
        if not seen:
            seen_instead = _gist(instead) if isinstance(instead, Page) else instead
            raise StepFailed(f"{step}: did not hold. {seen_instead}")
        self.steps.append(step)
        self.say(f"  ✓ {len(self.steps):2}. {step}")


@dataclass
class Person:
    """One signed-in person."""

    browser: Browser
    name: str

    def case_named(self, label: str) -> str:
        """Find a child in "My day" by the short name, and return the address of her case."""
        day = self.browser.get("/day/")
        for link in re.findall(r'href="(/cases/[0-9a-f-]{36}/)"[^>]*>([^<]+)<', day.html):
            if link[1].strip() == label:
                return str(link[0])
        raise StepFailed(f"{self.name} does not see {label} in the list")

    def read(self, case: str) -> Page:
        """Open a case."""
        return self.browser.get(case)

    def open_sealed(self, case: str, passphrase: str) -> Page:
        """Open what is sealed of a case, in this one answer."""
        page = self.browser.get(f"{case}sealed/")
        return self.browser.send(
            page, page.form_to("/sealed/"), {"purpose": "casework", "passphrase": passphrase}
        )

    def sign(self, case: str, obligation: str, *evidence: str) -> Page:
        """Sign that things were done for one obligation; raises StepFailed when the page does not take it."""
        page = self.browser.get(f"{case}done/{obligation}/")
        done = self.browser.send(page, page.form_to("/done/"), {"evidence": list(evidence)})
        if done.status != 200 or "/done/" in done.url:
            raise StepFailed(f"{self.name} could not sign {', '.join(evidence)}: {_gist(done)}")
        return done

    def know(self, case: str, fact: str, value: str | Sequence[str]) -> Page:
        """Write down what is now known of a fact."""
        page = self.browser.get(f"{case}facts/{fact}/")
        done = self.browser.send(page, page.form_to(f"/facts/{fact}/"), {"value": value})
        if done.status != 200 or f"/facts/{fact}/" in done.url:
            raise StepFailed(f"{self.name} could not write down {fact}: {_gist(done)}")
        return done

    def do(self, case: str, action: str) -> Page:
        """Try an act; the page that comes back is that of the case, or a refusal."""
        page = self.browser.get(f"{case}acts/{action}/")
        return self.browser.send(page, page.form_to(f"/acts/{action}/"))

    def propose(self, case: str, fields: Fields) -> Page:
        """Send the hand-over form."""
        page = self.browser.get(f"{case}hand-over/")
        return self.browser.send(page, page.form_to("/hand-over/"), fields)

    def move(self, transfer: str, move: str, fields: Fields | None = None) -> Page:
        """Make one move on a transfer."""
        page = self.browser.get(f"{transfer}{move}/")
        return self.browser.send(page, page.form_to(f"/{move}/"), fields)

    def wait_for(self, path: str, text: str, *, seconds: float = 60) -> Page:
        """Open a page again and again until it says something: an envelope needs its time."""
        until = time.monotonic() + seconds
        page = self.browser.get(path)
        while text not in page.html and time.monotonic() < until:
            time.sleep(0.5)
            page = self.browser.get(path)
        return page


def case_of(page: Page) -> str:
    """Return the path of the case a page belongs to."""
    found = _CASE.search(page.url) or _CASE.search(page.html)
    if found is None:
        raise StepFailed(f"no case on this page: {_gist(page)}")
    return f"/cases/{found[1]}/"


def transfer_of(page: Page) -> str:
    """Return the path of the first transfer that a page names."""
    found = _TRANSFER.search(page.url) or _TRANSFER.search(page.html)
    if found is None:
        raise StepFailed(f"no transfer on this page: {_gist(page)}")
    return f"/transfers/{found[1]}/"


def reference_of(page: Page) -> str:
    """Return the reference that stands on the child's paper and in the head of her case."""
    found = re.search(r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.html)
    if found is None:
        raise StepFailed(f"no reference on this page: {_gist(page)}")
    return found[0]


def refused_by(page: Page) -> set[str]:
    """Return the obligations that a refusal names; empty when the page is no refusal."""
    return set(re.findall(r'href="/guide/([a-z-]+)/"', page.html)) if page.status == 403 else set()


def _gist(page: Page) -> str:
    """Return the words of a page, without its frame: what a person would have read."""
    main = page.html.partition("<main")[2].partition("</main>")[0]
    return f"{page.status} {page.url}: " + " ".join(re.sub(r"<[^>]+>", " ", main).split())[:1500]
