"""Check that a document has the shape its reader counts on, and name every place where it has not.

Pure: looks at plain values only; knows nothing of the meaning of the Guide.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amparo.guide.errors import Problem

# A check is given a value and its place; it returns what is wrong, or nothing.
Check = Callable[[object, str], list[Problem]]

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST = 2000  # items of one list: each is compared with those before it


def text(value: object, place: str) -> list[Problem]:
    """Want a text that says something."""
    return [] if isinstance(value, str) and value.strip() else [Problem(place, "must be a text")]


def flag(value: object, place: str) -> list[Problem]:
    """Want true or false."""
    return [] if isinstance(value, bool) else [Problem(place, "must be true or false")]


def key(value: object, place: str) -> list[Problem]:
    """Want a key: small letters, digits and hyphens."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return []
    strange = next((letter for letter in value if not letter.isascii()), "") if isinstance(value, str) else ""
    if strange:
        said = "must be a key of small letters, digits and hyphens; {letter} ({code}) only looks like one"
        return [Problem(place, said, letter=strange, code=f"U+{ord(strange):04X}")]
    return [Problem(place, "must be a key of small letters, digits and hyphens")]


def whole(value: object, place: str) -> list[Problem]:
    """Want a whole number."""
    fits = isinstance(value, int) and not isinstance(value, bool)
    return [] if fits else [Problem(place, "must be a whole number")]


def pattern(value: object, place: str) -> list[Problem]:
    """Want a regular expression that can be read."""
    try:
        re.compile(value if isinstance(value, str) else "(")
    except re.error:
        return [Problem(place, "must be a regular expression")]
    return []


def anything(_value: object, _place: str) -> list[Problem]:
    """Take any value: its reader checks it."""
    return []


def maybe(check: Check) -> Check:
    """Want what `check` wants, or null."""
    return lambda value, place: [] if value is None else check(value, place)


def one_of(*choices: str) -> Check:
    """Want one of these words."""

    def checked(value: object, place: str) -> list[Problem]:
        if isinstance(value, str) and value in choices:
            return []
        return [Problem(place, "must be one of: {choices}", choices=", ".join(choices))]

    return checked


def list_of(check: Check, *, least: int = 0) -> Check:
    """Want a list without repeats, each item as `check` wants."""

    def checked(value: object, place: str) -> list[Problem]:
        if not isinstance(value, list):
            return [Problem(place, "must be a list")]
        if len(value) > _MOST:
            return [Problem(place, "must hold at most {most}", most=_MOST)]
        problems = [p for at, item in enumerate(value) for p in check(item, f"{place}[{at}]")]
        if len(value) < least:
            problems.append(Problem(place, "must hold at least {least}", least=least))
        if any(item in value[:at] for at, item in enumerate(value)):
            problems.append(Problem(place, "holds the same item twice"))
        return problems

    return checked


def map_of(check: Check, *, keys: Check = text) -> Check:
    """Want a mapping whose keys and values are as wanted."""

    def checked(value: object, place: str) -> list[Problem]:
        if not isinstance(value, Mapping):
            return [Problem(place, "must be a mapping")]
        problems = [p for name in value for p in keys(name, f"{place}.{name}")]
        return problems + [p for name, item in value.items() for p in check(item, f"{place}.{name}")]

    return checked


@dataclass(frozen=True)
class Record:
    """Want a mapping with these fields and no others."""

    needed: Mapping[str, Check]
    optional: Mapping[str, Check]

    def __call__(self, value: object, place: str) -> list[Problem]:
        """Name every field that is missing, unknown or wrong."""
        if not isinstance(value, Mapping):
            return [Problem(place, "must be a mapping")]
        fields = {**self.needed, **self.optional}
        problems = _lacking(place, [name for name in self.needed if name not in value])
        problems += [
            Problem(f"{place}.{name}", "is not a field here; known: {known}", known=", ".join(sorted(fields)))
            for name in value
            if name not in fields
        ]
        known = ((name, item) for name, item in value.items() if name in fields)
        return problems + [p for name, item in known for p in fields[name](item, f"{place}.{name}")]


def _lacking(place: str, names: list[str]) -> list[Problem]:
    # One line for many: a mistyped id would otherwise be told in sixteen.
    if len(names) > 1:
        return [Problem(place, "lacks {names}", names=", ".join(names))]
    return [Problem(f"{place}.{name}", "is missing") for name in names]


# ---- the shapes of the Guide's own files -------------------------------------------------------

