"""Let the pages of the desk know another country's agencies."""

from collections.abc import Iterator

import pytest

from amparo.base import seal
from amparo.base.clock import now
from amparo.base.keyring import new_keyring, read_keyring
from amparo.node import trust
from amparo.node.home import PROFILES, Home, make_home


@pytest.fixture
def known_peers(node_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the node know Honduras for one test; what it trusted before comes back."""
    files = (node_home.trust_list, node_home.trust_root)
    held = [path.read_text("ascii") if path.exists() else None for path in files]
    for path in files:
        path.unlink(missing_ok=True)
    hn = make_home(tmp_path_factory.mktemp("hn") / "home", PROFILES / "hn.yaml")
    keys = new_keyring("hn", [one.id for one in hn.profile.agencies], at=now())
    cards = [trust.card_of(node_home, read_keyring(node_home.keyring)), trust.card_of(hn, keys)]
    root = seal.new_sign_keys()
    trust.adopt(node_home, trust.publish(cards, root=root, number=9, at=now()), root.public)
    yield
    for path, text in zip(files, held, strict=True):
        path.unlink()
        if text is not None:
            path.write_text(text, "ascii")
