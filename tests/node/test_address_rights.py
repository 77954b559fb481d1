"""Show that every page and operation says which right it needs, on each server, and that no row is left over."""

from importlib import import_module

import pytest
from django.urls import get_resolver

from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.node.address_rights import NEEDS, URLCONFS
from tests.safeguards.addresses import within


def _names(urlconf: str) -> set[str]:
    return {name for name, _pattern, _route in within(get_resolver(urlconf), "", "")}


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_address_has_a_row(urlconf: str) -> None:
    assert import_module(urlconf).urlpatterns
    assert _names(urlconf) - set(NEEDS) == set(), "say in amparo/node/address_rights.py what it needs"


def test_no_row_is_left_of_an_address_that_is_gone() -> None:
    known = set().union(*(_names(urlconf) for urlconf in URLCONFS))

    assert set(NEEDS) - known == set()


def test_every_row_names_acts_of_the_table_or_says_why_none() -> None:
    unknown = {act for needs in NEEDS.values() for act in needs.acts} - set(RIGHTS_OF_ACTS)
    undecided = [
        name
        for name, needs in NEEDS.items()
        if bool(needs.acts) + bool(needs.open_because) + needs.signed_in != 1
    ]

    assert unknown == set()
    assert undecided == []
