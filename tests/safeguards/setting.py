"""Put the world, everybody who can call, and the peer nodes together, and look at how things stood before."""

from dataclasses import dataclass

from tests.safeguards.callers import Caller, all_callers
from tests.safeguards.effects import Before, before
from tests.safeguards.peers import Peer
from tests.safeguards.world import World, a_world


@dataclass(frozen=True)
class Setting:
    """The world, who can call, the peer nodes, and how things stood before."""

    world: World
    callers: dict[str, Caller]
    peers: dict[str, Peer]
    was: Before


def a_setting(peers: dict[str, Peer]) -> Setting:
    """Return a new setting; needs a node that knows Honduras."""
    world, callers = a_world(), {one.name: one for one in all_callers()}
    return Setting(world, callers, peers, before())