WORDS = Record(needed={"en": text}, optional={"es": text, "fr": text, "pt": text, "ht": text})
TEXTS = list_of(text)
KEYS = list_of(key)
BASES = ("text", "position", "quoted", "heading", "cited", "text-only", "memory")
CITATION = Record(
    needed={"id": text, "ref": text, "verified": flag, "basis": one_of(*BASES)},
    optional={"fit": one_of("direct", "supporting")},
)
COUNT = Record(needed={"text": text, "cel": maybe(text)}, optional={})
INDICATOR = Record(
    needed={"name": text, "unit": text, "numerator": COUNT, "denominator": COUNT},
    optional={"better": one_of("lower", "higher"), "disaggregate": TEXTS},
)
OBLIGATION = Record(
    needed={
        "id": key,
        "title": WORDS,
        "tasks": list_of(WORDS, least=1),
        "stage": key,
        "duty_bearer": list_of(key, least=1),
        "applies_when": text,
        "applies": text,
        "facts": TEXTS,
        "requires": list_of(key, least=1),
        "deadline": maybe(text),
        "clock": key,
        "severity": one_of("hard", "soft"),
        "blocks": KEYS,
        "override": one_of("none", "emergency", "two-person"),
        "sources": list_of(CITATION, least=1),
        "indicator": INDICATOR,
    },
    optional={
        "due": text,
        "after": KEYS,
        "after_on": KEYS,
        "gate": map_of(KEYS, keys=key),
        "block_when": map_of(text, keys=key),
        "hold_while": map_of(text),
        "reopen_while": text,
        "absolute": flag,
        "recurring": flag,
        "deadline_source": text,
        "deadline_note": text,
        "note": text,
    },
)
EVIDENCE = Record(
    needed={
        "label": WORDS,
        "attest": list_of(key, least=1),
        "proof": one_of("record", "document", "receipt", "register-check", "attestation", "computed"),
    },
    optional={"needed_when": text, "rests_on": list_of(text, least=1), "contradicts": text},
)
SOURCE = Record(
    needed={
        "title": text,
        "weight": one_of("treaty", "authoritative", "political", "operational", "national"),
        "norms": list_of(anything),
    },
    optional={},
)
GUARD = Record(needed={"fact": text, "value": text, "unless": text, "becomes": text}, optional={})
JOINT = Record(
    needed={"action": key, "who": key, "lifts": KEYS, "lifts_holds": flag},
    optional={"when": text, "then": text},
)
LIMITS = Record(
    needed={"never_lifted": KEYS, "joint_emergency": list_of(JOINT)},
    optional={"rule": text, "sum_rule": text},
)
VOCABULARY = Record(
    needed={
        "stages": KEYS,
        "roles": KEYS,
        "states": map_of(text, keys=key),
        "clocks": map_of(text, keys=key),
        "actions": map_of(text, keys=key),
        "override_limits": LIMITS,
        "fact_guards": list_of(GUARD),
        "design_choices": TEXTS,
        "stuck_after": text,
    },
    optional=dict.fromkeys(
        [
            "severity",
            "fields",
            "override",
            "stuck_rule",
            "stale_rule",
            "conflict_rule",
            "breach_rule",
            "basis",
            "fit",
            "proof",
            "facts_source",
            "deadline_note_default",
            "disaggregate_default",
        ],
        anything,
    ),
)
_CHOICES = list_of(text, least=1)
_ITEMS = Record(needed={}, optional={"type": one_of("string"), "pattern": pattern, "enum": _CHOICES})
FACT = Record(
    needed={"type": one_of("string", "integer", "array"), "description": text},
    optional={
        "x-es": text,
        "format": one_of("date", "date-time"),
        "pattern": pattern,
        "enum": _CHOICES,
        "items": _ITEMS,
        "minimum": whole,
        "maximum": whole,
        "uniqueItems": flag,
        "default": anything,
    },
)


def facts_schema(value: object, place: str) -> list[Problem]:
    """Want a JSON Schema of the facts as far as this program reads it; evidence and events are its own."""
    properties = value.get("properties") if isinstance(value, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(value, Mapping):
        return [Problem(place, "must be a mapping with properties")]
    facts = {name: said for name, said in properties.items() if name not in ("evidence", "events")}
    place = f"{place}: "
    return list_of(text)(value.get("required"), f"{place}required") + map_of(FACT)(
        facts, f"{place}properties"
    )


GUIDE = Record(
    needed={"id": key, "version": text, "status": text, "languages": KEYS},
    optional=dict.fromkeys(("facts_schema", "rule_of_overlay", "expression_language"), anything),
)
