"""Say in words a lawyer understands how two versions of the Guide differ, in five languages.

Only words: what a change does to protection was decided by `differences`. Words: `change` in the translations.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from amparo.guide.citing import reference_in
from amparo.guide.differences import Change, group_of
from amparo.guide.durations import duration
from amparo.guide.in_words import Lexicon, one_line, tell
from amparo.guide.model import Language
from amparo.guide.strictness import ABSENT

_KINDS = {
    "blocks": "action",
    "after_on": "action",
    "never_lifted": "action",
    "requires": "evidence",
    "after": "evidence",
    "gate": "evidence",
    "duty_bearer": "role",
    "attest": "role",
    "facts": "fact",
}
_WORDINGS = ("applies_when", "deadline_source", "deadline_note", "note")
_HOURS_A_DAY = 24


class ChangeUntold(Exception):
    """A change was not made by `differences`, so nobody can name the things it speaks of."""


def told(change: Change, language: Language) -> str:
    """Return one change as a sentence; ChangeUntold when it does not come from `differences`."""
    return _Teller(_lexicon(change, language)).told(change)


def effect_in_words(change: Change, language: Language) -> str:
    """Say what a change does: protects more, protects less, neither, or to be judged."""
    return _lexicon(change, language).word("change", f"effect-{change.effect}")


def heading_of(change: Change, language: Language) -> str:
    """Return the heading under which a change is read: the title of its obligation, or what it is about."""
    lexicon, (about, key) = _lexicon(change, language), group_of(change)
    if about == "obligation":
        return lexicon.word("obligation", key)
    kind = {"source": "source", "fact": "fact", "evidence": "evidence"}.get(about, "")
    return lexicon.word("change", f"heading-{about}").format(name=lexicon.word(kind, key) if kind else "")


def lines_of(changes: Iterable[Change], language: Language) -> Iterator[str]:
    """Return all changes as lines of a plain text: a heading for each obligation, its changes below."""
    for heading, group in groupby(changes, key=lambda change: heading_of(change, language)):
        yield heading
        for change in group:
            yield f"  [{effect_in_words(change, language)}] {told(change, language)}"


def _lexicon(change: Change, language: Language) -> Lexicon:
    if change.lexicon is None:
        raise ChangeUntold(f"{change.about} {change.key}: not a change that differences() found")
    return replace(change.lexicon, language=language)


class _Teller:
    """Says changes with the words of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def told(self, change: Change) -> str:
        """Return one change as a sentence."""
        ways: dict[str, Callable[[Change], str]] = {
            "": self._whole,
            "sources": self._source,
            "absolute": self._turned,
            "recurring": self._turned,
            "rests_on": self._rests_on,
        }
        ways |= dict.fromkeys(_KINDS, self._item) | dict.fromkeys(ABSENT, self._condition)
        ways |= dict.fromkeys(("title", "tasks", "label"), self._text)
        ways |= dict.fromkeys(("deadline", "horizon", "stuck_after"), self._span)
        ways |= dict.fromkeys(("severity", "override", "clock", "stage", "proof"), self._word)
        ways |= dict.fromkeys(_WORDINGS, lambda _: self._say("wording-changed"))
        ways |= dict.fromkeys(("version", "status"), self._plain) | {"indicator": self._plain}
        rest = self._closed_list if change.about == "vocabulary" else self._other
        return ways.get(change.field, rest)(change)

    def _say(self, key: str, **values: object) -> str:
        return self._lexicon.word("change", key).format_map(values)

    def _name(self, change: Change) -> str:
        return self._lexicon.word("evidence", change.key) if change.about == "evidence" else ""

    def _whole(self, change: Change) -> str:
        if change.about != "authority":
            return self._say(f"{change.about}-{change.act}", name=self._name(change))
        words = (change.new or change.old)["name"]
        name = words.get(self._lexicon.language) or words.get("es") or words["en"]
        return self._say(f"authority-{change.act}", role=self._lexicon.word("role", change.key), name=name)

    def _item(self, change: Change) -> str:
        item = change.old if change.act == "removed" else change.new
        what = self._lexicon.word(_KINDS[change.field], item)
        action = self._lexicon.word("action", change.part) if change.part else ""
        return self._say(f"{change.field}-{change.act}", what=what, action=action, name=self._name(change))

    def _condition(self, change: Change) -> str:
        every = change.part in ("", "*")
        action = self._say("every-action") if every else self._lexicon.word("action", change.part)
        old, new = (one_line(tell(each, self._lexicon), self._lexicon) for each in (change.old, change.new))
        return self._say(f"{change.field}-changed", action=action, name=self._name(change), old=old, new=new)

    def _text(self, change: Change) -> str:
        old, new = (self._in_language(each) for each in (change.old, change.new))
        return self._say(f"{change.field}-{change.act}", old=old, new=new)

    def _in_language(self, words: dict[str, str] | None) -> str:
        return "" if words is None else words.get(self._lexicon.language) or words.get("es") or words["en"]

    def _span(self, change: Change) -> str:
        old, new = (self._length(each) for each in (change.old, change.new))
        return self._say(f"{change.field}-changed", old=old, new=new)

    def _length(self, text: str | None) -> str:
        if text is None:
            return self._say("no-deadline")
        length = duration(text)
        hours = int(length.rest.total_seconds()) // 3600
        in_days = "T" not in text and not hours % _HOURS_A_DAY
        counted = {
            "month": length.months,
            "day" if in_days else "hour": hours // _HOURS_A_DAY if in_days else hours,
        }
        parts = [
            self._say(unit if number == 1 else f"{unit}s", number=number)
            for unit, number in counted.items()
            if number
        ]
        return ", ".join(parts) or text

    def _word(self, change: Change) -> str:
        old, new = (self._one_word(change.field, each) for each in (change.old, change.new))
        return self._say(f"{change.field}-changed", old=old, new=new, name=self._name(change))

    def _one_word(self, field: str, value: str) -> str:
        if field in ("stage", "proof"):
            return self._lexicon.word(field, value)
        return self._lexicon.say(f"clock-{value}") if field == "clock" else self._say(f"{field}-{value}")

    def _turned(self, change: Change) -> str:
        return self._say(f"{change.field}-{'yes' if change.new else 'no'}")

    def _plain(self, change: Change) -> str:
        return self._say(f"{change.field}-changed", old=change.old, new=change.new)

    def _rests_on(self, change: Change) -> str:
        old, new = (self._grounds(each or ()) for each in (change.old, change.new))
        return self._say("rests_on-changed", name=self._name(change), old=old, new=new)

    def _grounds(self, facts: Iterable[str]) -> str:
        pairs = (fact.partition("/") for fact in facts)
        told = [
            self._lexicon.say(
                "is", thing=self._lexicon.word("fact", fact), answers=self._answer(fact, answer)
            )
            if answer
            else self._lexicon.word("fact", fact)
            for fact, _, answer in pairs
        ]
        return "; ".join(told) or self._say("no-deadline")

    def _answer(self, fact: str, answer: str) -> str:
        return self._lexicon.say("quoted", answer=self._lexicon.word("value", f"{fact}/{answer}"))

    def _source(self, change: Change) -> str:
        cited = change.new or change.old
        language = self._lexicon.language
        what = f"{self._lexicon.word('source', cited['id'])}, {reference_in(cited['ref'], language)}"
        old = self._mark(change.old) if change.old else ""
        return self._say(f"sources-{change.act}", what=what, mark=self._mark(cited), old=old)

    def _mark(self, cited: dict[str, Any]) -> str:
        related = cited.get("fit", "direct") == "supporting"
        return self._say(
            "mark-unsure" if not cited["verified"] else "mark-related" if related else "mark-verified"
        )

    def _closed_list(self, change: Change) -> str:
        item = change.old if change.act == "removed" else change.new
        what = self._guard(item) if change.field == "fact_guards" and isinstance(item, dict) else str(item)
        return self._say(f"vocabulary-{change.act}", field=change.field.replace("_", " "), what=what)

    def _guard(self, raw: dict[str, str]) -> str:
        condition = one_line(tell(raw["unless"], self._lexicon), self._lexicon)
        fact, answer = self._lexicon.word("fact", raw["fact"]), f"{raw['fact']}/{raw['value']}"
        return self._say("guard", fact=fact, answer=self._lexicon.word("value", answer), condition=condition)

    def _other(self, change: Change) -> str:
        return self._say("other-changed", field=change.field.replace("_", " "))
