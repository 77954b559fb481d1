"""Show, over many made-up answers, that nothing but the whole of what was asked for lets somebody in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.ministry_rules import (
    OLDEST,
    SKEW,
    Attempt,
    ProviderWrong,
    answer_refusal,
    claims_refusal,
    endpoints_of,
    origin_of,
    vouches_for_second_step,
)
from tests.access.ministries import a_ministry

ISSUER, AT = "https://login.ministry.example/realm", 1_800_000_000
MINISTRY = a_ministry(ISSUER, acr=("gold",), amr=("otp",))
GOOD: dict[str, object] = {
    "iss": ISSUER, "aud": MINISTRY.client_id, "sub": "1", "nonce": "n", "iat": AT, "exp": AT + 60,
}  # fmt: skip
ATTEMPT = Attempt(MINISTRY.id, "s", "n", "v", began=AT)
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)
)


def _refusal(**changed: object) -> str:
    return claims_refusal(GOOD | changed, MINISTRY, nonce="n", at=AT)


def test_what_was_asked_for_is_believed() -> None:
    assert _refusal() == ""
    assert _refusal(aud=[MINISTRY.client_id]) == ""
    assert _refusal(aud=[MINISTRY.client_id, "b"], azp=MINISTRY.client_id) == ""


@given(name=st.sampled_from(sorted(GOOD)), value=ANYTHING)
def test_any_other_value_of_any_claim_is_refused_or_is_the_same(name: str, value: object) -> None:
    refused = _refusal(**{name: value})

    times = name in ("iat", "exp") and isinstance(value, int | float) and not isinstance(value, bool)
    named = name == "sub" and isinstance(value, str)
    assert refused or times or named or value in (GOOD[name], [GOOD[name]])


@given(name=st.sampled_from(sorted(GOOD)))
def test_no_claim_may_be_missing(name: str) -> None:
    without = {key: value for key, value in GOOD.items() if key != name}

    assert claims_refusal(without, MINISTRY, nonce="n", at=AT)


@given(late=st.integers(min_value=-10_000, max_value=10_000))
def test_a_token_holds_until_its_end_and_a_minute_and_not_before_it_was_made(late: int) -> None:
    held = claims_refusal(GOOD, MINISTRY, nonce="n", at=AT + late) == ""

    assert held == (-SKEW <= late < 60 + SKEW)


def test_an_empty_nonce_is_never_the_one_that_was_sent() -> None:
    assert claims_refusal(GOOD | {"nonce": ""}, MINISTRY, nonce="", at=AT) == "other-nonce"


@given(acr=ANYTHING, amr=ANYTHING, asked=ANYTHING)
def test_only_agreed_words_and_a_fresh_moment_spare_the_own_second_step(
    acr: object, amr: object, asked: object
) -> None:
    claims = {"acr": acr, "amr": amr, "auth_time": asked}

    if vouches_for_second_step(claims, MINISTRY, at=AT):
        assert isinstance(asked, int | float)
        assert AT - OLDEST - SKEW <= asked <= AT + SKEW
        assert acr == "gold" or (isinstance(amr, list) and "otp" in amr)


def test_a_second_step_is_vouched_for_by_either_word_and_not_by_part_of_it() -> None:
    fresh = {"auth_time": AT}

    assert vouches_for_second_step(fresh | {"acr": "gold"}, MINISTRY, at=AT)
    assert vouches_for_second_step(fresh | {"amr": ["pwd", "otp"]}, MINISTRY, at=AT)
    assert not vouches_for_second_step(fresh | {"amr": "otp"}, MINISTRY, at=AT)
    assert not vouches_for_second_step({"acr": "gold"}, MINISTRY, at=AT)
    assert not vouches_for_second_step(fresh | {"acr": "gold"}, MINISTRY, at=AT + OLDEST + SKEW + 1)


@given(said=st.dictionaries(st.sampled_from(["state", "code", "iss", "error"]), st.text()))
def test_an_answer_without_the_state_of_the_attempt_is_never_taken(said: dict[str, str]) -> None:
    because = answer_refusal(said, ATTEMPT, MINISTRY, names_itself=False, at=AT)

    assert because or said["state"] == "s"


def test_an_attempt_lasts_ten_minutes() -> None:
    said = {"state": "s", "code": "c"}

    assert answer_refusal(said, ATTEMPT, MINISTRY, names_itself=False, at=AT + OLDEST) == ""
    for at in (AT - 1, AT + OLDEST + 1):
        assert answer_refusal(said, ATTEMPT, MINISTRY, names_itself=False, at=at) == "too-late"


DOCUMENT: dict[str, object] = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://login.ministry.example/auth",
    "token_endpoint": "https://login.ministry.example/realm/token",
    "jwks_uri": "https://login.ministry.example/keys",
}


def test_the_addresses_of_a_provider_are_at_its_own_host() -> None:
    found = endpoints_of(DOCUMENT, issuer=ISSUER)

    assert (found.authorize, found.secret_in_form) == (DOCUMENT["authorization_endpoint"], False)
    assert origin_of(ISSUER) == "https://login.ministry.example"


@given(
    name=st.sampled_from(["authorization_endpoint", "token_endpoint", "jwks_uri"]),
    before=st.sampled_from(["", "x", "//", "http:"]), between=st.text(max_size=4), after=st.text(max_size=8),
)  # fmt: skip
def test_an_address_anywhere_else_is_refused(name: str, before: str, between: str, after: str) -> None:
    address = f"{before}https://login.ministry.example{between}{after}"

    try:
        endpoints_of(DOCUMENT | {name: address}, issuer=ISSUER)
    except ProviderWrong:
        return
    assert address.startswith("https://login.ministry.example/")
    assert "#" not in address


@pytest.mark.parametrize("ways", [["private_key_jwt"], "client_secret_basic", [7], {"client_secret_post": 1}])
def test_a_provider_that_takes_no_secret_of_ours_is_refused(ways: object) -> None:
    with pytest.raises(ProviderWrong, match="secret-unusable"):
        endpoints_of(DOCUMENT | {"token_endpoint_auth_methods_supported": ways}, issuer=ISSUER)


def test_the_secret_goes_into_the_form_where_the_provider_wants_it_there() -> None:
    ways = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert endpoints_of(DOCUMENT | ways, issuer=ISSUER).secret_in_form
