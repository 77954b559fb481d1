"""Show that what is sealed stays sealed, and that what is signed cannot be changed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from amparo.base import seal

PLACE = "case.name/41/1"
AGENCY = seal.seal_keys_from(bytes(range(32)))
SIGNER = seal.sign_keys_from(bytes(range(32)))


def _forged(header: str, payload: bytes = b"{}", key: seal.KeyPair = SIGNER) -> str:
    """Sign any header at all with the right key, so that only the header can be at fault."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = f"{seal.to_text(header.encode())}.{seal.to_text(payload)}"
    signature = Ed25519PrivateKey.from_private_bytes(key.private).sign(text.encode())
    return f"{text}.{seal.to_text(signature)}"


# At rest


@given(clear=st.binary(max_size=300), context=st.text(min_size=1, max_size=40))
def test_decrypt_returns_what_was_encrypted(clear: bytes, context: str) -> None:
    key = seal.new_key()

    assert seal.decrypt(key, seal.encrypt(key, clear, context=context), context=context) == clear


def test_encrypt_hides_the_clear_text_and_never_repeats_itself() -> None:
    key = seal.new_key()

    one, other = (seal.encrypt(key, b"Ana Lucia", context=PLACE) for _ in range(2))

    assert b"Ana" not in one
    assert one != other


def test_encrypted_bytes_begin_with_the_version() -> None:
    assert seal.encrypt(seal.new_key(), b"x", context=PLACE)[0] == 1


def test_no_flipped_byte_opens() -> None:
    key = seal.new_key()
    sealed = seal.encrypt(key, b"Ana Lucia", context=PLACE)

    for place in range(len(sealed)):
        for mask in (0x01, 0x80, 0xFF):
            changed = sealed[:place] + bytes([sealed[place] ^ mask]) + sealed[place + 1 :]
            with pytest.raises(seal.SealBroken):
                seal.decrypt(key, changed, context=PLACE)


def test_no_cut_or_lengthened_bytes_open() -> None:
    key = seal.new_key()
    sealed = seal.encrypt(key, b"Ana Lucia", context=PLACE)

    for changed in [*(sealed[:end] for end in range(len(sealed))), sealed + b"\x00"]:
        with pytest.raises(seal.SealBroken):
            seal.decrypt(key, changed, context=PLACE)


def test_decrypt_refuses_another_place_and_another_key() -> None:
    key = seal.new_key()
    sealed = seal.encrypt(key, b"Ana Lucia", context=PLACE)

    with pytest.raises(seal.SealBroken):
        seal.decrypt(key, sealed, context="case.name/42/1")
    with pytest.raises(seal.SealBroken):
        seal.decrypt(seal.new_key(), sealed, context=PLACE)


def test_sealing_without_a_place_is_refused() -> None:
    key = seal.new_key()
    sealed = seal.encrypt(key, b"x", context=PLACE)

    with pytest.raises(seal.ContextMissing):
        seal.encrypt(key, b"x", context="")
    with pytest.raises(seal.ContextMissing):
        seal.decrypt(key, sealed, context="")
    with pytest.raises(seal.ContextMissing):
        seal.wrap_key(key, seal.new_key(), context="")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    short = bytes(length)

    with pytest.raises(seal.KeyUnusable):
        seal.encrypt(short, b"x", context=PLACE)
    with pytest.raises(seal.KeyUnusable):
        seal.decrypt(short, b"x" * 40, context=PLACE)
    with pytest.raises(seal.KeyUnusable):
        seal.wrap_key(seal.new_key(), short, context=PLACE)
    with pytest.raises(seal.KeyUnusable):
        seal.blind(short, "Ana")
    with pytest.raises(seal.KeyUnusable):
        seal.seal_keys_from(short)
    with pytest.raises(seal.KeyUnusable):
        seal.sign_keys_from(short)


def test_wrapped_key_opens_for_its_own_case_only() -> None:
    node, case = seal.new_key(), seal.new_key()

    wrapped = seal.wrap_key(node, case, context="case 1")

    assert seal.unwrap_key(node, wrapped, context="case 1") == case
    with pytest.raises(seal.SealBroken):
        seal.unwrap_key(node, wrapped, context="case 2")


def test_wrapped_key_does_not_open_as_ordinary_bytes() -> None:
    node = seal.new_key()

    wrapped = seal.wrap_key(node, seal.new_key(), context="case 1")

    with pytest.raises(seal.SealBroken):
        seal.decrypt(node, wrapped, context="case 1")


# To an agency


