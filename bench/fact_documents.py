"""Make as many different fact documents as asked for: the examples of the Guide, each changed at random by a seed.

A stream: no more than one document is in memory. Every document fits the facts schema.
"""

import random
from collections.abc import Iterator
from typing import Any

from amparo.guide import Guide
from amparo.guide.document import DATA
from amparo.guide.reading import read_file

_CHANGED, _WITHDRAWN, _ADDED = 6, 0.2, 4  # facts changed, share of evidence dropped, entries added


def fact_documents(guide: Guide, count: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield `count` fact documents, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    examples = [read_file(path)["facts"] for path in sorted((DATA / "examples").glob("*.yaml"))]
    choices = {
        name: kind.choices for name, kind in guide.facts.items() if kind.choices and kind.type == "text"
    }
    names, keys = sorted(choices), sorted(guide.evidence)
    for at in range(count):
        facts = dict(examples[at % len(examples)])
        for name in chance.sample(names, _CHANGED):
            facts[name] = chance.choice(choices[name])
        facts["age_in_months"] = chance.randint(-1, 230)
        facts["evidence"] = _evidence(guide, facts, chance, chance.sample(keys, _ADDED))
        yield facts


def _evidence(guide: Guide, facts: dict[str, Any], chance: random.Random, added: list[str]) -> dict[str, Any]:
    kept = {key: raw for key, raw in facts.get("evidence", {}).items() if chance.random() > _WITHDRAWN}
    moment = f"{facts['on']}T{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:00Z"
    new = {
        key: {"done": True, "at": moment, "by_role": chance.choice(guide.evidence[key].attest)}
        for key in added
    }
    return {**kept, **new}
