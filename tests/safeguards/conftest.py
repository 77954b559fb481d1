"""Make one world for all tests of a module that try addresses; each try is undone, so nobody spoils it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from amparo.node.home import Home

if TYPE_CHECKING:
    from tests.safeguards.setting import Setting


@pytest.fixture(scope="module")
def setting(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    node_home: Home,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[Setting]":
    """One world for a module; it is rolled back at the end."""
    # Django is set up only after this file is read.
    from django.test import override_settings

    from tests.safeguards.peers import peers_of
    from tests.safeguards.setting import a_setting

    with (
        override_settings(
            SESSION_COOKIE_AGE=86_400
        ),  # on a slow machine a module takes longer than a session lives
        peers_of(node_home, tmp_path_factory.mktemp("peers")) as peers,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield a_setting(peers)
        transaction.set_rollback(True)
