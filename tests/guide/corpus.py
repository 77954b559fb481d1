"""Make the one corpus that both engines have to answer alike: some three thousand invented cases, always the same.

Every answer of every fact, every evidence key by a role that may attest it and by one that may not, every action
and override, odd days and offsets, several countries, and a trial overlay that sets every deadline. No real child.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from amparo.guide import FactKind, Guide
from amparo.guide.document import Raw, region
from tests.guide.cases import examples, the_guide

TRIAL = "overlays/ZZ.json"
_LENGTHS = ("P1M", "P3M", "PT24H", "P2D", "P1Y", "P1M15D", "PT1H30M", "P2W", "PT90S", "P11M", "PT1S")
_DAYS = ("2024-02-29", "2025-12-31", "2026-03-02", "2026-03-31", "2026-10-30", "2027-01-01")
_OFFSETS = ("Z", "z", "-06:00", "+05:45", "+14:00", "-11:30", "+00:00", "-00:00")
_TIMES = ("00:00:00", "23:59:59", "12:00:00", "08:30:00.5", "23:59:59.999999", "05:59:59.123456789")
_COUNTRIES = ("MX", "HN", "GT", "ZZ", "NO")
_OVERRIDES = ("none", "none", "emergency", "two-person")
# A deadline of the region may only be shortened; this one is shorter than any that a source states.
_SHORT = "P1M"


@dataclass(frozen=True)
class Asked:
    """One case to be judged by a published Guide, and what is asked about it."""

    key: str
    guide: str
    country: str
    facts: dict[str, Any]
    at: str | None = None
    first_due: dict[str, str] = field(default_factory=dict)
    may: tuple[dict[str, str | None], ...] = ()


def trial_overlay() -> Raw:
    """Return an overlay that sets every deadline, asks in rounds, and adds obligations of its own."""
    amended = []
    for at, (key, raw) in enumerate(region().obligations.items()):
        length = _SHORT if raw["deadline"] else _LENGTHS[at % len(_LENGTHS)]
        amended.append({"id": key, "deadline": length, **({"recurring": True} if at % 4 == 0 else {})})
    return {
        "overlay": {"country": "ZZ", "version": "0.0.1-trial", "status": "trial"},
        "coming_of_age_horizon": "P1Y6M",
        "evidence": {
            "zz-entry": {
                "label": {"en": "An entry of the trial"},
                "attest": ["supervisor"],
                "proof": "record",
                "needed_when": "size(facts.needs_now) != 1 && facts.health_needs != 'none'",
            }
        },
        "obligations": [*amended, *_odd_obligations()],
    }


def _odd_obligations() -> Iterator[Raw]:
    pattern = region().obligations["appoint-guardian"]
    shared = {name: pattern[name] for name in ("title", "tasks", "duty_bearer", "sources", "indicator")}
    shared |= {"stage": pattern["stage"], "applies_when": "in the trial", "facts": [], "severity": "hard"}
    yield {
        **shared,
        "id": "zz-loops",
        "applies": "facts.language.all(l, l != 'mam') || size(facts.decision_kind) > 1",
        "due": "facts.fear_countries.exists(c, c != facts.country) || size(facts.needs_now) > 1",
        "requires": ["guardian-appointed", "zz-entry"],
        "after": ["views-or-silence-recorded"],
        "after_on": ["place", "hand-over"],
        "deadline": "PT36H",
        "clock": "coming-of-age",
        "blocks": ["close-case", "interview", "adopt"],
        "gate": {"interview": ["zz-entry"]},
        "block_when": {"adopt": "facts.age_in_months < 0 || facts.age_in_months >= 36"},
        "hold_while": {
            "*": "facts.needs_now.exists(n, n in ['food', 'water'])",
            "adopt": "facts.missing != 'no'",
        },
        "reopen_while": "'age' in facts.decision_kind && !('mam' in facts.language)",
        "override": "two-person",
    }
    yield {
        **shared,
        "id": "zz-rounds",
        "applies": "['detain', 'place'].exists(a, a in events.done) || facts.asylum != 'applied'",
        "due": "'needs-screened' in evidence.done || facts.at_border == 'yes'",
        "requires": ["zz-entry", "guardian-appointed"],
        "deadline": "P1M",
        "clock": "since-due",
        "recurring": True,
        "blocks": ["interview"],
        "override": "emergency",
    }
    yield {
        **shared,
        "id": "zz-absolute",
        "applies": "facts.origin_country == facts.destination_country || facts.age_in_months <= 191",
        "requires": ["zz-entry"],
        "deadline": None,
        "clock": "decision-issued",
        "blocks": ["contact-family"],
        "absolute": True,
        "override": "none",
    }


def corpus(count: int = 3000, *, seed: int = 20260302) -> list[Asked]:
    """Return `count` cases: the examples, every single value and entry, the rest by chance with a fixed seed."""
    chance = Random(seed)  # invented cases, not secrets
    made = (
        *_examples(),
        *_every_answer(),
        *_every_entry(chance),
        *_acts_before_closing(),
    )
    return [*made, *islice(_by_chance(chance), max(0, count - len(made)))]


def _examples() -> Iterator[Asked]:
    for name, example in examples().items():
        facts = example["facts"]
        for guide in ("guide.json", "overlays/MX.json", TRIAL):
            yield Asked(f"example {name} {guide}", guide, facts["country"], facts)


def _every_answer() -> Iterator[Asked]:
    ana = examples()["01-ana-first-contact"]["facts"]
    for name, kind in the_guide().facts.items():
        for value in answers_of(kind):
            for base in ({"on": "2026-03-02", "country": "MX"}, ana):
                said = ", ".join(value) if isinstance(value, list) else value
                key = f"answer {name}={said} {'on Ana' if base is ana else 'alone'}"
                yield Asked(key, TRIAL if base is ana else "guide.json", "MX", {**base, name: value})


def _every_entry(chance: Random) -> Iterator[Asked]:
    guide = the_guide()
    ana = examples()["02-ana-next-day"]["facts"]
    for key, entry in guide.evidence.items():
        for who, role in (
            ("attests", chance.choice(entry.attest)),
            ("any", chance.choice(guide.vocabulary.roles)),
        ):
            facts = {**ana, "evidence": {**ana.get("evidence", {}), key: _entry(chance, role)}}
            yield Asked(f"entry {key} by {role} ({who})", TRIAL, "MX", facts)


def _acts_before_closing() -> Iterator[Asked]:
    """Walk through closings at the instant of an act and a second later, with all done but what the act asks for."""
    guide, early = the_guide(), "2026-02-20T09:00:00-06:00"
    ana = examples()["01-ana-first-contact"]["facts"]
    for key, obligation in guide.obligations.items():
        kept = {name: each for name, each in guide.evidence.items() if name not in obligation.after}
        done = {name: {"done": True, "at": early, "by_role": each.attest[0]} for name, each in kept.items()}
        for act in obligation.after_on:
            for closed in ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"):
                events = [
                    {"action": act, "at": "2026-03-01T10:00:00Z"},
                    {"action": "close-case", "at": closed},
                ]
                facts = {**ana, "evidence": done, "events": events}
                yield Asked(f"closing {key} {act} {closed}", "guide.json", "MX", facts)


def answers_of(kind: FactKind) -> list[Any]:
    """Return every answer of a fact, or where they are endless some that differ."""
    some: dict[str, list[Any]] = {
        "int": [-1, 0, 1, 35, 36, 190, 191, 192, 198, 215, 216, 360],
        "date": list(_DAYS),
        "date-time": [_moment(Random(at)) for at in range(8)],
    }
    if kind.type == "texts":
        single = kind.choices or (("es", "mam", "en-US") if kind.name == "language" else _COUNTRIES)
        return [[], *([choice] for choice in single), list(single[:3])]
    return some.get(kind.type) or list(kind.choices or _COUNTRIES)


# ---- by chance ---------------------------------------------------------------------------------


def _by_chance(chance: Random) -> Iterator[Asked]:
    guide, number = the_guide(), 0
    while True:
        number += 1
        published = chance.choices(
            (TRIAL, "guide.json", "overlays/MX.json", "overlays/HN.json"), (5, 3, 1, 1)
        )[0]
        country = chance.choice(_COUNTRIES)
        facts = {
            **_facts(chance, guide),
            "on": chance.choice(_DAYS),
            "country": country,
            "evidence": _evidence(chance, guide),
            "events": _events(chance, guide),
        }
        yield Asked(
            f"chance {number}",
            published,
            country,
            facts,
            at=_moment(chance) if chance.random() < 0.3 else None,
            first_due=_first_due(chance, guide) if chance.random() < 0.5 else {},
            may=tuple(_use(chance, guide) for _ in range(3)),
        )


def _facts(chance: Random, guide: Guide) -> dict[str, Any]:
    density = chance.choice((0.1, 0.5, 0.9, 1.0))
    known = {name: kind for name, kind in guide.facts.items() if chance.random() < density}
    return {name: chance.choice(answers_of(kind)) for name, kind in known.items()} | (
        # Most cases are children's: an adult's case says little.
        {"age_status": chance.choice(("child", "unknown", "doubtful"))} if chance.random() < 0.7 else {}
    )


def _evidence(chance: Random, guide: Guide) -> dict[str, Any]:
    density = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    found = {}
    for key, entry in guide.evidence.items():
        if chance.random() < density:
            right = chance.random() < 0.95
            found[key] = _entry(chance, chance.choice(entry.attest if right else guide.vocabulary.roles))
    return found | ({"outside-the-catalogue": _entry(chance, "system")} if chance.random() < 0.1 else {})


def _entry(chance: Random, role: str) -> dict[str, Any]:
    note = {"note": "checked"} if chance.random() < 0.1 else {}
    return {"done": chance.random() < 0.95, "at": _moment(chance), "by_role": role, **note}


def _events(chance: Random, guide: Guide) -> list[dict[str, Any]]:
    found = [_event(chance, guide) for _ in range(chance.choice((0, 0, 1, 2, 6)))]
    if len(found) == 2:  # of two acts at the same instant neither came before the other
        found[0]["action"] = chance.choice(("issue-bid", "place", "reunify", "return-child", "hand-over"))
        found[1] |= {"action": "close-case", "at": found[0]["at"]}
    return found


def _event(chance: Random, guide: Guide) -> dict[str, Any]:
    event = {"action": chance.choice(list(guide.vocabulary.actions)), "at": _moment(chance)}
    if chance.random() < 0.8:
        event["override"] = chance.choice(_OVERRIDES)
    if chance.random() < 0.8:
        event["by_role"] = _role(chance, guide)
    return event


def _use(chance: Random, guide: Guide) -> dict[str, str | None]:
    action = chance.choice(list(guide.vocabulary.actions))
    role = None if chance.random() < 0.2 else _role(chance, guide)
    return {"action": action, "override": chance.choice(_OVERRIDES), "by_role": role}


def _role(chance: Random, guide: Guide) -> str:
    return chance.choice(("child-protection-authority", *guide.vocabulary.roles, "unknown"))


def _first_due(chance: Random, guide: Guide) -> dict[str, str]:
    return {key: _moment(chance) for key in guide.obligations if chance.random() < 0.5}


def _moment(chance: Random) -> str:
    day = chance.choice((*_DAYS, "2026-01-31", "2026-02-27", "2023-11-30", "2026-03-01", "2026-03-03"))
    return f"{day}T{chance.choice(_TIMES)}{chance.choice(_OFFSETS)}"
