"""Show that a new version of the Guide judges every open case again and tells what it changed, with two real Guides.

Planted faults tried, each seen to turn a test here red: telling what was written since as the version's doing, a
version without its overlay.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import NotAllowed, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, incidents, models, reevaluating
from amparo.cases.evaluation import this_guide
from amparo.cases.incident_rules import change_of, states_of, version_of
from amparo.guide import GuideFaulty, OverlayWeakens, evaluate
from amparo.node.home import Home
from tests.cases.guides import PLAIN, STRICTER, another_guide
from tests.factories import a_case, a_migration_officer, an_actor
from tests.guide.cases import ana, done, the_guide

pytestmark = pytest.mark.django_db

OLD = "0.3.0-draft+MX-1.0.0"
NEW = "0.3.0-draft+MX-9.9.9"


@pytest.fixture(autouse=True)
def former_guide(node_home: Home) -> Iterator[None]:
    """Let every test begin under this node's own first overlay, whatever the product's says today."""
    with another_guide(node_home, PLAIN):
        yield


@pytest.fixture
def new_guide(node_home: Home) -> Iterator[None]:
    """Let the node judge by the stricter overlay."""
    with another_guide(node_home):
        yield


def _standing(case_id: UUID) -> models.Standing:
    with acting_as(SYSTEM):
        return models.Standing.objects.get(pk=case_id)


def _changes(case_id: UUID) -> list[models.GuideChange]:
    with acting_as(SYSTEM):
        return list(models.GuideChange.objects.filter(case_id=case_id))


def _sign(case_id: UUID, key: str) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence=key, done=True, by=worker, at=now(), entry_id=uuid7()
        )


# ---- pure ----------------------------------------------------------------------------------------


def test_a_change_names_what_opened_ended_is_barred_and_freed() -> None:
    guide = the_guide()
    before = evaluate(guide, ana())
    after = evaluate(guide, ana(evidence=done(*guide.evidence), needs_now=[]))

    change = change_of(states_of(before), before.blocked, after)
    back = change_of(states_of(after), after.blocked, before)

    assert change.ended
    assert set(change.freed) == before.blocked.keys() - after.blocked.keys()
    assert set(back.opened) == set(change.ended)
    assert set(back.barred) == set(change.freed)
    assert change_of(states_of(before), before.blocked, before).size == 0


def test_lateness_alone_is_no_change() -> None:
    evaluation = evaluate(the_guide(), ana())
    states = states_of(evaluation)
    late = {**states, "open": [], "late": states["open"]}

    assert change_of(late, evaluation.blocked, evaluation).size == 0


# ---- versions ------------------------------------------------------------------------------------


def test_a_case_names_the_version_of_guide_and_overlay() -> None:
    assert _standing(a_case()).guide_version == OLD


def test_the_overlay_of_the_home_is_the_guide_of_the_node(new_guide: None) -> None:
    assert version_of(this_guide()) == NEW
    assert _standing(a_case()).guide_version == NEW


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (STRICTER.replace("applies_when: every child", ""), GuideFaulty),
        (
            "overlay: {country: MX, version: 1.0.0, status: draft}\n"
            "obligations: [{id: no-detention, severity: soft}]\n",
            OverlayWeakens,
        ),
    ],
)
def test_a_guide_that_is_faulty_or_weaker_judges_no_case(
    node_home: Home, text: str, refusal: type[Exception]
) -> None:
    case_id = a_case()

    with another_guide(node_home, text), pytest.raises(refusal):
        reevaluating.reevaluate_open_cases()

    assert _standing(case_id).guide_version == OLD


def test_a_new_version_tells_for_each_case_what_it_changed(node_home: Home) -> None:
    case_id = a_case()

    with another_guide(node_home):
        waiting = reevaluating.count_outdated()
        judged = reevaluating.reevaluate_open_cases()

    (change,) = _changes(case_id)
    assert (waiting, judged.done, judged.finished, judged.unreadable) == (1, 1, True, ())
    assert (change.former, change.version) == (OLD, NEW)
    assert (change.opened, change.ended, change.freed) == (["mx-night-light"], [], [])
    assert AuditEntry.objects.filter(event="case.reevaluated", reasons=[OLD, NEW]).count() == 1


def test_what_the_former_version_left_free_and_the_new_one_does_not_is_told(node_home: Home) -> None:
    case_id = a_case()
    free = [act for act in this_guide().vocabulary.actions if act not in _standing(case_id).blocked]
    stricter = STRICTER.replace("blocks: [place, publish-statistics]", f"blocks: [{', '.join(free)}]")

    with another_guide(node_home, stricter):
        reevaluating.reevaluate_open_cases()

    assert free
    assert [change.barred for change in _changes(case_id)] == [free]


def test_going_back_to_the_former_version_tells_what_ended(node_home: Home) -> None:
    case_id = a_case()
    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()

    reevaluating.reevaluate_open_cases()

    back = _changes(case_id)[-1] if _changes(case_id)[-1].version == OLD else _changes(case_id)[0]
    assert (back.former, back.version, back.ended) == (NEW, OLD, ["mx-night-light"])


def test_a_second_run_finds_nothing_to_do(new_guide: None) -> None:
    a_case()

    assert reevaluating.reevaluate_open_cases().done == 0


def test_what_was_written_since_is_not_the_doing_of_the_new_version(node_home: Home) -> None:
    case_id = a_case()

    with another_guide(node_home):
        _sign(case_id, "non-custodial-care-recorded")
        _sign(case_id, "mx-night-light-given")
        again = reevaluating.reevaluate_open_cases()

    (change,) = _changes(case_id)
    assert (change.opened, change.ended, again.done) == (["mx-night-light"], [], 0)


def test_a_case_handed_over_or_closed_keeps_its_version(node_home: Home) -> None:
    released, closed, still_open = a_case(), a_case(), a_case()
    with acting_as(SYSTEM):
        models.Standing.objects.filter(pk=released).update(released=True)
        models.Standing.objects.filter(pk=closed).update(closed=True)

    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()

    assert [_standing(one).guide_version for one in (released, closed, still_open)] == [OLD, OLD, NEW]


def test_a_walk_goes_on_where_it_was_stopped(node_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reevaluating, "BATCH", 2)
    told: list[int] = []
    ids = [a_case() for _ in range(5)]

    with another_guide(node_home):
        first = reevaluating.reevaluate_open_cases(most=2)
        halfway = sum(_standing(one).guide_version == NEW for one in ids)
        second = reevaluating.reevaluate_open_cases(told=told.append)

    assert (first.done, first.finished, halfway) == (2, False, 2)
    assert (second.done, second.finished, told) == (3, True, [2])


def test_a_case_the_new_guide_cannot_read_is_named_and_holds_up_no_other(
    node_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reevaluating, "BATCH", 1)
    ids = [a_case() for _ in range(3)]
    with acting_as(SYSTEM):
        models.Entry.objects.create(
            id=uuid7(), case_id=ids[0], kind="fact", name="fear_or_risk", value="no such answer", at=now(),
            recorded_at=now(), actor=SYSTEM.id, role="system", agency="", source="test",
        )  # fmt: skip

    with another_guide(node_home):
        judged = reevaluating.reevaluate_open_cases()

    assert (judged.done, judged.unreadable, judged.finished) == (2, (ids[0],), True)


# ---- what the new version changed ----------------------------------------------------------------


def test_the_list_counts_cases_and_duties_of_the_agency(node_home: Home) -> None:
    for _ in range(3):
        a_case()
    worker, stranger = an_actor(), an_actor(Role.SUPERVISOR, "mx-albergue")

    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()
        with acting_as(worker):
            seen = incidents.version_changes(worker)
        with acting_as(stranger):
            foreign = incidents.version_changes(stranger)

    assert (seen.version, seen.cases, seen.changed) == (NEW, 3, 3)
    assert seen.counts["opened"] == (("mx-night-light", 3),)
    assert [line.opened for line in seen.lines] == [("mx-night-light",)] * 3
    assert (foreign.cases, foreign.lines) == (0, ())


def test_a_case_tells_its_own_changes(node_home: Home) -> None:
    case_id, worker = a_case(), an_actor()

    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()
        with acting_as(worker):
            (line,) = incidents.changes_in(worker, case_id)

    assert (line.former, line.version, line.opened) == (OLD, NEW, ("mx-night-light",))


def test_the_migration_side_reads_no_change(node_home: Home) -> None:
    case_id, officer = a_case(), a_migration_officer()
    with another_guide(node_home):
        reevaluating.reevaluate_open_cases()

    with acting_as(officer):
        assert models.GuideChange.objects.filter(case_id=case_id).count() == 0
        with pytest.raises(NotAllowed):
            incidents.version_changes(officer)
