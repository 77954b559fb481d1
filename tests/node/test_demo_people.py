"""Show that in the demonstration a guardian has a child, oversight a sample, and that filling twice adds nothing."""

import pytest

from amparo.access.actions import invite_person
from amparo.access.actor import acting_as
from amparo.access.queries import actor_of
from amparo.access.roles import Role
from amparo.cases.sampling import samples
from amparo.cases.ties import my_cases
from amparo.node.demo.fill import PEOPLE, _draw_sample, _name_guardian
from tests.factories import a_case, agency

pytestmark = pytest.mark.django_db


def test_a_guardian_reads_of_one_child_and_oversight_of_three() -> None:
    cases = {a_case(label=f"n{number}") for number in range(4)}
    for short, name, code, role in PEOPLE["mx"]:
        if role in ("supervisor", "guardian", "oversight"):
            agency(code)
            invite_person(
                email=f"{short}@mx.example",
                password="una frase larga",
                name=name,
                agency=code,
                role=Role(role),
            )

    for _ in range(2):
        _name_guardian("mx")
        _draw_sample("mx")

    guardian, overseer = actor_of("teresa@mx.example"), actor_of("olga@mx.example")
    with acting_as(guardian):
        hers = {line.id for line in my_cases(guardian)}
    with acting_as(overseer):
        (drawn,) = samples(overseer)
        open_to_her = {line.id for line in my_cases(overseer)}
    assert len(hers) == 1
    assert (drawn.size, drawn.out_of, drawn.holds) == (3, 4, True)
    assert hers | open_to_her <= cases


def test_each_side_of_each_country_has_somebody_to_sign_in_as_and_no_administrator_is_missing() -> None:
    roles = {node: {role for *_rest, role in people} for node, people in PEOPLE.items()}

    assert "migration-officer" in roles["mx"] & roles["hn"]
    assert {"administrator", "guardian", "oversight"} <= roles["mx"]
