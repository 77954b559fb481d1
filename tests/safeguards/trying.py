"""Try an address in every way a browser or a clever stranger can: look, fill in, send unasked, smuggle, other verbs.

Each try is undone, so that the next meets the same world; what it did is told as a `Tried`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.utils import timezone

from amparo.base.clock import now
from tests.safeguards.addresses import Address
from tests.safeguards.callers import Caller
from tests.safeguards.effects import Before, Counted, counted, harm
from tests.safeguards.page_forms import SENTENCE, Answers, PageForm, forms_of

# After the page a form comes back at most twice: with what was wrong, or to be looked at once more.
_PAGES = 3


@dataclass(frozen=True)
class Tried:
    """What one try led to: the answers' numbers, what was done that never may be, what was written."""

    caller: str
    address: Address
    how: str
    statuses: tuple[int, ...]
    harm: tuple[str, ...]
    wrote: bool
    refused: bool
    act_refused: bool


def everything(caller: Caller, some: Iterable[Address], was: Before) -> list[Tried]:
    """Try addresses in every way."""
    # Each try is undone: one count before all of them is the count before each.
    start = counted(caller.id)
    return [
        _tried(how, caller, each, was, start)
        for each in some
        for how in WAYS
        if each.first or how != "other verbs"
    ]


def _tried(how: str, caller: Caller, address: Address, was: Before, start: Counted) -> Tried:
    with caller.undone():
        statuses = tuple(answer.status_code for answer in WAYS[how](caller, address))
        end = counted(caller.id)
        done = harm(was, end, may_find=address.name == "desk:found")
    more = (getattr(end, name) > getattr(start, name) for name in ("written", "refused", "acts_refused"))
    return Tried(caller.name, address, how, statuses, tuple(done), *more)


def _fill_in(caller: Caller, address: Address) -> Iterator[HttpResponse]:
    """Open the page, fill each of its forms, press the first button, and go on while the form comes back."""
    page = _answer(caller.client.get(address.path))
    yield page
    for _ in range(_PAGES):
        form = own_form(page, address)
        if form is None:
            return
        page = _answer(caller.client.post(address.path, form.filled()))
        yield page


def own_form(page: HttpResponse, address: Address) -> PageForm | None:
    """Return the first form of a page that is sent to the page itself."""
    if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
        return None
    own = [one for one in forms_of(page.content.decode()) if one.action in ("", ".", address.path)]
    return own[0] if own else None


def _smuggle(caller: Caller, address: Address) -> Iterator[HttpResponse]:
    """Send what no page asks for, without having looked at the page; in the body and behind the address."""
    for override in ("emergency", "two-person") if address.act else ("emergency",):
        said = smuggled(address.act or "detain", override)
        yield _answer(caller.client.post(f"{address.path}?{urlencode(said, doseq=True)}", said))


def _other_verbs(caller: Caller, address: Address) -> Iterator[HttpResponse]:
    said = urlencode(smuggled(address.act or "detain", "emergency"), doseq=True)
    for verb in caller.verbs:
        yield _answer(caller.client.generic(verb, address.path, said, "application/x-www-form-urlencoded"))


def _answer(answer: object) -> HttpResponse:
    """Return the answer of a test browser, which is a response with more on it."""
    return cast("HttpResponse", answer)


def smuggled(act: str, override: str) -> Answers:
    """Return what no page asks for: an act, an override, and fields that a clever stranger would guess."""
    when = timezone.localtime(now() - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M")
    said = {
        "action": act, "name": act, "kind": "action", "override": override, "found": "true", "by_role": "court",
        "by": "00000000-0000-0000-0000-000000000000", "role": "system", "reasons": SENTENCE, "sure": "yes",
        "when": when, "at": when, "form_id": str(uuid4()), "note": SENTENCE, "caseworker": "Marta", "outcome": SENTENCE,
        "released_at": when, "stage": "released", "value": "adult", "text": SENTENCE, "evidence": "needs-checked",
    }  # fmt: skip
    if override == "emergency":
        said["signs"] = SENTENCE
    return {name: [value] for name, value in said.items()}


WAYS: Mapping[str, Callable[[Caller, Address], Iterator[HttpResponse]]] = {
    "fill in": _fill_in,
    "smuggle": _smuggle,
    "other verbs": _other_verbs,
}
