"""Hold every command, task and handler of messages to the table of safeguards: none leads past a door."""

import argparse
import importlib
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from procrastinate.contrib.django import app

from amparo.cli import ROOMS
from amparo.node.safeguards import COMMANDS, DOORS, JUDGED, LOCKS, SITES, TASKS
from amparo.node.safeguards_page import safeguards_page
from tests.safeguards.addresses import patterns
from tests.safeguards.calls import functions, reachable
from tests.safeguards.effects import counted, harm
from tests.safeguards.setting import Setting

COMMAND_MODULES = {module for module, _summary in ROOMS.values()}
# Where background work and messages from outside come in.
HANDLERS = (
    "amparo.api.envelopes", "amparo.cases.intake", "amparo.cases.tasks", "amparo.exchange.delivery",
    "amparo.exchange.hearing", "amparo.exchange.inbox", "amparo.exchange.tasks", "amparo.field.openrosa",
)  # fmt: skip


def commands() -> Iterator[str]:
    """Yield every command with its sub-commands, from the parsers themselves."""
    for room, (module, _summary) in ROOMS.items():
        parser = argparse.ArgumentParser(prog=room)
        importlib.import_module(module).add_arguments(parser)
        yield from leaves(parser, room)


def leaves(parser: argparse.ArgumentParser, words: str) -> Iterator[str]:
    """Yield the commands under a parser; one without sub-commands is a command itself."""
    choices = [each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not choices:
        yield words
    for found in choices:
        for name, inner in found.items():
            yield from leaves(inner, f"{words} {name}")


def within(module: str) -> set[str]:
    """Return every function of a module: a table in it may lead to any of them."""
    return {name for name in functions() if name.startswith(f"{module}.")}


def test_every_command_is_declared_with_a_reason_and_none_that_is_gone() -> None:
    assert set(commands()) == COMMANDS.keys(), "say in amparo/node/safeguards.py why it does no act"
    assert all(len(reason) > 30 for reason in COMMANDS.values())


def test_every_task_is_declared_with_a_reason_and_none_that_is_gone() -> None:
    # Importing the tasks registers them, as the worker does.
    for module in (name for name in HANDLERS if name.endswith(".tasks")):
        importlib.import_module(module)

    assert app.tasks.keys() == TASKS.keys(), "say in amparo/node/safeguards.py why it does no act"
    assert all(len(reason) > 30 for reason in TASKS.values())


@pytest.mark.parametrize("module", sorted(COMMAND_MODULES) + list(HANDLERS))
def test_no_command_task_or_handler_leads_to_an_act(module: str) -> None:
    reached = reachable(within(module))

    assert within(module), module
    assert reached & (DOORS.keys() | SITES.keys()) == set()


def test_no_page_leads_to_an_act_but_through_a_door() -> None:
    views = {pattern.lookup_str for _name, pattern, _route in patterns()}

    ours = {view for view in views if view.startswith("amparo.")}

    assert len(ours) > 40
    modules = {view.rpartition(".")[0] for view in ours}
    starts = {name for module in modules for name in within(module)}
    assert reachable(starts) & DOORS.keys(), "the picture of the calls is empty"
    assert reachable(starts, without=DOORS.keys()) & SITES.keys() == set()


def test_the_tasks_do_no_act_in_a_world_of_blocked_cases(setting: Setting) -> None:
    nobody = setting.callers["nobody"]

    for name in ("amparo.cases.tell_stuck", "amparo.cases.reevaluate", "amparo.exchange.sweep"):
        with nobody.undone():
            app.tasks[name].func(0)
            assert harm(setting.was, counted(), may_find=False) == [], name


def test_every_lock_that_the_page_promises_is_made_by_a_schema_change() -> None:
    changes = "".join(
        each.read_text("utf-8")
        for room in ("cases", "exchange", "custody")
        for each in (files(f"amparo.{room}") / "migrations").iterdir()
        if each.name.endswith(".py")
    )

    assert [
        lock for lock in LOCKS if not re.search(rf"TRIGGER {lock}\b|name='{lock}'|name=\"{lock}\"", changes)
    ] == []


def test_the_page_for_auditors_names_every_door_lock_command_and_task() -> None:
    page = safeguards_page()

    for name in (*DOORS, *SITES, *JUDGED, *LOCKS, *TASKS, *(f"amparo {one}" for one in COMMANDS)):
        assert f"`{name}`" in page, name
