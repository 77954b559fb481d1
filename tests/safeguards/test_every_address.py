"""Show that no page and no operation of the API reaches what the Guide blocks, whoever calls it and however."""

from collections import Counter

import pytest
from django.db import transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.cases.evaluation import this_guide
from amparo.cases.models import Entry, EntryKind, Override
from tests.safeguards.addresses import PARAMETERS, addresses, patterns
from tests.safeguards.callers import ACT, SIGNED_IN, WIDE
from tests.safeguards.effects import counted, harm
from tests.safeguards.setting import Setting
from tests.safeguards.trying import WAYS, Tried, everything

CALLERS = (*sorted(SIGNED_IN), "nobody", "telephone")


@pytest.fixture(scope="module")
def tries(setting: Setting) -> dict[str, list[Tried]]:
    """Everything that everybody tried, by caller; made when first asked for."""
    return {}


def tried_by(who: str, setting: Setting, tries: dict[str, list[Tried]]) -> list[Tried]:
    if who not in tries:
        some = [each for each in addresses(setting.world) if each.for_all or who in WIDE]
        tries[who] = everything(setting.callers[who], some, setting.was)
    return tries[who]


def test_the_child_is_protected_from_nearly_every_act(setting: Setting) -> None:
    blocked = setting.world.blocked

    assert len(blocked[setting.world.ana]) >= 18
    assert all({"send-record", "hand-over"} <= blocked[case] for case in setting.world.sent_cases.values())


def test_every_address_is_tried_and_none_is_listed_that_is_gone(setting: Setting) -> None:
    known = Counter(name for name, _pattern, _route in patterns())

    tried = {each.name for each in addresses(setting.world)}

    assert tried == known.keys()
    assert set(PARAMETERS) <= known.keys()
    assert [name for name, times in known.items() if times > 1] == []
    acts = {each.act for each in addresses(setting.world) if each.name == "desk:act"}
    assert acts == set(this_guide().vocabulary.actions)


@pytest.mark.parametrize("who", CALLERS)
def test_nobody_reaches_a_blocked_effect(who: str, setting: Setting, tries: dict[str, list[Tried]]) -> None:
    tried = tried_by(who, setting, tries)

    harmed = [(one.address.path, one.how, one.harm) for one in tried if one.harm]

    assert harmed == []


@pytest.mark.parametrize("who", CALLERS)
def test_no_address_breaks(who: str, setting: Setting, tries: dict[str, list[Tried]]) -> None:
    tried = tried_by(who, setting, tries)

    broken = [(one.address.path, one.how, one.statuses) for one in tried if max(one.statuses) >= 500]

    assert broken == []


@pytest.mark.parametrize("who", sorted(SIGNED_IN))
def test_every_try_at_a_blocked_act_stands_on_the_trail(
    who: str, setting: Setting, tries: dict[str, list[Tried]]
) -> None:
    barred = setting.world.blocked[setting.world.ana]

    acts = [
        one
        for one in tried_by(who, setting, tries)
        if one.address.name == "desk:act" and one.address.act in barred and one.how != "other verbs"
    ]

    assert len(acts) == 2 * len(barred)
    assert [one.address.path for one in acts if not one.refused] == []
    assert who not in ACT or all(one.act_refused for one in acts)


def test_the_tries_reach_what_people_may_do(setting: Setting, tries: dict[str, list[Tried]]) -> None:
    wrote = {
        one.address.name
        for who in ("caseworker", "supervisor")
        for one in tried_by(who, setting, tries)
        if one.wrote and one.how == "fill in"
    }

    assert wrote >= {
        "desk:act", "desk:attest", "desk:fact", "desk:words", "desk:found", "desk:withdraw", "desk:incident",
        "desk:override-new", "desk:override-step", "desk:transfer-move",
    }  # fmt: skip


def test_no_sequence_of_people_lifts_what_is_never_lifted(setting: Setting) -> None:
    never = this_guide().vocabulary.never_lifted
    some = [
        each
        for each in addresses(setting.world)
        if each.name in ("desk:act", "desk:override-new") and each.act in (*never, "interview")
    ]
    people = [setting.callers[who] for who in ("first contact", "caseworker", "supervisor")]

    # Nothing is undone in between: each finds what the one before has left.
    with transaction.atomic():
        for caller in people:
            for each in some:
                list(WAYS["smuggle"](caller, each))
        done = harm(setting.was, counted(), may_find=False)
        with acting_as(SYSTEM):
            signed = set(Override.objects.values_list("action", flat=True))
            acts = Entry.objects.filter(kind=EntryKind.ACTION, case_id=setting.world.ana)
            names = set(acts.values_list("name", flat=True))
        transaction.set_rollback(True)

    assert done == []
    assert signed, "no override could be signed at all: this tries nothing"
    assert not signed & set(never)
    assert not names & set(never)
