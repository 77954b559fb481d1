"""Keep the trust list: `amparo trust card`, `trust publish CARD… --out LIST`, `trust adopt LIST --root KEY`.

Cards and lists hold public keys only. The root key is handed over in person, never with the list.
"""

import argparse
import json
import sys
from pathlib import Path

from amparo.base import seal
from amparo.base.clock import now
from amparo.base.keyring import KeyringMissing, KeyringUnsafe, KeyringWrong
from amparo.exchange.adopting import TrustListMissing
from amparo.exchange.trust import TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong
from amparo.node import trust
from amparo.node.home import HomeMissing, this_home
from amparo.node.key_files import make_key_files
from amparo.node.profile import ProfileWrong

TROUBLES = (
    HomeMissing, ProfileWrong, KeyringMissing, KeyringUnsafe, KeyringWrong, TrustListMissing, TrustListWrong,
    TrustListRolledBack, trust.CardWrong, trust.RootKeyUnsafe, OSError, UnicodeDecodeError,
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("card", help="print this node's agencies and public keys as JSON")
    publish = acts.add_parser("publish", help="sign a list of nodes with the secretariat's root key")
    publish.add_argument("cards", nargs="+", type=Path, help="files that `amparo trust card` printed")
    publish.add_argument("--out", required=True, type=Path, help="where the signed list goes")
    adopt = acts.add_parser("adopt", help="work with a list from now on; an older one is refused")
    adopt.add_argument("list", type=Path, help="the signed list")
    adopt.add_argument(
        "--root", required=True, help="the root key as handed over in person, or its fingerprint"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run card, publish or adopt; 1 and words when something is missing or wrong."""
    try:
        return _RUN[arguments.act](arguments)
    except TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _card(_: argparse.Namespace) -> int:
    home = this_home()
    json.dump(trust.card_of(home, make_key_files(home, now())), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    cards = [trust.read_card(path) for path in arguments.cards]
    root = trust.root_key(this_home())
    number = trust.next_number(arguments.out, root)
    text = trust.publish(cards, root=root, number=number, at=now())
    arguments.out.write_text(text + "\n", encoding="ascii")
    public = seal.to_text(root.public)
    arguments.out.with_name("trust-root.txt").write_text(public + "\n", encoding="ascii")
    sys.stdout.write(f"Trust list {number}.\nRoot key: {public}\nFingerprint: {root.id}\n")
    return 0


def _adopt(arguments: argparse.Namespace) -> int:
    text = arguments.list.read_text(encoding="ascii")
    root = trust.root_from(arguments.root, arguments.list.parent)
    found = trust.adopt(this_home(), text, root)
    sys.stdout.write(f"Trust list {found.number}, good until {found.expires.isoformat()}.\n")
    return 0


_RUN = {"card": _card, "publish": _publish, "adopt": _adopt}
