"""Print one page for a post without any device: what the child needs now, what must never be done, whom to call.

Everything on it comes from the Guide and the country's rules; a name or number nobody has told us is a blank line.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from amparo.desk.guide_browser.frame import show
from amparo.desk.guide_browser.wording import Wording, on_call_of, wording_of
from amparo.guide import Obligation

WHO = "first-contact-officer"
# Whom a post may need to reach in the first hours, in the order of the page.
CALLED = (
    "child-protection-authority",
    "health-worker",
    "care-provider",
    "guardian",
    "legal-representative",
    "supervisor",
)


@dataclass(frozen=True)
class Task:
    """One box to tick: what to do, and the duty it comes from."""

    words: list[SafeString]
    obligation: str


@dataclass(frozen=True)
class Called:
    """Somebody to call; `name` is empty where no overlay names the body."""

    role: SafeString
    name: str


def checklist(request: HttpRequest) -> HttpResponse:
    """Show the checklist of first contact, in the reader's language and for the country chosen."""
    wording = wording_of(request)
    duties = [one for one in wording.guide.obligations.values() if WHO in one.duty_bearer]
    never, not_yet = _forbidden(wording, duties)
    return show(
        request,
        "checklist",
        wording,
        tasks=_tasks(wording, duties),
        never=[wording.text("action", action) for action in never],
        not_yet=[wording.text("action", action) for action in not_yet],
        called=[Called(wording.text("role", role), wording.authority(role)) for role in CALLED],
        on_call=on_call_of(wording),
        printed=timezone.localdate(),
    )


def _tasks(wording: Wording, duties: list[Obligation]) -> list[Task]:
    """Order what to do: what the child's body needs, the call to child protection, then stage by stage."""
    stages = wording.guide.vocabulary.stages
    ones = [one for one in duties if not _only_forbids(one)]
    ones.sort(
        key=lambda one: ("needs_now" not in one.reads, "met_by" not in one.reads, stages.index(one.stage))
    )
    return [_task(wording, one) for one in ones]


def _only_forbids(one: Obligation) -> bool:
    # What is never possible stands in the list of what must never be done; letting her in is still an act to do.
    return one.absolute and one.reopen_while is not None


def _task(wording: Wording, one: Obligation) -> Task:
    return Task([wording.text("task", f"{one.id}/{at}") for at in range(len(one.tasks))], one.id)


def _forbidden(wording: Wording, duties: list[Obligation]) -> tuple[list[str], list[str]]:
    """Return the acts no one may ever do, and those that wait until these duties are met."""
    every = wording.guide.obligations.values()
    absolute = {action for one in every if one.absolute for action in one.blocks}
    waiting = {action for one in duties if one.severity == "hard" for action in one.blocks} - absolute
    actions = wording.guide.vocabulary.actions
    return [each for each in actions if each in absolute], [each for each in actions if each in waiting]
