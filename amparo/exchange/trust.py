"""Know who is who among the nodes: read the signed trust list and answer, or refuse when in doubt.

Pure but for signatures: no clock, no file, no network; the moment is passed in. Every look-up fails closed.
Being listed grants nothing by itself: each node keeps its own peer policy.
Design: security design 4.1. For now the list is one signed file; TUF metadata will take its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amparo.base import seal
from amparo.exchange import strict_json
from amparo.exchange.profiles import PROFILES
from amparo.exchange.trust_document import (
    ListedAgency,
    ListedKey,
    ListedNode,
    read_nodes,
    read_number,
    read_span,
)
from amparo.exchange.trust_document import TrustListWrong as TrustListWrong

TYP = "amparo-trust+1"
FORMAT_VERSION = 1
MAX_BYTES = 2 * 1024 * 1024
NEW_THREADS_UNTIL = timedelta(hours=72)  # an older list serves only threads that are already open
_FIELDS = frozenset({"format_version", "number", "made", "expires", "nodes"})


class TrustListRolledBack(Exception):
    """A trust list is older than the one held, or another one under the same number."""


class TrustListExpired(Exception):
    """The trust list is past its date or not yet of it: no personal data leaves until there is a new one."""


class PeerUnknown(Exception):
    """A node, agency or key is not in the trust list, or not at this time."""


class PeerNotAllowed(Exception):
    """An agency is listed, but not for this profile."""


@dataclass(frozen=True)
class TrustList:
    """A list whose signature held. `digest` is the SHA-256 of the signed text."""

    number: int
    made: datetime
    expires: datetime
    nodes: Mapping[str, ListedNode]
    agencies: Mapping[str, ListedAgency]
    digest: str

    def require_current(self, at: datetime) -> None:
        """Raise `TrustListExpired` unless the list may be used at a moment."""
        if not self.made - timedelta(minutes=10) <= at < self.expires:
            raise TrustListExpired("The trust list is not of this time; fetch a new one before sending.")

    def may_open_threads(self, at: datetime) -> bool:
        """Test whether the list is fresh enough to begin something new with a peer."""
        return at < min(self.expires, self.made + NEW_THREADS_UNTIL)

    def node(self, node: str, at: datetime) -> ListedNode:
        """Return a node; raises `PeerUnknown`, `TrustListExpired`."""
        self.require_current(at)
        if node not in self.nodes:
            raise PeerUnknown(f"No node {node} is in trust list {self.number}.")
        return self.nodes[node]

    def agency(self, agency: str, at: datetime) -> ListedAgency:
        """Return an agency; raises `PeerUnknown`, `TrustListExpired`."""
        self.require_current(at)
        if agency not in self.agencies:
            raise PeerUnknown(f"No agency {agency} is in trust list {self.number}.")
        return self.agencies[agency]

    def node_sign_key(self, key_id: str, at: datetime) -> tuple[ListedNode, bytes]:
        """Return the node that signs with a key now, and the key; raises as `node`."""
        self.require_current(at)
        for node in self.nodes.values():
            for key in _good(node.sign_keys, at):
                if key.id == key_id:
                    return node, key.public
        raise PeerUnknown("No node signs with this key at this time.")

    def agency_sign_key(self, key_id: str, at: datetime) -> tuple[ListedAgency, bytes]:
        """Return the agency that signs with a key now, and the key; raises as `agency`."""
        self.require_current(at)
        for agency in self.agencies.values():
            for key in _good(agency.sign_keys, at):
                if key.id == key_id:
                    return agency, key.public
        raise PeerUnknown("No agency signs with this key at this time.")

    def seal_key_of(self, agency: str, at: datetime) -> ListedKey:
        """Return the newest key to seal to an agency with; raises `PeerUnknown`, `TrustListExpired`."""
        good = _good(self.agency(agency, at).seal_keys, at)
        if not good:
            raise PeerUnknown(f"Agency {agency} has no sealing key that is good at this time.")
        return max(good, key=lambda key: key.since)

    def require_profile(self, profile: str, *, sender: str, recipient: str, at: datetime) -> None:
        """Raise `PeerNotAllowed` unless one agency may send a profile and the other may receive it.

        Also raises `PeerUnknown` and `TrustListExpired`. The sector counts whatever the list says.
        """
        giver, taker = self.agency(sender, at), self.agency(recipient, at)
        known = PROFILES.get(profile)
        if known is None or profile not in giver.sends or profile not in taker.receives:
            raise PeerNotAllowed(f"{sender} may not send {profile} to {recipient}.")
        if giver.sector not in known.from_sectors or taker.sector not in known.to_sectors:
            raise PeerNotAllowed(f"{profile} may not go from {giver.sector} to {taker.sector}.")


def make_trust_list(document: Mapping[str, Any], root: seal.KeyPair) -> str:
    """Sign a trust list with the root key, after reading it as a node would.

    Args:
        document: as `docs/reference/envelope.md` says: format_version, number, made, expires, nodes.
        root: the secretariat's root pair.

    Raises:
        TrustListWrong: a node would not accept the document.
    """
    try:
        content = strict_json.dump(document)
    except strict_json.JsonRefused as refused:
        raise TrustListWrong(f"trust list: {refused}") from None
    text = seal.sign(root.private, content, kid=root.id, typ=TYP)
    read_trust_list(text, root.public)
    return text


def read_trust_list(text: str, root_public: bytes, *, held: TrustList | None = None) -> TrustList:
    """Check and read a trust list.

    Args:
        text: the signed list.
        root_public: the root key that was handed over in person.
        held: the list in use until now, so that nobody can bring back an older one.

    Raises:
        TrustListWrong: wrong signature, wrong form; the message says where.
        TrustListRolledBack: older than `held`, or another text with the number of `held`.
    """
    try:
        signed = seal.verify(root_public, text, typ=TYP, max_bytes=MAX_BYTES)
        document = strict_json.load_object(signed.payload, known=_FIELDS)
    except (seal.SignatureBroken, strict_json.JsonRefused, strict_json.UnknownCritical) as wrong:
        raise TrustListWrong(f"trust list: {wrong}") from None
    found = _list_from(document, seal.file_digest(text.encode()))
    if held is not None and found.number <= held.number and found.digest != held.digest:
        raise TrustListRolledBack(f"Trust list {found.number} cannot take the place of {held.number}.")
    return found


def _good(keys: tuple[ListedKey, ...], at: datetime) -> list[ListedKey]:
    return [key for key in keys if key.holds(at)]


def _list_from(document: dict[str, Any], digest: str) -> TrustList:
    where = "trust list"
    if document.get("format_version") != FORMAT_VERSION:
        raise TrustListWrong(f"{where}: format_version must be {FORMAT_VERSION}.")
    nodes = read_nodes(document, where)
    made, expires = read_span(document, "made", "expires", where)
    return TrustList(
        number=read_number(document, "number", where),
        made=made,
        expires=expires,
        nodes={node.id: node for node in nodes},
        agencies={agency.id: agency for node in nodes for agency in node.agencies},
        digest=digest,
    )
