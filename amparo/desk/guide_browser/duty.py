"""Put one obligation into the words of its page: when, what, who, by when, what it forbids, its sources.

Only words; nothing is decided here. What a country changes comes from `differences`.
"""

from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amparo.desk.guide_browser.wording import SourceLine, Wording
from amparo.guide import Evidence, Obligation, Said
from amparo.guide.difference_words import effect_in_words, told
from amparo.guide.differences import Change, differences
from amparo.guide.editions import Edition, editions
from amparo.guide.model import Indicator


@dataclass(frozen=True)
class Asked:
    """One thing that must be done, by whom it may be signed, how it is proved, and when it is asked for."""

    label: SafeString
    who: str
    proof: SafeString
    when: Said | None


@dataclass(frozen=True)
class Forbidden:
    """One action a duty stands against: until what is done, only when, and what holds it back whatever is done.

    `everything` is true where all that the duty asks must be done first, not only a part of it.
    """

    action: str
    label: SafeString
    until: tuple[SafeString, ...]
    everything: bool
    only_when: Said | None
    held_while: tuple[Said, ...]
    never_lifted: bool


@dataclass(frozen=True)
class Counted:
    """What is counted of a duty, in words."""

    name: str
    above: str
    below: str


@dataclass(frozen=True)
class Told:
    """One change a country makes, in words, and what it does to protection."""

    words: str
    effect: str
    effect_words: str


def asked_of(wording: Wording, keys: tuple[str, ...]) -> tuple[Asked, ...]:
    """Return the things that must be done, in order."""
    return tuple(_asked(wording, wording.guide.evidence[key]) for key in keys)


def _asked(wording: Wording, entry: Evidence) -> Asked:
    when = wording.said(entry.needed_when.text) if entry.needed_when else None
    return Asked(
        wording.text("evidence", entry.key),
        wording.roles(entry.attest),
        wording.text("proof", entry.proof),
        when,
    )


def forbidden_by(wording: Wording, one: Obligation) -> tuple[Forbidden, ...]:
    """Return every action a binding duty stands against."""
    return tuple(_forbidden(wording, one, action) for action in one.blocks) if one.severity == "hard" else ()


def _forbidden(wording: Wording, one: Obligation, action: str) -> Forbidden:
    only_when = one.block_when.get(action)
    holds = [one.hold_while[key].text for key in (action, "*") if key in one.hold_while]
    until = () if one.absolute else one.gate.get(action, one.requires)
    return Forbidden(
        action,
        wording.text("action", action),
        tuple(wording.text("evidence", key) for key in until),
        bool(until) and set(until) >= set(one.requires),
        wording.said(only_when.text) if only_when else None,
        tuple(wording.said(each) for each in holds),
        action in wording.guide.vocabulary.never_lifted,
    )


def exception_in_words(one: Obligation) -> str:
    """Say who may act before a duty is met, if anybody may."""
    return {
        "none": _("Nobody can allow this before the duty is met, at any level."),
        "two-person": _(
            "Two different people may, one of them of child protection, with written reasons. It is written down, the "
            "guardian is told, and supervision reviews it."
        ),
        "emergency": _(
            "One person may act first where life or safety is in danger. What is asked here is then due at once."
        ),
    }[one.override]


def counted_of(wording: Wording, counted: Indicator) -> Counted:
    """Say what is counted: by the conditions where there are any, else in the words of the Guide."""
    above, below = counted.numerator, counted.denominator
    if above is not None and below is not None:
        return Counted(counted.name, wording.line(above.text), wording.line(below.text))
    told = [
        wording.from_english("counted", said) for said in (counted.numerator_text, counted.denominator_text)
    ]
    return Counted(counted.name, *told)


def sources_of(wording: Wording, one: Obligation) -> dict[str, list[SourceLine]]:
    """Return the sources of a duty by their mark: verified, related, unsure."""
    lines = wording.sources(one.sources)
    return {mark: [line for line in lines if line.mark == mark] for mark in ("verified", "related", "unsure")}


def changed_by_countries(wording: Wording, obligation: str) -> list[tuple[Edition, list[Told]]]:
    """Return what each country's overlay changes for one duty; countries that change nothing are left out."""
    found = [
        (
            each,
            [
                told_in(wording, change)
                for change in overlay_changes(each.name)
                if change.within == obligation
            ],
        )
        for each in editions()
        if each.country
    ]
    return [(each, changes) for each, changes in found if changes]


def told_in(wording: Wording, change: Change) -> Told:
    """Put one change into words."""
    return Told(told(change, wording.language), change.effect, effect_in_words(change, wording.language))


@cache
def overlay_changes(name: str) -> tuple[Change, ...]:
    """Return how a country or an earlier version differs from the region as it is now (earlier: from then to now)."""
    region, one = editions()[0], next(each for each in editions() if each.name == name)
    return (
        differences(one.document, region.document)
        if one.frozen
        else differences(region.document, one.document)
    )
