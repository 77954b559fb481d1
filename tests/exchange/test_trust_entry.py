"""Show that two nodes with fresh keys reach each other through their list entries, which leak no key."""

import json

from amparo.base import seal
from amparo.base.clock import moment_text
from amparo.base.keyring import KeyMissing, Keyring, new_keyring
from amparo.exchange.envelope import make_envelope, open_envelope
from amparo.exchange.profiles import Sector
from amparo.exchange.trust import make_trust_list, read_trust_list
from amparo.exchange.trust_entry import AgencyEntry, node_entry
from tests.exchange import world
from tests.exchange.world import DAY, NOW

MEXICO = new_keyring("mx", ["mx-proteccion"], at=NOW)
HONDURAS = new_keyring("hn", ["hn-proteccion"], at=NOW)


def _entry(keyring: Keyring, agency: str) -> dict[str, object]:
    names = {"es": f"Agencia {agency}"}
    listed = AgencyEntry(agency, Sector.PROTECTION, names, "+52 55 0000 0001", ["transfer"], ["transfer"])
    return node_entry(keyring, country=keyring.node.upper(), url="http://127.0.0.1:8501", agencies=[listed])


def _document() -> dict[str, object]:
    return {
        "format_version": 1,
        "number": 1,
        "made": moment_text(NOW),
        "expires": moment_text(NOW + 30 * DAY),
        "nodes": [_entry(MEXICO, "mx-proteccion"), _entry(HONDURAS, "hn-proteccion")],
    }


def _honduran_key(key_id: str) -> bytes | None:
    try:
        return HONDURAS.seal_private(key_id, NOW)
    except KeyMissing:
        return None


def test_nodes_with_fresh_keys_reach_each_other() -> None:
    trust = read_trust_list(make_trust_list(_document(), world.ROOT), world.ROOT.public)
    raw = make_envelope(
        world.proposal(),
        world.route(),
        trust=trust,
        node_key=MEXICO.node_sign_key(NOW),
        agency_key=MEXICO.agency_sign_key("mx-proteccion", NOW),
    )

    opened = open_envelope(raw, trust=trust, us="hn", key_for=_honduran_key, now=NOW)

    assert opened.message == world.proposal()


def test_entry_holds_no_private_half() -> None:
    text = json.dumps(_document())
    keys = [*MEXICO.sign, *MEXICO.agencies["mx-proteccion"].sign, *MEXICO.agencies["mx-proteccion"].seal]

    assert len(keys) == 3
    for key in keys:
        assert seal.to_text(key.pair.private) not in text
        assert seal.to_text(key.pair.public) in text
    assert seal.to_text(MEXICO.sign[0].pair.private) not in text
