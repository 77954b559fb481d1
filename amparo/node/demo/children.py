"""Fill a node with synthetic children in many situations, always the same ones for the same day.

Names come from public lists of common names (CC0), put together by chance; no real person is meant.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency
from amparo.cases.actions import NewEntry, open_case
from amparo.cases.models import EntryKind

_GIVEN = {
    "female": (
        "Antonella",
        "Isabella",
        "Luciana",
        "Celeste",
        "Gabriela",
        "Valeria",
        "Camila",
        "Mariana",
        "Ximena",
    ),
    "male": (
        "Santiago",
        "Mateo",
        "Sebastián",
        "Leonardo",
        "Diego",
        "Emiliano",
        "Daniel",
        "Gabriel",
        "Alejandro",
    ),
}
_FAMILY = ("García", "Hernández", "López", "Martínez", "González", "Pérez", "Rodríguez", "Sánchez", "Ramírez")
_ORIGINS = ("HN", "GT", "SV", "VE", "HT", "EC", "NI")

_FACT, _DONE, _ACT = EntryKind.FACT, EntryKind.EVIDENCE, EntryKind.ACTION
_ALONE = {"accompaniment": "unaccompanied", "adult_with_child": "none"}
_SEPARATED = {"accompaniment": "separated", "adult_with_child": "relative"}

# What tells one child's story from another's; the rest is filled by chance. Each is taken in turn.
_STORIES: tuple[dict[str, Any], ...] = (
    _ALONE | {"needs_now": ["food", "rest"], "care_setting": "none"},
    _SEPARATED | {"needs_now": [], "care_setting": "emergency"},
    {
        "accompaniment": "accompanied",
        "adult_with_child": "parent",
        "needs_now": [],
        "care_setting": "with-family",
    },
    _ALONE | {"needs_now": [], "care_setting": "residential"},
    {
        "age_status": "doubtful",
        "accompaniment": "unknown",
        "adult_with_child": "unknown",
        "needs_now": ["medical"],
    },
    _ALONE | {"needs_now": [], "care_setting": "deprived-of-liberty", "found": "detain"},
    _SEPARATED | {"trafficking_or_gbv": "indicated", "needs_now": [], "care_setting": "emergency"},
    _ALONE | {"siblings_present": "present", "needs_now": [], "care_setting": "family-based"},
    _ALONE | {"language": ["mam"], "language_shared": "no", "needs_now": [], "care_setting": "emergency"},
)


def fill_with_children(*, agency: str, count: int, at: datetime, seed: int) -> None:
    """Open `count` synthetic cases taken in by an agency during the days before `at`."""
    chance = random.Random(seed)  # noqa: S311 - the same children each time, on purpose
    body = Agency.objects.get(code=agency)
    for number in range(count):
        sex = chance.choice(sorted(_GIVEN))
        given, first, second = chance.choice(_GIVEN[sex]), chance.choice(_FAMILY), chance.choice(_FAMILY)
        told = {"given_names": given, "family_names": f"{first} {second}", "sex": sex}
        identity = {name: {"value": value, "source": ["child"]} for name, value in told.items()}
        since = at - timedelta(hours=chance.randint(1, 96))
        with acting_as(SYSTEM):
            open_case(
                identity=identity,
                label=given,
                entries=list(_story(_STORIES[number % len(_STORIES)], since, chance)),
                source="demonstration",
                by=SYSTEM,
                agency=body.pk,
            )


def _story(story: dict[str, Any], since: datetime, chance: random.Random) -> Iterator[NewEntry]:
    """Yield the facts of one child, and what was done or found."""
    facts = {
        "first_contact_at": since.isoformat(),
        "met_by": chance.choice(("civil-society", "border", "police")),
        "origin_country": chance.choice(_ORIGINS),
        "age_status": "child",
        "age_in_months": chance.randint(48, 210),
        "at_border": "no",
        "arrival_context": "land",
        "language": ["es"],
        "language_shared": "yes",
        "fear_or_risk": chance.choice(("stated", "indicated", "unknown")),
    } | {name: value for name, value in story.items() if name != "found"}
    for name, value in facts.items():
        yield NewEntry(_FACT, name, since, clear=value)
    for key in ("contact-recorded", "identity-as-told"):
        yield NewEntry(_DONE, key, since, clear={"done": True, "by_role": "first-contact-officer"})
    if "found" in story:
        clear = {"by_role": "migration-authority", "override": "none", "found": True}
        yield NewEntry(_ACT, story["found"], since + timedelta(minutes=30), clear=clear)
