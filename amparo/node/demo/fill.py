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
    ),
    "hn": (
        ("rosa", "Rosa Zelaya", "hn-proteccion", "caseworker"),
        ("elena", "Elena Paz", "hn-proteccion", "supervisor"),
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
    from amparo.access.sealed_ceremony import SealInUse, make_agency_seal
    from amparo.access.sealed_session import set_passphrase
    from amparo.base.passphrase import plain_passphrase

    agency = LEADING.get(node)
    officers = [f"{short}@{node}.example" for short, _name, body, _role in PEOPLE[node] if body == agency]
    for email in officers if agency else ():
        by = actor_of(email)
        with acting_as(by):
            set_passphrase(by=by, passphrase=sealed_passphrase(plain_passphrase(password)))
    with suppress(SealInUse), acting_as(SYSTEM):
        if agency:
            make_agency_seal(
                agency=agency, officers=officers, keepers=["Ada (demo)", "Beto (demo)", "Cora (demo)"]
            )


def sealed_passphrase(password: str) -> str:
    """Return the passphrase for what is sealed in the demonstration: the words of its password, said at length."""
    return "frase de demostración " + password.replace("-", " ")


def _device(node: str) -> dict[str, str]:
    """Enrol a telephone as the supervisor would."""
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.forms.actions import enrol_device

    chief = actor_of(
        next(f"{short}@{node}.example" for short, _n, _a, role in PEOPLE[node] if role == "supervisor")
    )
    with acting_as(chief):
        device = enrol_device(name="Teléfono de demostración", by=chief, agency=DEVICE_AGENCY[node])
    return {"username": device.username, "secret": device.secret}


if __name__ == "__main__":
    sys.exit(main())