@settings(max_examples=30)
@given(clear=st.binary(max_size=500), info=st.binary(max_size=60))
def test_agency_opens_what_is_sealed_to_it(clear: bytes, info: bytes) -> None:
    sealed = seal.seal_to(AGENCY.public, clear, info=info)

    assert seal.open_sealed(AGENCY.private, sealed, info=info) == clear
    assert len(sealed) == len(clear) + seal.SEAL_OVERHEAD


def test_no_flipped_byte_of_a_seal_opens() -> None:
    sealed = seal.seal_to(AGENCY.public, b"Ana Lucia", info=b"for Honduras")

    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 0x01]) + sealed[place + 1 :]
        with pytest.raises(seal.SealBroken):
            seal.open_sealed(AGENCY.private, changed, info=b"for Honduras")


@pytest.mark.parametrize("end", [0, 1, 2, 1088, 1089, 1120, 1121, 1136, 1145])
def test_no_cut_seal_opens(end: int) -> None:
    sealed = seal.seal_to(AGENCY.public, b"Ana Lucia", info=b"")

    with pytest.raises(seal.SealBroken):
        seal.open_sealed(AGENCY.private, sealed[:end], info=b"")


def test_seal_with_a_worthless_curve_point_does_not_open() -> None:
    sealed = seal.seal_to(AGENCY.public, b"Ana Lucia", info=b"")

    changed = sealed[:1089] + bytes(32) + sealed[1121:]

    with pytest.raises(seal.SealBroken):
        seal.open_sealed(AGENCY.private, changed, info=b"")


def test_seal_opens_neither_for_another_agency_nor_for_another_message() -> None:
    sealed = seal.seal_to(AGENCY.public, b"Ana Lucia", info=b"message 1")

    with pytest.raises(seal.SealBroken):
        seal.open_sealed(seal.new_seal_keys().private, sealed, info=b"message 1")
    with pytest.raises(seal.SealBroken):
        seal.open_sealed(AGENCY.private, sealed, info=b"message 2")


@pytest.mark.parametrize(
    "public",
    [b"", AGENCY.public[:-1], AGENCY.public + b"\x00", b"\xff" * 1216, AGENCY.public[:-32] + bytes(32)],
    ids=["empty", "short", "long", "no such matrix", "worthless point"],
)
def test_bytes_that_are_no_sealing_key_are_refused(public: bytes) -> None:
    with pytest.raises(seal.KeyUnusable):
        seal.seal_to(public, b"x", info=b"")


def test_fresh_keys_differ_and_do_not_show_their_private_half() -> None:
    one, other = seal.new_seal_keys(), seal.new_seal_keys()

    assert one.private != other.private
    assert len(one.public) == seal.SEAL_PUBLIC_BYTES
    assert repr(one) == f"KeyPair(id='{one.id}')"


# Signatures


def test_verify_returns_what_was_signed() -> None:
    claims = {"name": "Ñandú", "n": 1}

    token = seal.sign(SIGNER.private, claims, kid=SIGNER.id, typ="amparo-test+1")
    signed = seal.verify(SIGNER.public, token, typ="amparo-test+1", max_bytes=1000)

    assert json.loads(signed.payload) == claims
    assert signed.header == {"alg": "Ed25519", "kid": SIGNER.id, "typ": "amparo-test+1"}
    assert seal.claimed_signer(token, max_bytes=1000) == SIGNER.id


def test_sign_takes_bytes_of_any_length_that_verify_allows() -> None:
    content = b"a" * 200_000

    token = seal.sign(SIGNER.private, content, kid="k", typ="t")

    assert seal.verify(SIGNER.public, token, typ="t", max_bytes=300_000).payload == content


def test_sign_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        seal.sign(SIGNER.private, {"age": float("nan")}, kid="k", typ="t")


def test_no_changed_sign_of_a_token_verifies() -> None:
    token = seal.sign(SIGNER.private, {"n": 1}, kid=SIGNER.id, typ="t")

    for place in range(len(token)):
        for other in {"A", "B", "_", ".", "=", "\n", "é"} - {token[place]}:
            with pytest.raises(seal.SignatureBroken):
                seal.verify(
                    SIGNER.public, token[:place] + other + token[place + 1 :], typ="t", max_bytes=1000
                )


def test_verify_refuses_another_key_another_kind_and_a_long_token() -> None:
    token = seal.sign(SIGNER.private, {"n": 1}, kid="k", typ="t")

    with pytest.raises(seal.SignatureBroken):
        seal.verify(seal.new_sign_keys().public, token, typ="t", max_bytes=1000)
    with pytest.raises(seal.SignatureBroken):
        seal.verify(SIGNER.public, token, typ="other", max_bytes=1000)
    with pytest.raises(seal.SignatureBroken):
        seal.verify(SIGNER.public, token, typ="t", max_bytes=len(token) - 1)
    assert seal.verify(SIGNER.public, token, typ="t", max_bytes=len(token)).payload == b'{"n":1}'


