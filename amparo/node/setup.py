"""Bring a node up: its home, keys, database, agencies. Each step may be run again and changes nothing twice."""

import os
from typing import Any

import django

from amparo.access.roles import Sector
from amparo.base import postgres
from amparo.base.clock import now
from amparo.node.database import database_settings, prepare_database
from amparo.node.home import Home, HomeMissing, this_home
from amparo.node.key_files import make_key_files
from amparo.node.profile import ProfileWrong


class NodeNotReady(Exception):
    """This node has no database that answers; the message says what to do."""


# What can stand in the way of a command that works in a node which was prepared before.
NODE_TROUBLES = (HomeMissing, ProfileWrong, NodeNotReady, postgres.PostgresTrouble)


def prepare_node() -> Home:
    """Make what this node lacks, and bring its database to the present schema, as the owner role.

    Raises:
        HomeMissing, ProfileWrong, KeyringUnsafe, KeyringWrong, PostgresTrouble: with words for the operator.
    """
    home = this_home()
    make_key_files(home, now())
    prepare_database(home)
    open_django("owner")
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _forget_again()
    _fill()
    return home


def open_node(role: str) -> Home:
    """Sign in to the database of a prepared node under one role; its own server is started where it is stopped.

    Raises:
        HomeMissing, ProfileWrong, NodeNotReady, PostgresTrouble: with words for the operator.
    """
    home = this_home()
    if not home.database_secrets(role).exists():
        raise NodeNotReady("This node has no database yet. Run: amparo migrate")
    if not os.environ.get("DATABASE_URL"):
        postgres.start(home.path)
    open_django(role)
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as wrong:
        raise NodeNotReady("The database of this node does not answer. Run: amparo doctor") from wrong
    return home


def change_login(role: str) -> None:
    """Let this process sign in under another login from now on; only for commands of whoever runs the node.

    Raises:
        NodeNotReady: the file of that login is not there, or not this account's to read.
    """
    from django.db import connections

    try:
        settings = database_settings(this_home(), role)["default"]
    except PermissionError as wrong:
        raise NodeNotReady(f"How {role} signs in is not this account's to read.") from wrong
    # Typed as any database; the pool is PostgreSQL's.
    connection: Any = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(settings)


def login_for(home: Home, agency: str) -> str:
    """Return the login under which accounts of an agency are kept: each side keeps its own people."""
    sectors = {one.id: Sector(one.sector) for one in home.profile.agencies}
    return "migration" if sectors.get(agency) is Sector.MIGRATION else "app"


def open_django(role: str) -> None:
    """Set Django up so that this process signs in to the database under one role."""
    os.environ["AMPARO_DB_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.node.settings")
    django.setup()


def _forget_again() -> None:
    """Remove again what was erased, where an older copy of the database was put back."""
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.cases.erasing import erase_again

    with acting_as(SYSTEM):
        erase_again()


def _fill() -> None:
    """Write the agencies of the profile and publish the instruments that come with the product."""
    from django.conf import settings

    from amparo.access.actions import keep_agencies
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.forms.actions import publish_own_instruments

    with acting_as(SYSTEM):
        keep_agencies(settings.HOME.profile.agencies)
        publish_own_instruments()
