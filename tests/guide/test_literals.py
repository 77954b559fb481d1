"""Find the words in a condition that name nothing: answers, entries, actions."""

from collections.abc import Mapping

import pytest

from amparo.guide import load
from amparo.guide.document import region
from amparo.guide.literals import Known, faults, known_to
from amparo.guide.loading import conditions_of
from tests.guide.test_loading import changed, refused

KNOWN = known_to(region(), load().facts)


def told(said: str, known: Known = KNOWN) -> list[str]:
    return [problem.reason for problem in faults("here", said, known)]


def test_every_word_in_the_conditions_of_the_guide_exists() -> None:
    assert [
        problem for place, said in conditions_of(region()) for problem in faults(place, said, KNOWN)
    ] == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("facts.age_status == 'chid'", "chid is no answer to age_status; like it: child"),
        ("'chid' == facts.age_status", "chid is no answer to age_status"),
        ("facts.age_status in ['child', 'adlt-established']", "adlt-established is no answer to age_status"),
        ("!(facts.age_status in ['Child'])", "Child is no answer to age_status"),
        ("'retrun' in facts.decision_kind", "retrun is no answer to decision_kind; like it: return"),
        ("facts.decision_kind.exists(d, d == 'retrun')", "retrun is no answer to decision_kind"),
        ("facts.decision_kind.all(d, d in ['return', 'home'])", "home is no answer to decision_kind"),
        ("'age-setled' in evidence.done", "age-setled is no known evidence entry; like it: age-settled"),
        ("['age-setled'].exists(e, e in evidence.done)", "age-setled is no known evidence entry"),
        ("evidence.done.exists(e, e == 'age-setled')", "age-setled is no known evidence entry"),
        ("'return' in events.done", "return is no known action; like it: return-child"),
        ("['place', 'retrun'].exists(a, a in events.done)", "retrun is no known action"),
        ("result.state == 'done'", "done is no known state; like it: not-applicable, guarding, open"),
        ("facts.country == 'Honduras'", "Honduras can never be an answer to country"),
        ("'hn' in facts.fear_countries", "hn can never be an answer to fear_countries"),
        ("facts.bia_at == 'yesterday'", "yesterday can never be an answer to bia_at"),
        ("facts.age_in_months > 3600", "age_in_months lies between -1 and 360, never at 3600"),
        ("facts.age_status > 'child'", "texts have no order: write it with ==, != or in"),
        ("facts.bia_at < facts.on", "texts have no order: write it with ==, != or in"),
    ],
)
def test_word_that_names_nothing_is_told_with_what_is_like_it(said: str, reason: str) -> None:
    found = told(said)

    assert len(found) == 1
    assert found[0].startswith(reason)


@pytest.mark.parametrize(
    "said",
    [
        "facts.bia_at == ''",
        "facts.bia_at != '2026-03-02'",
        "facts.country == 'HN'",
        "facts.age_in_months < 0",
        "size(facts.needs_now) > 2",
        "result.late_elsewhere > 0",
        "facts.decision_kind.exists(d, d in ['return', 'age'])",
        "['age-settled'].all(e, e in evidence.done)",
    ],
)
def test_word_that_names_something_is_taken(said: str) -> None:
    assert told(said) == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"applies": "facts.age_status == 'chid'"}, "legal-aid.applies"),
        ({"due": "'chid' in evidence.done"}, "legal-aid.due"),
        ({"reopen_while": "'chid' in events.done"}, "legal-aid.reopen_while"),
        (
            {"hold_while": {"return-child": "'chid' in facts.decision_kind"}},
            "legal-aid.hold_while.return-child",
        ),
    ],
)
def test_guide_with_a_mistyped_word_is_not_loaded(fields: Mapping[str, object], place: str) -> None:
    found = refused(changed("legal-aid", **fields))

    assert place in found
    assert "chid is no" in found


def test_guide_with_a_condition_nobody_can_read_out_is_not_loaded() -> None:
    found = refused(changed("legal-aid", due="facts.age_status.startsWith('ch')"))

    assert (
        "legal-aid.due (1:18): startsWith is not known here; write it with exists, all, in or size" in found
    )
