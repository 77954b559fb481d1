"""Let the node under test know Honduras, whose agency receives children."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from amparo.node.home import Home

if TYPE_CHECKING:
    from tests.custody.world import Abroad


@pytest.fixture
def there(node_home: Home, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Abroad]":
    """The receiving agency abroad, for one test."""
    # Django is set up only after this file is read.
    from tests.custody.world import abroad

    with abroad(node_home, tmp_path_factory.mktemp("hn")) as known:
        yield known
