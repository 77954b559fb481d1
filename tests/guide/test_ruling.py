"""Hold what is remembered of obligations to what they say, and its memory to its limit."""

from dataclasses import replace

import pytest

from amparo.guide import evaluate, load, ruling
from amparo.guide.facts import read_case
from amparo.guide.moment import stand
from amparo.guide.ruling import bits_of, rulings_of, verdict
from bench.fact_documents import fact_documents
from tests.guide.cases import done, facts, the_guide


def test_every_bit_stands_for_one_thing() -> None:
    bits = bits_of(the_guide())

    every = [
        bit for part in (bits.conditions, bits.entries, bits.actions, bits.facts) for bit in part.values()
    ]

    assert all(bit.bit_count() == 1 for bit in every)
    assert len({ruling.ALWAYS, *every}) == len(every) + 1


def test_a_verdict_is_found_again_where_only_others_stand_otherwise() -> None:
    guide = replace(the_guide())
    case = read_case(guide, facts())
    standing = stand(guide, case, at=case.on).standing
    one = rulings_of(guide)["legal-aid"]

    elsewhere = verdict(one, standing ^ (bits_of(guide).untold & ~one.decides))

    assert elsewhere is verdict(one, standing)
    assert verdict(one, standing & ~one.applies).status.state == "not-applicable"
    assert len(one.remembered) == 2


def test_forgetting_verdicts_changes_nothing_and_keeps_the_memory_flat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remembers, forgets = load("MX"), replace(load("MX"))
    documents = list(fact_documents(remembers, 60, seed=3))
    told = [evaluate(remembers, document) for document in documents]
    monkeypatch.setattr(ruling, "_REMEMBERED", 2)

    again = [evaluate(forgets, document) for document in documents]

    assert again == told
    assert max(len(one.remembered) for one in rulings_of(forgets).values()) == 2


@pytest.mark.parametrize("first", [0, 1])
def test_one_instant_written_in_two_offsets_is_done_on_two_days(first: int) -> None:
    today, tomorrow = "2026-03-02T23:30:00-06:00", "2026-03-03T05:30:00Z"
    keys = sorted(the_guide().evidence)[:2]
    evidence = {
        **done(keys[first], at=today if first == 0 else tomorrow),
        **done(keys[1 - first], at=tomorrow if first == 0 else today),
    }
    case = read_case(the_guide(), facts(evidence=evidence))

    counted = stand(the_guide(), case, at=case.on).counted

    assert list(counted) == [key for key in evidence if evidence[key]["at"] == today]


def test_an_entry_of_the_instant_of_an_act_counts_in_whatever_offset() -> None:
    key = min(the_guide().evidence)
    evidence = done(key, at="2026-03-02T06:00:00-06:00")
    act = {"action": "place", "at": "2026-03-02T12:00:00Z"}
    case = read_case(the_guide(), facts(evidence=evidence, events=[act]))

    at_the_act = stand(the_guide(), case, at=case.events[0].at, action="place")

    assert list(at_the_act.counted) == [key]
