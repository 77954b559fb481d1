"""Give tests of signing in with a ministry a node that has one, and the provider of that ministry."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from amparo.access.ministry_client import forget_providers
from amparo.access.ministry_rules import Ministry
from amparo.base.private_file import write_private
from tests.access.ministries import SECRET, Provider, a_ministry, a_provider

Join = Callable[..., Ministry]


@pytest.fixture
def join(settings: Settings) -> Iterator[Join]:
    """Let the node under test have ministries; each call adds one and its secret."""
    forget_providers()
    home = settings.HOME

    def one(issuer: str, **other: Any) -> Ministry:  # noqa: ANN401
        ministry = a_ministry(issuer, **other)
        known = (*settings.HOME.profile.ministries, ministry)
        settings.HOME = replace(home, profile=replace(home.profile, ministries=known))
        write_private(home.ministry_secret(ministry.id, ministry.side), f"{SECRET}\n".encode())
        return ministry

    yield one
    for ministry in settings.HOME.profile.ministries:
        home.ministry_secret(ministry.id, ministry.side).unlink(missing_ok=True)
    forget_providers()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that answers as a test wants."""
    with a_provider() as made:
        yield made
