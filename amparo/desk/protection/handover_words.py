"""Say transfers in words: parts of a case, why a part stays, where a transfer stands, why it is refused."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amparo.exchange.queries import TransferLine, TransferView
from amparo.exchange.rules import DeclineReason, Refusal, Side, Stage

# Codes that one person can put right in one way share one sentence.
_BASIS = {
    "basis-missing", "basis-unknown", "article-missing", "decider-missing", "guardian-missing", "decided-when",
    "end-missing", "basis-ended", "consent-by", "consent-age", "guardian-disagrees",
}  # fmt: skip
_VIEW = {"view-missing", "heard-when", "view-language", "view-said"}
_PEER = {"sector", "peer-unknown", "peer-not-allowed", "same-node"}
_LIST = {"trust-list-missing", "trust-list-wrong", "trust-list-expired", "trust-list-old", "key-missing"}
_WORDS = {"reason-missing", "note-missing", "caseworker-missing"}


def part_in_words(part: str) -> str:
    """Say what a part of a case file is."""
    return {
        "facts": _("The facts the Guide judges"),
        "safeguards": _("What is still owed, and what was done"),
        "identity": _("Who the child is"),
        "family": _("Her or his family"),
        "evidence": _("What was done, and by whom"),
        "hearings": _("What the child said"),
        "account": _("The child's account of harm (sealed)"),
        "notes": _("Notes of colleagues"),
    }.get(part, part)


def why_in_words(why: str) -> str:
    """Say why something stays here."""
    return {
        "withheld-by-the-child": _("the child does not want it told"),
        "not-chosen": _("you did not choose it"),
        "sealed-and-no-reason-given": _("sealed: it leaves only with a reason"),
    }.get(why, _("a transfer never carries it"))


def stands(line: TransferLine) -> str:
    """Say in one sentence where a transfer stands and who is responsible."""
    words = _sender_words() if line.side is Side.SENDER else _receiver_words()
    return words[line.stage]


def _sender_words() -> dict[Stage, str]:
    return {
        Stage.PROPOSED: _("It is on its way. You are still responsible."),
        Stage.STORED: _("It has arrived. You are still responsible until they take the child over."),
        Stage.OPENED: _("They are reading it. You are still responsible until they take the child over."),
        Stage.ASKED: _("They ask something. Answer and send again; you are still responsible."),
        Stage.ACCEPTED: _("They accept. You are still responsible until they take the child over."),
        Stage.TAKEN_OVER: _("They have taken the child over. Let go now; until then both are responsible."),
        Stage.RELEASED: _("You have let go. They are responsible."),
        Stage.CLOSED: _("Handed over. They are responsible."),
        Stage.DECLINED: _("They declined. You are responsible."),
        Stage.CANCELLED: _("You took it back. You are responsible."),
    }


def _receiver_words() -> dict[Stage, str]:
    theirs = _("The other agency is still responsible.")
    return {
        Stage.PROPOSED: theirs,
        Stage.STORED: _("New. The other agency is still responsible."),
        Stage.OPENED: theirs,
        Stage.ASKED: _("You asked; they have not answered yet. The other agency is still responsible."),
        Stage.ACCEPTED: _("You accepted. Take the child over when she or he is with you."),
        Stage.TAKEN_OVER: _("You have taken the child over: you are responsible."),
        Stage.RELEASED: theirs,
        Stage.CLOSED: _("Handed over to you: you are responsible."),
        Stage.DECLINED: _("You declined. The other agency is responsible."),
        Stage.CANCELLED: _("They took it back. The other agency is responsible."),
    }


def refusals_in_words(refusals: Iterable[Refusal]) -> list[str]:
    """Say each reason once."""
    return list(dict.fromkeys(_refusal(one.code) for one in refusals))


def _refusal(code: str) -> str:
    groups = (
        (
            _BASIS,
            _("The basis is not complete: say who decided, when, until when, and what the guardian says."),
        ),
        (_VIEW, _("Write what the child says about it, when and in which language, or why not yet.")),
        (_PEER, _("This agency may not receive the case, or this node does not know it.")),
        (_LIST, _("The trust list is too old or missing: nothing leaves. Tell the administrator.")),
        (_WORDS, _("Write the reason, the note or the name that is asked for.")),
    )
    found = [words for codes, words in groups if code in codes]
    return found[0] if found else _other_refusal(code)


def _other_refusal(code: str) -> str:
    return {
        "danger": _("A danger mark stands against telling this agency anything."),
        "withheld-from": _("The child does not want this agency to know."),
        "country-of-origin": _(
            "The child may need asylum from this country: a determination must name it first."
        ),
        "sealed-here": _(
            "What is sealed to your agency does not leave it in a transfer. Send the rest without it; an officer who"
            " can open it tells an officer of the other agency in person."
        ),
        "under-way": _("A transfer of this child is under way. Take it back first."),
        "wrong-stage": _("The transfer has moved on since you opened this page. Look again."),
    }.get(code, _("This message cannot be sent as it is."))


def decline_reasons() -> list[tuple[str, str]]:
    """Return the reasons for declining, with their words."""
    return [
        (DeclineReason.NOT_OURS.value, _("Not our territory or task")),
        (DeclineReason.NO_PLACE.value, _("No suitable place")),
        (DeclineReason.UNSAFE.value, _("Not safe for the child")),
        (DeclineReason.CHILD_DISAGREES.value, _("The child does not want it")),
        (DeclineReason.FAMILY_ELSEWHERE.value, _("Family was found elsewhere")),
        (DeclineReason.INCOMPLETE.value, _("Information is still missing")),
        (DeclineReason.OTHER.value, _("Another reason")),
    ]


def last_note(view: TransferView) -> str:
    """Return the newest words of the other agency: a question, a reason, the name of the caseworker."""
    for step in reversed(view.steps):
        if step.heard and step.said:
            return str(step.said.get("note") or step.said.get("caseworker") or "")
    return ""
