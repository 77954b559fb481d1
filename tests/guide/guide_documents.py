"""Make many invented fact documents of the Guide's vocabulary, the same ones in every run."""

from collections.abc import Iterator
from random import Random
from typing import Any

from amparo.guide import Guide, load
from amparo.guide.model import FactKind

AT = "2026-02-05T09:00:00-06:00"
LETTERS = ("HN", "GT", "MX", "ZZ")


def some_facts(count: int, *, seed: int = 1, guide: Guide | None = None) -> Iterator[dict[str, Any]]:
    """Walk through invented cases: random answers, random evidence by a role that may attest, random events."""
    chance, known = Random(seed), guide or load()  # invented cases, not secrets
    for _ in range(count):
        yield {
            **{name: _answer(chance, kind) for name, kind in known.facts.items() if chance.random() < 0.8},
            "on": "2026-03-02",
            "country": chance.choice(LETTERS[:3]),
            "evidence": _evidence(chance, known),
            "events": [
                {"action": action, "at": AT, "override": "none", "by_role": "unknown"}
                for action in known.vocabulary.actions
                if chance.random() < 0.1
            ],
        }


def some_values(count: int, *, seed: int = 1) -> Iterator[dict[str, str | int | bool | list[str]]]:
    """Walk through invented values for every variable of the conditions."""
    chance, guide = Random(seed), load()
    for facts in some_facts(count, seed=seed):
        known = {name: facts.get(name, kind.default or "") for name, kind in guide.facts.items()}
        known = {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}
        known |= {name: known[name] or [] for name, kind in guide.facts.items() if kind.type == "texts"}
        yield {
            **{f"facts.{name}": value for name, value in known.items()},
            "evidence.done": sorted(facts["evidence"]),
            "events.done": sorted({event["action"] for event in facts["events"]}),
            "result.state": chance.choice(guide.vocabulary.states),
            "result.on_time": chance.random() < 0.5,
            "result.late_elsewhere": chance.choice((0, 1, 3)),
        }


def _answer(chance: Random, kind: FactKind) -> Any:  # noqa: ANN401  # whatever the schema asks for
    if kind.type == "texts":
        choices = kind.choices or (("es", "mam") if kind.name == "language" else LETTERS)
        return chance.sample(choices, chance.randint(0, min(3, len(choices))))
    if kind.type == "int":
        return chance.choice((-1, 0, 35, 36, 191, 192, 215, 216, 360))
    if kind.type == "date":
        return "2026-02-05"
    if kind.type == "date-time":
        return AT
    return chance.choice(kind.choices or LETTERS)


def _evidence(chance: Random, guide: Guide) -> dict[str, Any]:
    share = chance.choice((0.1, 0.5, 0.9, 1.0))
    return {
        key: {"done": True, "at": AT, "by_role": chance.choice(entry.attest)}
        for key, entry in guide.evidence.items()
        if chance.random() < share
    }
