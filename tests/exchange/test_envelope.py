"""Show that only the right agency opens an envelope, unchanged and in time; each fault has its own code."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.base import seal
from amparo.exchange import line as lines
from amparo.exchange import padding, strict_json
from amparo.exchange.codes import Code, EnvelopeRefused
from amparo.exchange.envelope import MESSAGE_TYP, MessageNotSendable, Opened, make_envelope, open_envelope
from amparo.exchange.trust import PeerNotAllowed, PeerUnknown, TrustList, TrustListExpired
from tests.exchange import world
from tests.exchange.world import NOW

TRUST = world.trust_list()
GOOD = world.envelope()


def _open(
    raw: bytes,
    *,
    trust: TrustList = TRUST,
    us: str = "hn",
    key_for: Callable[[str], bytes | None] = world.key_for,
    now: Any = NOW,  # noqa: ANN401
) -> Opened:
    return open_envelope(raw, trust=trust, us=us, key_for=key_for, now=now)


def _code(raw: bytes, **changes: Any) -> Code:  # noqa: ANN401
    with pytest.raises(EnvelopeRefused) as refused:
        _open(raw, **changes)
    return refused.value.code


def _line_fields(raw: bytes = GOOD) -> dict[str, Any]:
    public = world.sign_pair("mx").public
    payload = seal.verify(
        public, raw.partition(b"\n")[0].decode(), typ=lines.LINE_TYP, max_bytes=9000
    ).payload
    return strict_json.load_object(payload, known=frozenset())


def _resigned(payload: object, *, sealed: bytes | None = None, signer: str = "mx") -> bytes:
    """Put a line of our own making, well signed, before the sealed bytes."""
    key = world.sign_pair(signer)
    claims: Any = payload
    token = seal.sign(key.private, claims, kid=key.id, typ=lines.LINE_TYP)
    return token.encode() + b"\n" + (GOOD.partition(b"\n")[2] if sealed is None else sealed)


def _reline(**changes: Any) -> bytes:  # noqa: ANN401
    return _resigned(world.with_fields(_line_fields(), **changes))


def _resealed(
    inner: bytes, *, to: str = "hn-proteccion", pad: Callable[[bytes], bytes] = padding.pad
) -> bytes:
    """Seal content of our own making under a line that fits it."""
    key = world.seal_pair(to)
    way = world.route()
    sealed = seal.seal_to(key.public, pad(inner), info=lines.bound_info(way, key.id))
    fields = world.with_fields(
        _line_fields(), to_key=key.id, size=len(sealed), sha256=seal.file_digest(sealed)
    )
    return _resigned(fields, sealed=sealed)


def _inner(payload: object, signer: str = "mx-proteccion", typ: str = MESSAGE_TYP) -> bytes:
    key = world.sign_pair(signer)
    claims: Any = payload
    return seal.sign(key.private, claims, kid=key.id, typ=typ).encode()


def _message_fields() -> dict[str, Any]:
    said = seal.verify(
        world.sign_pair("mx-proteccion").public, _open(GOOD).evidence, typ=MESSAGE_TYP, max_bytes=10**6
    )
    return strict_json.load_object(said.payload, known=frozenset())


def _reinner(**changes: Any) -> bytes:  # noqa: ANN401
    return _resealed(_inner(world.with_fields(_message_fields(), **changes)))


# The honest road


def test_receiving_agency_reads_what_was_said() -> None:
    opened = _open(GOOD)

    assert opened.message == world.proposal()
    assert opened.line.route == world.route()
    assert opened.line.list_number == 7


def test_evidence_is_the_message_as_the_agency_signed_it() -> None:
    opened = _open(GOOD)

    signed = seal.verify(
        world.sign_pair("mx-proteccion").public, opened.evidence, typ=MESSAGE_TYP, max_bytes=10**6
    )

    assert b"hn-proteccion" in signed.payload
    assert "Ana" not in repr(opened)


def test_line_says_nothing_about_type_agency_or_child() -> None:
    fields = _line_fields()

    assert set(fields) == {
        "id", "from", "to", "to_key", "thread", "n", "made", "ends", "size", "sha256", "speaks", "list",
    }  # fmt: skip
    assert b"Ana" not in GOOD
    assert len(GOOD.partition(b"\n")[0]) <= lines.MAX_LINE


def test_short_answers_have_one_length() -> None:
    bare = {"basis": None, "view": None}
    accept = world.proposal(type="accept", data={"caseworker": "María Paz", "telephone": "+504 0000"}, **bare)
    decline = world.proposal(type="decline", data={"reason": "other", "note": "n" * 300}, **bare)

    lengths = {len(world.envelope(message).partition(b"\n")[2]) for message in (accept, decline)}

    assert len(lengths) == 1


def test_same_message_never_gives_the_same_bytes() -> None:
    assert world.envelope() != GOOD


def test_unknown_fields_are_kept_in_line_and_message() -> None:
    assert _open(_reline(later={"a": 1})).line.more == {"later": {"a": 1}}
    assert _open(_reinner(later=[1])).message.more == {"later": [1]}


def test_newer_peer_that_still_speaks_our_version_is_understood() -> None:
    assert _open(_reline(speaks=[1, 2])).line.speaks == (1, 2)


@pytest.mark.parametrize("skew", [timedelta(minutes=10), timedelta(0), timedelta(days=-6, hours=-23)])
def test_clocks_may_differ_and_posts_may_be_slow(skew: timedelta) -> None:
    assert _open(GOOD, now=NOW - skew).message.type == "propose"


# One fault, one code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", Code.LINE_UNREADABLE),
        (b"\n", Code.LINE_UNREADABLE),
        (b"a.b.c\n" + b"x", Code.LINE_UNREADABLE),
        (b"\xff\xfe\n" + b"x", Code.LINE_UNREADABLE),
        (GOOD.partition(b"\n")[0], Code.LINE_UNREADABLE),
        (b"a" * (lines.MAX_LINE + 1) + b"\n", Code.TOO_LARGE),
        (GOOD + bytes(lines.MAX_ENVELOPE), Code.TOO_LARGE),
        (GOOD + b"x", Code.BYTES_CHANGED),
        (GOOD[:-1], Code.BYTES_CHANGED),
        (GOOD[:-1] + bytes([GOOD[-1] ^ 1]), Code.BYTES_CHANGED),
        (_reline(size=1), Code.BYTES_CHANGED),
        (_resigned(_line_fields(), signer="nobody"), Code.SENDER_UNKNOWN),
        (_resigned(_line_fields(), signer="mx-proteccion"), Code.SENDER_UNKNOWN),
        (_resigned(_line_fields(), signer="hn"), Code.SENDER_UNKNOWN),
        (_resigned(b"[]"), Code.LINE_UNREADABLE),
        (_resigned(b'{"id":1,"id":1}'), Code.LINE_UNREADABLE),
        (_reline(crit=["later"], later=1), Code.VERSION_UNKNOWN),
        (_reline(speaks=[2]), Code.VERSION_UNKNOWN),
        (_reline(speaks=[]), Code.VERSION_UNKNOWN),
        (_reline(made="2026-11-21T10:10:01Z"), Code.OUTSIDE_DATES),
        (_reline(made="9999-12-31T00:00:00Z", ends="9999-12-31T00:00:01Z"), Code.OUTSIDE_DATES),
        (_reline(ends="2026-12-05T10:00:01Z"), Code.OUTSIDE_DATES),
        (_reline(ends="2026-11-21T10:00:00Z"), Code.OUTSIDE_DATES),
        (_reline(to="mx"), Code.WRONG_RECIPIENT),
        (_reline(to_key=world.seal_pair("mx-proteccion").id), Code.WRONG_RECIPIENT),
        (_reline(to_key=world.seal_pair("hn-migracion").id), Code.SEAL_BROKEN),
        (_reline(n=2), Code.SEAL_BROKEN),
        (_reline(thread="b" * 32), Code.SEAL_BROKEN),
        (_reline(id="b" * 32), Code.SEAL_BROKEN),
    ],
)  # fmt: skip
def test_fault_of_the_line_gets_its_code(raw: bytes, code: Code) -> None:
    assert _code(raw) is code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "x"), ("id", ...), ("thread", "A" * 32), ("n", 0), ("n", True), ("n", 1.0), ("size", -1),
        ("size", ...), ("sha256", "A" * 64), ("sha256", 1), ("speaks", "1"), ("speaks", [[]]),
        ("speaks", [True]), ("list", 0), ("to", "h|n"), ("to", 5), ("to_key", "x|y"), ("made", "today"),
        ("made", ...), ("ends", 5), ("crit", "id"),
    ],
)  # fmt: skip
def test_misshapen_field_makes_the_line_unreadable(name: str, value: object) -> None:
    assert _code(_reline(**{name: value})) is Code.LINE_UNREADABLE


@pytest.mark.parametrize("name", ["from"])
@pytest.mark.parametrize("value", ["hn", 5, ...])
def test_line_in_the_name_of_another_node_is_of_an_unknown_sender(name: str, value: object) -> None:
    assert _code(_reline(**{name: value})) is Code.SENDER_UNKNOWN


def test_line_signed_as_another_kind_of_text_is_refused() -> None:
    key = world.sign_pair("mx")
    token = seal.sign(key.private, _line_fields(), kid=key.id, typ="amparo-rcpt+1")

    assert _code(token.encode() + b"\n" + GOOD.partition(b"\n")[2]) is Code.SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (_resealed(b"not signed"), Code.CONTENT_UNREADABLE),
        (_resealed(_inner(_message_fields()), pad=lambda inner: inner), Code.CONTENT_UNREADABLE),
        (_resealed("é".encode()), Code.CONTENT_UNREADABLE),
        (_resealed(_inner(_message_fields(), signer="nobody")), Code.SENDER_UNKNOWN),
        (_resealed(_inner(_message_fields(), signer="mx")), Code.SENDER_UNKNOWN),
        (_resealed(_inner(_message_fields(), signer="mx-migracion")), Code.SIGNATURE_WRONG),
        (_resealed(_inner(_message_fields(), signer="hn-proteccion")), Code.SIGNATURE_WRONG),
        (
            _resealed(_inner(_message_fields() | {"from_agency": "hn-proteccion"}, signer="hn-proteccion")),
            Code.SIGNATURE_WRONG,
        ),
        (_resealed(_inner(_message_fields(), typ=lines.LINE_TYP)), Code.SIGNATURE_WRONG),
        (_resealed(_inner(b"[]")), Code.CONTENT_UNREADABLE),
        (_resealed(_inner(b'{"a":NaN}')), Code.CONTENT_UNREADABLE),
        (_resealed(_inner(_message_fields()), to="hn-migracion"), Code.WRONG_RECIPIENT),
        (_reinner(crit=["later"], later=1), Code.VERSION_UNKNOWN),
        (_reinner(id="b" * 32), Code.SIGNATURE_WRONG),
        (_reinner(thread="b" * 32), Code.SIGNATURE_WRONG),
        (_reinner(n=2), Code.SIGNATURE_WRONG),
        (_reinner(n=...), Code.SIGNATURE_WRONG),
        (_reinner(to_agency="hn-nadie"), Code.WRONG_RECIPIENT),
        (_reinner(to_agency="mx-migracion"), Code.WRONG_RECIPIENT),
        (_reinner(type=""), Code.CONTENT_UNREADABLE),
        (_reinner(purpose=5), Code.CONTENT_UNREADABLE),
        (_reinner(data=[]), Code.CONTENT_UNREADABLE),
        (_reinner(data=...), Code.CONTENT_UNREADABLE),
        (_reinner(basis=0), Code.CONTENT_UNREADABLE),
        (_reinner(view="said"), Code.CONTENT_UNREADABLE),
        (_reinner(type="refer"), Code.NOT_PERMITTED),
        (_reinner(profile="everything"), Code.NOT_PERMITTED),
        (_reinner(profile="gate", type="gate"), Code.NOT_PERMITTED),
        (_reinner(basis=None), Code.NOT_PERMITTED),
        (_reinner(view=...), Code.NOT_PERMITTED),
        (_reinner(data={"case": {"complaints": {}}}), Code.NOT_PERMITTED),
    ],
)
def test_fault_of_the_message_gets_its_code(raw: bytes, code: Code) -> None:
    assert _code(raw) is code


def test_expired_list_trusts_nobody() -> None:
    assert _code(GOOD, trust=world.trust_list(expires="2026-11-21T10:00:00Z")) is Code.SENDER_UNKNOWN


def test_envelope_is_not_opened_a_moment_after_its_end() -> None:
    assert _code(GOOD, now=NOW + timedelta(days=7)) is Code.OUTSIDE_DATES


def test_message_for_an_agency_of_another_node_is_not_ours_even_with_its_key() -> None:
    pair = world.seal_pair("mx-migracion")
    raw = _resealed(_inner(_message_fields() | {"to_agency": "mx-migracion"}), to="mx-migracion")

    assert _code(raw, key_for={pair.id: pair.private}.get) is Code.WRONG_RECIPIENT


@pytest.mark.parametrize("revoked", ["mx", "mx-proteccion"])
def test_revoked_key_of_node_or_agency_stops_working(revoked: str) -> None:
    document = world.document()
    key = world.sign_pair(revoked).id
    for party in (*document["nodes"], *document["nodes"][0]["agencies"]):
        for one in party["sign_keys"]:
            one["until"] = "2026-11-21T09:59:59Z" if one["id"] == key else one["until"]

    assert _code(GOOD, trust=world.trust_list(**document)) is Code.SENDER_UNKNOWN


def test_agency_without_its_key_at_hand_is_no_recipient() -> None:
    assert _code(GOOD, key_for=lambda _: None) is Code.WRONG_RECIPIENT


def test_there_are_twelve_codes_and_a_refusal_tells_only_its_code() -> None:
    assert len(Code) == 12
    assert str(EnvelopeRefused(Code.SEAL_BROKEN)) == "The envelope was refused: seal-broken."


# Mutations (E2): nothing changed is ever accepted, and nothing but the twelve codes comes out


def test_no_changed_byte_is_accepted() -> None:
    chance = random.Random(20261121)

    for _ in range(600):
        place = chance.randrange(len(GOOD)) if chance.random() < 0.5 else chance.randrange(900)
        changed = bytearray(GOOD)
        changed[place] ^= 1 << chance.randrange(8)
        assert isinstance(_code(bytes(changed)), Code)


def test_no_cut_doubled_or_shuffled_piece_is_accepted() -> None:
    chance = random.Random(41)

    for _ in range(200):
        start, end = sorted(chance.sample(range(len(GOOD)), 2))
        piece = GOOD[start:end]
        for changed in (GOOD[:start] + GOOD[end:], GOOD[:end] + piece + GOOD[end:]):
            assert isinstance(_code(changed), Code)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_refused_with_a_code(raw: bytes) -> None:
    assert isinstance(_code(raw), Code)


# Sending


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": None}, "basis-missing"),
        ({"view": None}, "view-missing"),
        ({"data": {"case": {"complaints": {}}}}, "outside-profile"),
        ({"data": {"case": {}, "extra": "x"}}, "surplus-field"),
        ({"more": {"later": 1}}, "surplus-field"),
        ({"data": {"case": {"plan": {"note": float("nan")}}}}, "not-json"),
        ({"data": {"case": {"plan": {"note": "n" * 1_000_000}}}}, "too-large"),
    ],
)
def test_message_that_breaks_its_profile_is_not_sent(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(MessageNotSendable) as refused:
        world.envelope(world.proposal(**changes))

    assert code in refused.value.codes


@pytest.mark.parametrize(
    "changes",
    [{"n": 0}, {"ends": NOW}, {"ends": NOW + timedelta(days=14, seconds=1)}],
)
def test_route_without_end_or_number_is_not_sent(changes: dict[str, Any]) -> None:
    with pytest.raises(MessageNotSendable, match="route"):
        world.envelope(where=world.route(**changes))


def test_agency_of_another_node_is_not_written_to() -> None:
    with pytest.raises(PeerUnknown):
        world.envelope(world.proposal(to_agency="mx-migracion"))


def test_other_sector_is_not_written_to() -> None:
    with pytest.raises(PeerNotAllowed):
        world.envelope(world.proposal(to_agency="hn-migracion"))


def test_nothing_leaves_on_an_expired_list() -> None:
    old = world.trust_list(expires="2026-11-21T10:00:00Z")

    with pytest.raises(TrustListExpired):
        make_envelope(
            world.proposal(),
            world.route(),
            trust=old,
            node_key=world.sign_pair("mx"),
            agency_key=world.sign_pair("mx-proteccion"),
        )
