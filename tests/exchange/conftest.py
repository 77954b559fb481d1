"""Start the second node once for all tests of this folder that ask for it."""

from collections.abc import Iterator

import pytest

from amparo.node.home import Home
from tests.exchange.nodes import TwoNodes, bring_up, take_down


@pytest.fixture(scope="package")
def both(node_home: Home, django_db_setup: None) -> Iterator[TwoNodes]:
    """Mexico, the node under test, and Honduras, with a trust list that both hold."""
    nodes = bring_up(node_home)
    yield nodes
    take_down(nodes)
    for left in (node_home.trust_list, node_home.trust_root):
        left.unlink(missing_ok=True)


@pytest.fixture
def nodes(both: TwoNodes, transactional_db: None) -> Iterator[TwoNodes]:
    """Both nodes with committed data; the trust list is put back after each test."""
    text = both.mx.trust_list.read_text("ascii")
    yield both
    both.mx.trust_list.write_text(text, "ascii")
