"""Let people and telephones in, and out again: `amparo person invite|stop`, `amparo device enrol|list|revoke`.

For whoever runs the node. A telephone is enrolled in the name of a supervisor or administrator, who stands on the
audit trail for it. A real node gives out a link and a code; only a demonstration takes a password, on standard input.
"""

import argparse
import getpass
import json
import sys
from uuid import UUID

from amparo.access.roles import NO_PERSON, Role
from amparo.node.home import this_home
from amparo.node.setup import NODE_TROUBLES, change_login, login_for, open_node

ROLES = tuple(role.value for role in Role if role not in NO_PERSON)


class NotDone(Exception):
    """Nothing was changed; the message says what to put right."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    if parser.prog.endswith("person"):
        _person_arguments(parser)
    else:
        _device_arguments(parser)


def _person_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    invite = acts.add_parser(
        "invite", help="let the first two people of an agency in; they invite the others"
    )
    invite.add_argument("email")
    invite.add_argument("--name", required=True, help="as colleagues know this person")
    invite.add_argument("--agency", required=True, help="code of an agency of this node's profile")
    invite.add_argument("--role", required=True, choices=ROLES)
    stop = acts.add_parser("stop", help="close an account at once; what the person wrote stays")
    stop.add_argument("email")


def _device_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    enrol = acts.add_parser("enrol", help="give a telephone its own secret; it is shown once")
    enrol.add_argument("name", help="how its people call it")
    enrol.add_argument("--agency", required=True, help="code of the agency that carries it")
    acts.add_parser("list", help="the telephones of this node")
    revoke = acts.add_parser("revoke", help="stop a telephone at once; what it sent stays")
    revoke.add_argument("device", type=UUID)
    for one in (enrol, revoke):
        one.add_argument(
            "--by", required=True, help="e-mail of the supervisor or administrator who answers for it"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 done, 1 not done and why."""
    try:
        open_node(login_for(this_home(), getattr(arguments, "agency", "")) if _invites(arguments) else "app")
        return _said(arguments)
    except (*NODE_TROUBLES, NotDone) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1


def _invites(arguments: argparse.Namespace) -> bool:
    return (arguments.room, arguments.act) == ("person", "invite")


def _said(arguments: argparse.Namespace) -> int:
    """Do one act; what the database or the rights refuse becomes words."""
    from amparo.access.actions import (
        AccountClosed,
        AccountExists,
        AgencyUnknown,
        EmailWrong,
        NotAlone,
        RoleUnfit,
    )
    from amparo.access.queries import PersonUnknown
    from amparo.access.rules import NotAllowed
    from amparo.forms.actions import DeviceUnknown, NobodyLeads

    refusals = (
        AccountClosed, AccountExists, AgencyUnknown, EmailWrong, NotAlone, RoleUnfit, PersonUnknown, NotAllowed,
    )  # fmt: skip

    try:
        return _ACTS[arguments.room, arguments.act](arguments)
    except (*refusals, DeviceUnknown, NobodyLeads) as refused:
        raise NotDone(str(refused)) from refused


def _invite(arguments: argparse.Namespace) -> int:
    """Let one of the first people of an agency in; with a password only where everybody is invented."""
    from django.conf import settings

    return _with_password(arguments) if settings.DEMONSTRATION else _founded(arguments)


def _founded(arguments: argparse.Namespace) -> int:
    from amparo.access.invitations import found_person
    from amparo.access.rules import Role

    secret, code = found_person(
        email=arguments.email,
        name=arguments.name,
        agency=arguments.agency,
        role=Role(arguments.role),
    )
    profile = this_home().profile
    # Each side comes in at its own server.
    door = profile.migration_url if login_for(this_home(), arguments.agency) == "migration" else profile.url
    sys.stdout.write(f"Link, once, within 72 hours: {door}/invitation/#{secret}\n")
    sys.stdout.write(f"Code: {code}\nGive both to the person herself, in two ways.\n")
    return 0


def _with_password(arguments: argparse.Namespace) -> int:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from amparo.access.actions import invite_person

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    try:
        validate_password(password)
        person = invite_person(
            email=arguments.email,
            password=password,
            name=arguments.name,
            agency=arguments.agency,
            role=Role(arguments.role),
        )
    except ValidationError as weak:
        raise NotDone(" ".join(weak.messages)) from weak
    sys.stdout.write(f"{person.email} may sign in. Ask for a second factor under My account.\n")
    return 0


def _stop(arguments: argparse.Namespace) -> int:
    from amparo.access.actions import close_account

    closed = close_account(email=arguments.email)
    if not closed and this_home().profile.migration_url:
        # Each side keeps its own people, and neither login sees the other's.
        change_login("migration")
        closed = close_account(email=arguments.email)
    if not closed:
        raise NotDone(f"There is no open account {arguments.email}.")
    sys.stdout.write(f"{arguments.email} can no longer sign in, and is signed out.\n")
    return 0


def _enrol(arguments: argparse.Namespace) -> int:
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.forms.actions import enrol_device

    by = actor_of(arguments.by)
    with acting_as(by):
        device = enrol_device(name=arguments.name, by=by, agency=arguments.agency)
    address = f"{this_home().profile.url}/openrosa"
    told = {"id": str(device.device), "server": address, "username": device.username, "secret": device.secret}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    from amparo.forms.queries import devices

    for device in devices():
        state = f"revoked {device.revoked_at:%Y-%m-%d}" if device.revoked_at else "in use"
        sys.stdout.write(f"{device.id}  {device.agency:20} {state:20} {device.name}\n")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from amparo.access.actor import acting_as
    from amparo.access.queries import actor_of
    from amparo.forms.actions import revoke_device

    by = actor_of(arguments.by)
    with acting_as(by):
        revoke_device(device=arguments.device, by=by)
    sys.stdout.write("Revoked: it can neither read nor send any more.\n")
    return 0


_ACTS = {
    ("person", "invite"): _invite,
    ("person", "stop"): _stop,
    ("device", "enrol"): _enrol,
    ("device", "list"): _list,
    ("device", "revoke"): _revoke,
}
