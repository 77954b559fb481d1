"""Read the short sentences of a scenario: what was done, what happened, which override was tried.

Pure. `age-settled by court at 2026-03-01`, `all of appoint-guardian except guardian-trained`,
`place by care-provider with emergency`. Who and when may be left out.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from amparo.guide.errors import Problem
from amparo.guide.model import Guide

Raw = dict[str, Any]
OVERRIDES = ("emergency", "two-person")
MORNING, NOON = "T08:00:00Z", "T12:00:00Z"  # things are done in the morning, acts follow at noon

_WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_BY_AT = rf"(?: by (?P<by>{_WORD}))?(?: at (?P<at>\S+))?"
_ENTRY = re.compile(rf"(?P<key>{_WORD}){_BY_AT}")
_ALL = re.compile(rf"all of (?P<key>{_WORD})(?: except (?P<but>{_WORD}(?: and {_WORD})*))?{_BY_AT}")
_EVENT = re.compile(rf"(?P<key>{_WORD}){_BY_AT}(?: with (?P<override>{_WORD}))?")
_ATTEMPT = re.compile(rf"(?P<override>{_WORD}) by (?P<by>{_WORD})")


class Misread(Exception):
    """A sentence of a scenario cannot be read; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads sentences with the words of one Guide; `day` is the day on which the scenario is judged."""

    guide: Guide
    day: str

    def entries(self, said: object, place: str) -> Iterator[tuple[str, Raw]]:
        """Give the evidence entries one line of `done` stands for; Misread when it stands for none."""
        if found := _ALL.fullmatch(said) if isinstance(said, str) else None:
            known(found["key"], self.guide.obligations, "obligation", place)
            asked = self.guide.obligations[found["key"]].requires
            but = found["but"].split(" and ") if found["but"] else []
            for key in but:
                known(key, asked, "entry that this obligation requires", place)
            yield from (self._entry(key, found, place) for key in asked if key not in but)
        else:
            words = _match(_ENTRY, said, place, "age-settled by court at 2026-03-01")
            yield self._entry(words["key"], words, place)

    def event(self, said: object, place: str) -> Raw:
        """Return one event; Misread when the sentence is none."""
        words = _match(_EVENT, said, place, "place by care-provider at 2026-03-01 with emergency")
        known(words["key"], self.guide.vocabulary.actions, "action", place)
        event = {"action": words["key"], "at": self._moment(words["at"], NOON)}
        if words["by"]:
            roles = (*self.guide.vocabulary.roles, "other-authority", "unknown")
            event["by_role"] = known(words["by"], roles, "role", place)
        if words["override"]:
            event["override"] = known(words["override"], OVERRIDES, "override", place)
        return event

    def attempt(self, said: object, place: str) -> tuple[str, str]:
        """Return an override and the role that tries it; Misread when the sentence says neither."""
        words = _match(_ATTEMPT, said, place, "emergency by child-protection-authority")
        known(words["override"], OVERRIDES, "override", place)
        return words["override"], known(words["by"], self.guide.vocabulary.roles, "role", place)

    def _entry(self, key: str, words: re.Match[str], place: str) -> tuple[str, Raw]:
        known(key, self.guide.evidence, "evidence entry", place)
        by = words["by"] or self.guide.evidence[key].attest[0]
        known(by, self.guide.vocabulary.roles, "role", place)
        return key, {"done": True, "at": self._moment(words["at"], MORNING), "by_role": by}

    def _moment(self, said: str | None, hour: str) -> str:
        day = said or self.day
        return day if "T" in day else day + hour


def known(word: object, words: Collection[str], kind: str, place: str) -> str:
    """Return the word when it is one of the words; Misread with the nearest ones otherwise."""
    if isinstance(word, str) and word in words:
        return word
    near = get_close_matches(word, words, n=3) if isinstance(word, str) else []
    if near:
        raise Misread(
            Problem(
                place, "{word} is no known {kind}; near: {near}", word=word, kind=kind, near=", ".join(near)
            )
        )
    raise Misread(Problem(place, "{word} is no known {kind}", word=str(word)[:60], kind=kind))


def _match(pattern: re.Pattern[str], said: object, place: str, example: str) -> re.Match[str]:
    found = pattern.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise Misread(Problem(place, "cannot be read; write it like this: {example}", example=example))
    return found
