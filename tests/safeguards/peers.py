"""Let the node under test know Honduras, and write real envelopes as Honduras or as a stranger would; all invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import random_id
from amparo.base.keyring import Keyring, new_keyring, read_keyring
from amparo.exchange.envelope import Message, make_envelope
from amparo.exchange.line import Route
from amparo.exchange.trust import TrustList, read_trust_list
from amparo.node import trust
from amparo.node.home import PROFILES, Home, make_home


@dataclass(frozen=True)
class Peer:
    """Somebody who signs as Honduras: with its own keys, or with keys that nobody listed."""

    keys: Keyring
    trust: TrustList

    def envelope(self, message: Message, thread: str, n: int = 1) -> bytes:
        """Return the bytes that travel to Mexico."""
        made = now().replace(microsecond=0)
        route = Route(
            id=random_id(),
            thread=thread,
            n=n,
            from_node="hn",
            to_node="mx",
            made=made,
            ends=made + timedelta(days=7),
        )
        return make_envelope(
            message,
            route,
            trust=self.trust,
            node_key=self.keys.node_sign_key(made),
            agency_key=self.keys.agency_sign_key(message.from_agency, made),
        )


@contextmanager
def peers_of(home: Home, folder: Path) -> Iterator[dict[str, Peer]]:
    """Let a node trust Honduras for a while; what it trusted before comes back."""
    files = (home.trust_list, home.trust_root)
    held = [path.read_text("ascii") if path.exists() else None for path in files]
    for path in files:
        path.unlink(missing_ok=True)
    yield _known_to(home, make_home(folder / "hn", PROFILES / "hn.yaml"))
    for path, text in zip(files, held, strict=True):
        path.unlink()
        if text is not None:
            path.write_text(text, "ascii")


def _known_to(home: Home, hn: Home) -> dict[str, Peer]:
    agencies, root = [one.id for one in hn.profile.agencies], seal.new_sign_keys()
    honest, stranger = (new_keyring("hn", agencies, at=now()) for _ in range(2))
    mine = trust.card_of(home, read_keyring(home.keyring))
    text = trust.publish([mine, trust.card_of(hn, honest)], root=root, number=9, at=now())
    trust.adopt(home, text, root.public)
    # A stranger must seal for Mexico as anybody can, and signs with keys of her own making.
    false_root = seal.new_sign_keys()
    false = trust.publish([mine, trust.card_of(hn, stranger)], root=false_root, number=9, at=now())
    return {
        "honest": Peer(honest, read_trust_list(text, root.public)),
        "stranger": Peer(stranger, read_trust_list(false, false_root.public)),
    }