def test_verify_refuses_a_key_of_another_length() -> None:
    token = seal.sign(SIGNER.private, {"n": 1}, kid="k", typ="t")

    with pytest.raises(seal.KeyUnusable):
        seal.verify(SIGNER.public[:-1], token, typ="t", max_bytes=1000)


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"EdDSA","kid":"k","typ":"t"}',
        '{"alg":"none","kid":"k","typ":"t"}',
        '{"alg":"Ed25519","kid":"k"}',
        '{"alg":"Ed25519","kid":"k","typ":1}',
        '{"alg":"Ed25519","kid":"k","typ":"t","b64":false}',
        '{"alg":"Ed25519","kid":"k","typ":"t","jwk":{}}',
        '{"alg":"Ed25519","kid":"a","kid":"k","typ":"t"}',
        '{"alg":"Ed25519","kid":"k","kid":"k"}',
        '["alg","kid","typ"]',
        "[[],[],[]]",
        "1",
        "{",
        '{"alg":"Ed25519","kid":"' + "k" * 600 + '","typ":"t"}',
    ],
)
def test_verify_refuses_every_other_header_even_well_signed(header: str) -> None:
    with pytest.raises(seal.SignatureBroken):
        seal.verify(SIGNER.public, _forged(header), typ="t", max_bytes=2000)


def test_verify_accepts_the_three_fields_in_any_order() -> None:
    token = _forged('{"typ": "t", "kid": "k", "alg": "Ed25519"}')

    assert seal.verify(SIGNER.public, token, typ="t", max_bytes=1000).header["kid"] == "k"


def test_verify_refuses_a_token_made_with_the_public_key_as_a_secret() -> None:
    header = {"alg": "HS256", "kid": "k", "typ": "t"}

    token = jws.serialize_compact(header, b"{}", OctKey.import_key(SIGNER.public), algorithms=["HS256"])

    with pytest.raises(seal.SignatureBroken):
        seal.verify(SIGNER.public, token, typ="t", max_bytes=1000)


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c.d", "..", "é.a.b", "_w.e30.AA", f"{'A' * 513}.e30.AA"]
)
def test_claimed_signer_refuses_what_is_no_token(token: str) -> None:
    with pytest.raises(seal.SignatureBroken):
        seal.claimed_signer(token, max_bytes=1000)


# Digests, indexes, names


def test_blind_is_short_repeatable_and_of_its_own_key() -> None:
    key = seal.new_key()

    assert seal.blind(key, "ana") == seal.blind(key, "ana")
    assert len(seal.blind(key, "ana")) == 4
    assert seal.blind(key, "ana") != seal.blind(key, "eva")
    assert seal.blind(bytes(32), "ana").hex() == "aa50888b"


def test_file_digest_is_sha_256() -> None:
    assert seal.file_digest(b"abc").startswith("ba7816bf8f01cfea")
    assert len(seal.file_digest(b"")) == 64


def test_same_compares_bytes() -> None:
    assert seal.same(b"abc", b"abc")
    assert not seal.same(b"abc", b"abd")


def test_key_id_is_short_and_follows_the_key() -> None:
    assert len(SIGNER.id) == 22
    assert SIGNER.id == seal.key_id(SIGNER.public)
    assert SIGNER.id != AGENCY.id


@given(st.binary(max_size=80))
def test_from_text_reads_what_to_text_wrote(raw: bytes) -> None:
    assert seal.from_text(seal.to_text(raw)) == raw


@pytest.mark.parametrize("text", ["A", "AB", "AA==", "A+8", "A/8", "é", "AA\n"])
def test_from_text_refuses_every_other_way_to_write(text: str) -> None:
    with pytest.raises(seal.KeyUnusable):
        seal.from_text(text)


def test_a_passphrase_gives_the_same_key_with_the_same_salt_and_another_with_another() -> None:
    salt = seal.new_salt()

    key = seal.stretch("una frase de cuatro", salt)

    assert (len(key), seal.stretch("una frase de cuatro", salt)) == (seal.KEY_BYTES, key)
    assert len({key, seal.stretch("una frase de cuatro", seal.new_salt()), seal.stretch("otra", salt)}) == 3


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(seal.KeyUnusable):
        seal.stretch("una frase", b"short")
