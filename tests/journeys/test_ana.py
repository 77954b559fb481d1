"""Run Ana's journey as a test: two country nodes and the secretariat, every step over HTTP."""

from pathlib import Path

import pytest

from amparo.node.demo.town import bring_up, remove
from tests.journeys.ana import CHILDREN, Journey
from tests.journeys.people import StepFailed, Told

PORTS = {"region": 8520, "mx": 8521, "hn": 8522}
STEPS = 31


@pytest.mark.journey
def test_every_step_of_anas_journey_holds(tmp_path: Path) -> None:
    folder, told = tmp_path / "town", Told()
    town = bring_up(folder, ports=PORTS, children=CHILDREN)
    try:
        Journey(town, told).walk()
    finally:
        town.stop()
        remove(folder)

    assert len(told.steps) == STEPS


def test_a_step_that_does_not_hold_stops_the_journey() -> None:
    with pytest.raises(StepFailed, match="the interview is blocked"):
        Told(say=lambda _: None).holds("the interview is blocked", seen=False, instead="200")
