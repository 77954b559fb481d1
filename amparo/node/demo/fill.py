"""Fill one demonstration node from inside: accounts, a telephone, synthetic children, invented answers of delegations.

Run as `python -m amparo.node.demo.fill`. Prints what was made as JSON; the password comes in on standard input
and is never on a command line.
"""

import argparse
import json
import sys
from contextlib import suppress
from typing import Any

from amparo.base.clock import now
from amparo.node.home import this_home
from amparo.node.setup import change_login, login_for, open_django

# node -> (name, agency, role); the address for signing in is NAME@NODE.example
PEOPLE = {
    "mx": (
        ("lucia", "Lucía Campos", "mx-proteccion", "caseworker"),
        ("nadia", "Nadia Cruz", "mx-proteccion", "caseworker"),
        ("sofia", "Sofía Luna", "mx-proteccion", "supervisor"),
        ("marta", "Marta Solís", "mx-albergue", "first-contact"),
        ("ivan", "Iván Robles", "mx-migracion", "migration-officer"),
        ("teresa", "Teresa Mejía", "mx-tutoria", "guardian"),
        ("olga", "Olga Prado", "mx-supervision", "oversight"),
        ("diego", "Diego Arce", "mx-proteccion", "administrator"),
    ),
    "hn": (
        ("rosa", "Rosa Zelaya", "hn-proteccion", "caseworker"),
        ("elena", "Elena Paz", "hn-proteccion", "supervisor"),
        ("bruno", "Bruno Cáceres", "hn-migracion", "migration-officer"),
    ),
    "region": (
        ("secretaria", "Secretaría regional", "region-secretaria", "secretariat"),
        ("delegada-mx", "Carmen Ibarra", "delegacion-mx", "country-delegate"),
        ("delegado-hn", "Óscar Banegas", "delegacion-hn", "country-delegate"),
    ),
}
# Which agency of a node has what is closest to a child sealed to it.
LEADING = {"mx": "mx-proteccion", "hn": "hn-proteccion"}
DEVICE_AGENCY = {"mx": "mx-albergue", "hn": "hn-proteccion"}


def main() -> int:
    """Make what is missing; a second run makes nothing twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=0)
    arguments = parser.parse_args()
    password = sys.stdin.readline().strip()
    open_django("app")
    sys.stdout.write(json.dumps(_fill(password, arguments.children)))
    return 0


def _fill(password: str, children: int) -> dict[str, Any]:
    from django.conf import settings

    from amparo.node.demo.children import fill_with_children
    from amparo.node.demo.region import fill_with_answers

    node = settings.HOME.profile.id
    made: dict[str, Any] = {"people": _people(node, password)}
    _seal(node, password)
    if node in DEVICE_AGENCY:
        made["device"] = _device(node)
        fill_with_children(agency=DEVICE_AGENCY[node], count=children, at=now(), seed=len(node) + children)
        _name_guardian(node)
        _draw_sample(node)
    if settings.HOME.profile.kind == "secretariat":
        fill_with_answers(settings.HOME.profile.timezone)
    return made


def _people(node: str, password: str) -> list[dict[str, str]]:
    from amparo.access.actions import AccountExists, invite_person
    from amparo.access.rules import Role

    made = []
    for short, name, agency, role in PEOPLE[node]:
        email = f"{short}@{node}.example"
        change_login(login_for(this_home(), agency))
        # Already there from an earlier run; it keeps its password.
        with suppress(AccountExists):
            invite_person(email=email, password=password, name=name, agency=agency, role=Role(role))
        made.append({"email": email, "name": name, "role": role})
    change_login("app")
    return made


def _seal(node: str, password: str) -> None:
    """Give the officers of child protection keys of their own and their agency its pair; the shares are thrown away.

    In a demonstration the passphrase of every officer is the password with its parts apart; nowhere else may that be.
    """
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.access.queries import actor_of
    from amparo.access.rights import RIGHTS
    from amparo.access.roles import Role
    from amparo.access.sealed_ceremony import SealInUse, make_agency_seal
    from amparo.access.sealed_session import set_passphrase
    from amparo.base.passphrase import plain_passphrase

    agency = LEADING.get(node)
    officers = [
        f"{short}@{node}.example"
        for short, _name, body, role in PEOPLE[node]
        if body == agency and "sealed.key" in RIGHTS[Role(role)]
    ]
    for email in officers if agency else ():
        by = actor_of(email)
        with acting_as(by):
            set_passphrase(by=by, passphrase=sealed_passphrase(plain_passphrase(password)))
    with suppress(SealInUse), acting_as(SYSTEM):
        if agency:
            make_agency_seal(
                agency=agency, officers=officers, keepers=["Ada (demo)", "Beto (demo)", "Cora (demo)"]
            )


def _name_guardian(node: str) -> None:
    """Let the supervisor name the guardian in the case that presses most, so that she has a child to read of."""
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.access.roles import Relation
    from amparo.base.ids import uuid7
    from amparo.cases.queries import open_cases_of
    from amparo.cases.ties import my_cases
    from amparo.cases.tying import assign

    chief, guardian = _email(node, "supervisor"), _email(node, "guardian")
    if not guardian:
        return
    by, her = actor_of(chief), actor_of(guardian)
    with acting_as(her):
        if my_cases(her):
            return
    with acting_as(by):
        for line in open_cases_of(by).lines[:1]:
            assign(
                case_id=line.id, person=her.id, relation=Relation.GUARDIAN, by=by, tie_id=uuid7(),
                why="Tutora nombrada para la demostración.",
            )  # fmt: skip


def _draw_sample(node: str) -> None:
    """Let oversight draw three cases, as she would on her page; one that stands stays."""
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.cases.sample_rules import About
    from amparo.cases.sampling import SampleRefused, draw

    if not (overseer := _email(node, "oversight")):
        return
    by = actor_of(overseer)
    with suppress(SampleRefused), acting_as(by):
        draw(size=3, about=About.HEARD, by=by)


def _email(node: str, role: str) -> str:
    """Return the address of the first person of a node in a role; empty where there is nobody."""
    return next((f"{short}@{node}.example" for short, _n, _a, one in PEOPLE[node] if one == role), "")


def sealed_passphrase(password: str) -> str:
    """Return the passphrase for what is sealed in the demonstration: the words of its password, said at length."""
    return "frase de demostración " + password.replace("-", " ")


def _device(node: str) -> dict[str, str]:
    """Enrol a telephone as the supervisor would."""
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.forms.actions import enrol_device

    chief = actor_of(_email(node, "supervisor"))
    with acting_as(chief):
        device = enrol_device(name="Teléfono de demostración", by=chief, agency=DEVICE_AGENCY[node])
    return {"username": device.username, "secret": device.secret}


if __name__ == "__main__":
    sys.exit(main())
