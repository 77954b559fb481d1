"""Show that only a published key of the right kind vouches for a text, and that no odd text is more than refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from amparo.base.provider_keys import KeyNotPublished, signed_claims
from amparo.base.seal import SignatureBroken

RSA = RSAKey.generate_key(2048, {"kid": "r"})
P256 = ECKey.generate_key("P-256", {"kid": "e"})
P384 = ECKey.generate_key("P-384", {"kid": "f"})
PUBLIC = [key.as_dict(private=False) for key in (RSA, P256, P384)]
CLAIMS = {"sub": "x"}


def _text(key: RSAKey | ECKey | OctKey, algorithm: str, **header: object) -> str:
    said = {"alg": algorithm} | header
    return jws.serialize_compact(said, json.dumps(CLAIMS), key, algorithms=[algorithm])


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(RSA, "RS256", "r"), (RSA, "PS256", "r"), (P256, "ES256", "e"), (P384, "ES384", "f")],
)
def test_a_published_key_vouches_with_and_without_its_name(
    key: RSAKey | ECKey, algorithm: str, kid: str
) -> None:
    assert signed_claims(_text(key, algorithm, kid=kid), PUBLIC) == CLAIMS
    assert signed_claims(_text(key, algorithm), PUBLIC) == CLAIMS


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_a_shared_secret_vouches_for_nothing_even_if_it_is_published(algorithm: str) -> None:
    secret = OctKey.import_key("a secret that is long enough for all of the hashes there are, certainly")
    text = _text(secret, algorithm, kid="s")

    for keys in (PUBLIC, [secret.as_dict(private=True) | {"kid": "s"}]):
        with pytest.raises(SignatureBroken):
            signed_claims(text, keys)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "ES512", "EdDSA", "none", "None", "", "rs256"])
def test_an_algorithm_that_is_not_listed_is_refused(algorithm: str) -> None:
    head, body, tail = _text(RSA, "RS256").split(".")
    forged = jws.serialize_compact({"alg": "RS256"}, b"", RSA, algorithms=["RS256"])
    assert head in forged
    other = json.dumps({"alg": algorithm}).encode()
    from base64 import urlsafe_b64encode

    with pytest.raises(SignatureBroken):
        signed_claims(f"{urlsafe_b64encode(other).rstrip(b'=').decode()}.{body}.{tail}", PUBLIC)


def test_a_key_for_sealing_of_another_kind_or_another_name_is_not_taken() -> None:
    public = RSA.as_dict(private=False)
    text = _text(RSA, "RS256", kid="r")

    for other in ({"use": "enc"}, {"alg": "PS256"}, {"kid": "other"}, {"kty": "EC"}):
        with pytest.raises(KeyNotPublished):
            signed_claims(text, [public | other])


def test_a_short_key_is_too_weak() -> None:
    weak = RSAKey.generate_key(1024, {"kid": "w"})

    with pytest.raises(SignatureBroken):
        signed_claims(_text(weak, "RS256", kid="w"), [weak.as_dict(private=False)])


def test_a_key_inside_the_text_is_not_looked_at() -> None:
    own = RSAKey.generate_key(2048)
    text = _text(own, "RS256", kid="r", jwk=own.as_dict(private=False))

    with pytest.raises(SignatureBroken):
        signed_claims(text, PUBLIC)


@pytest.mark.parametrize("inside", [b"[]", b"7", b"x", b"[" * 5_000, b"\xff"])
def test_what_was_signed_has_to_be_names_with_values(inside: bytes) -> None:
    text = jws.serialize_compact({"alg": "RS256", "kid": "r"}, inside, RSA, algorithms=["RS256"])

    with pytest.raises(SignatureBroken):
        signed_claims(text, PUBLIC)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(text=st.text(max_size=200), keys=st.lists(_JSON, max_size=3))
def test_no_text_and_no_set_of_keys_is_more_than_refused(text: str, keys: list[object]) -> None:
    for one in (text, f"{text}.{text}.{text}", _GOOD[:-4] + text[:4]):
        with pytest.raises((SignatureBroken, KeyNotPublished)):
            signed_claims(one, keys)


_GOOD = _text(RSA, "RS256", kid="r")


@given(key=st.dictionaries(st.sampled_from(["kty", "n", "e", "crv", "x", "y", "kid"]), _JSON))
def test_a_broken_key_is_passed_over(key: dict[str, object]) -> None:
    odd = {"kty": "RSA", "kid": "r"} | key

    assert signed_claims(_GOOD, [odd, *PUBLIC]) == CLAIMS
