"""Hold the code to the table of safeguards: one door for every act, and no way around it."""

import ast
from collections.abc import Iterator

from amparo.node.safeguards import DOORS, JUDGED, NO_ACT, SITES
from tests.safeguards.calls import Function, functions, lines_of
from tests.safeguards.writers import writers


def short(name: str) -> str:
    return name.rpartition(".")[2]


def mentioned_by(name: str) -> set[str]:
    """Return the functions that mention another."""
    return {each.name for each in functions().values() if name in each.mentions}


def writing_acts() -> Iterator[str]:
    """Name every function that makes an entry of an act."""
    for name, each in functions().items():
        if any(_is(node, "EntryKind", "ACTION") for node in ast.walk(each.node)):
            yield name


def _is(node: ast.AST, root: str, leaf: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == leaf
        and isinstance(node.value, ast.Name)
        and node.value.id == root
    )


def test_every_function_that_writes_is_a_door_or_says_why_it_is_none() -> None:
    declared = {*DOORS, *NO_ACT, *JUDGED} | SITES.keys()

    undeclared = writers().keys() - declared
    gone = {name for name in declared if name not in functions() and name not in JUDGED}

    assert undeclared == set(), "add it to amparo/node/safeguards.py: which act does it do, or why none?"
    assert gone == set(), "amparo/node/safeguards.py names functions that are no longer there"


def test_nothing_is_both_a_door_and_harmless() -> None:
    assert not DOORS.keys() & NO_ACT.keys()
    assert not SITES.keys() & NO_ACT.keys()
    assert all(len(reason) > 40 for reason in NO_ACT.values())


def test_only_its_doors_lead_to_the_place_where_an_act_is_written() -> None:
    for site, doors in SITES.items():
        assert mentioned_by(site) == set(doors), site


def test_every_door_asks_the_guide_before_it_acts() -> None:
    for site, doors in SITES.items():
        for name in doors:
            asked = lines_of(functions()[name], DOORS[name].asks)
            done = lines_of(functions()[name], short(site))
            assert asked, f"{name} does not ask {DOORS[name].asks}"
            assert done, f"{name} does not lead to {site}"
            assert asked[0] < done[0], f"{name} acts before it asks"


def test_what_a_door_asks_ends_in_the_guide() -> None:
    asking = {
        "require_free": "amparo.cases.actions.require_free",
        "_to_be_lifted": "amparo.cases.overriding._to_be_lifted",
        "perform_act": "amparo.cases.actions.perform_act",
        # Asked of the database: a clearance stands only where the Guide was asked, and bars nothing since.
        "require_clearance": "amparo.custody.recording.require_clearance",
    }

    assert {door.asks for door in DOORS.values()} == asking.keys()
    assert asks_the_guide(functions()[asking["require_free"]])
    assert asks_the_guide(functions()[asking["_to_be_lifted"]])
    assert "amparo.cases.actions.require_free" in functions()[asking["perform_act"]].mentions
    asked = functions()[asking["require_clearance"]].mentions
    assert "amparo.custody.queries.standing_clearance" in asked


def asks_the_guide(function: Function) -> bool:
    """Test whether a function judges the case as it stands and takes the Guide's refusals of it."""
    judged = function.mentions & {"amparo.cases.evaluation.judge", "amparo.cases.evaluation.judge_for"}
    refused = function.mentions & {"amparo.guide.refusals", "amparo.cases.override_rules.stands_against"}
    return bool(judged) and bool(refused)


def test_acts_are_written_in_the_declared_places_only() -> None:
    sites = {"amparo.cases.actions.write_act", "amparo.cases.actions.report_found"}

    assert set(writing_acts()) == sites
    assert sites <= SITES.keys() | JUDGED.keys()


def test_a_case_is_let_go_in_one_place_only() -> None:
    assigning = {
        name
        for name, each in functions().items()
        for node in ast.walk(each.node)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Attribute) and target.attr == "released_at" for target in node.targets)
    }

    assert assigning == {"amparo.cases.actions.release_case"}


def test_a_record_is_sent_in_one_place_only() -> None:
    proposing = {
        name
        for name in mentioned_by("amparo.exchange.outbox.write_message")
        if any(_is(node, "Move", "PROPOSE") for node in ast.walk(functions()[name].node))
    }

    assert proposing == {"amparo.exchange.proposing._send"}
    keeping = {
        name
        for name in mentioned_by("amparo.exchange.models.Outgoing")
        if any(called == "create" for called in calls_of(functions()[name]))
    }
    assert keeping == {"amparo.exchange.outbox._keep"}


def test_records_of_children_are_written_in_their_own_room_only() -> None:
    records = {f"amparo.cases.models.{name}" for name in ("Case", "Entry", "Standing", "Gate")}

    elsewhere = {
        name
        for name, each in functions().items()
        if not name.startswith("amparo.cases.") and each.mentions & records
    }

    assert elsewhere == set()


def calls_of(function: Function) -> set[str]:
    """Return the last names of what a function calls."""
    calls = (node.func for node in ast.walk(function.node) if isinstance(node, ast.Call))
    return {called.attr for called in calls if isinstance(called, ast.Attribute)}
