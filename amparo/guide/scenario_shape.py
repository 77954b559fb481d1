"""Check that a file of scenarios has the fields its reader counts on, and name every place where it has not.

Pure: looks at plain values only.
"""

from amparo.guide import shape
from amparo.guide.errors import Problem

# The words for states in a file of scenarios, and in the Guide.
STATES = {
    "not_applicable": "not-applicable",
    "guarding": "guarding",
    "open": "open",
    "late": "late",
    "met": "met",
}


def words(value: object, place: str) -> list[Problem]:
    """Want a text, or one text per language with Spanish or English among them."""
    if isinstance(value, str):
        return shape.text(value, place)
    problems = shape.map_of(shape.text, keys=shape.one_of("es", "en", "fr", "pt", "ht"))(value, place)
    if not problems and isinstance(value, dict) and not {"es", "en"} & set(value):
        problems = [Problem(place, "must be told in Spanish (es) or English (en)")]
    return problems


def blocked(value: object, place: str) -> list[Problem]:
    """Want a list of actions, or for each action every obligation behind it."""
    return (shape.map_of(shape.KEYS, keys=shape.key) if isinstance(value, dict) else shape.KEYS)(value, place)


_BY_KEY = shape.map_of(shape.list_of(shape.text), keys=shape.key)
_ATTEMPT = shape.Record(
    needed={"action": shape.key, "with": shape.text}, optional={"lifts": shape.KEYS, "still": shape.KEYS}
)
EXPECT = shape.Record(
    needed={},
    optional={
        **dict.fromkeys(STATES, shape.KEYS),
        "missing": _BY_KEY,
        "ask": _BY_KEY,
        "blocks": _BY_KEY,
        "blocked": blocked,
        "free": shape.KEYS,
        "breaches": _BY_KEY,
        "not_counted": shape.KEYS,
        "guarded": shape.TEXTS,
        "overrides": shape.list_of(_ATTEMPT),
    },
)
_CASE = {
    "starts_from": shape.key,
    "facts": shape.map_of(shape.anything),
    "done": shape.TEXTS,
    "not_done": shape.KEYS,
    "events": shape.TEXTS,
}
SCENARIO = shape.Record(
    needed={"title": words, "why": words, "expect": EXPECT},
    optional={
        **_CASE,
        "country": shape.text,
        "overlay": shape.text,
        "at": shape.text,
        "due_since": shape.map_of(shape.text, keys=shape.key),
    },
)
FILE = shape.Record(
    needed={"scenarios": shape.list_of(shape.anything)},  # each is checked with its own line
    optional={"starting_points": shape.map_of(shape.Record({}, {"title": words, **_CASE}), keys=shape.key)},
)
