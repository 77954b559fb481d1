"""Verify custody facts and returns, and sign that a child is taken back: `amparo custody verify|accept`.

Prints no key and nothing of a child but the case reference it was given.
"""

import argparse
import sys
from datetime import timedelta

from amparo.base.keyring import KeyMissing, KeyringMissing, KeyringUnsafe, KeyringWrong, read_keyring
from amparo.node.audit_commands import head_noted
from amparo.node.setup import NODE_TROUBLES, open_node

LONGEST_DAYS = 90
_KEY_TROUBLES = (KeyMissing, KeyringMissing, KeyringUnsafe, KeyringWrong)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="check every row; exit 1 and the places if one was touched")
    verify.add_argument("--head", type=head_noted, default=None, help="NUMBER:HASH noted at an earlier check")
    accept = acts.add_parser("accept", help="sign that an agency of this node takes a child back into care")
    accept.add_argument("reference", help="the case reference at the other node, such as MX-7Q2K-4F9P")
    accept.add_argument("--agency", required=True, help="agency of this node that receives her")
    accept.add_argument("--to", required=True, help="agency over there that protects her now")
    accept.add_argument("--days", type=_days, default=30, help="how long it holds; 30 where nothing is said")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 well, 1 not, with words."""
    return _verify(arguments) if arguments.act == "verify" else _accept(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    try:
        open_node("app")
    except NODE_TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    from amparo.custody.chain import verify

    verdict = verify(arguments.head)
    for found in verdict.breaks:
        sys.stderr.write(f"{found}\n")
    last = "These rows do NOT hold." if verdict.breaks else "Every custody fact, clearance and return holds."
    sys.stdout.write(f"{verdict.head.number} rows, head {verdict.head.number}:{verdict.head.hash}\n{last}\n")
    return 1 if verdict.breaks else 0


def _accept(arguments: argparse.Namespace) -> int:
    from amparo.base.clock import now
    from amparo.custody.tokens import SignedTextWrong, make_acceptance
    from amparo.node.home import this_home

    try:
        home, made = this_home(), now().replace(microsecond=0)
        text = make_acceptance(
            reference=arguments.reference,
            agency=arguments.agency,
            node=home.profile.id,
            to_agency=arguments.to,
            made=made,
            ends=made + timedelta(days=arguments.days),
            key=read_keyring(home.keyring).agency_sign_key(arguments.agency, made),
        )
    except (*NODE_TROUBLES, *_KEY_TROUBLES, SignedTextWrong) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


def _days(text: str) -> int:
    """Read a number of days; argparse says what is wrong with any other text."""
    days = int(text)
    if not 1 <= days <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"must be 1 to {LONGEST_DAYS}")
    return days
