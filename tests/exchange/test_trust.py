"""Show that the trust list answers only what it surely knows, and that nobody brings back an old one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from amparo.base import seal
from amparo.exchange import trust
from amparo.exchange.profiles import Sector
from tests.exchange import world
from tests.exchange.world import DAY, NOW, ROOT

LIST = world.trust_list()


def _read(document: dict[str, Any]) -> trust.TrustList:
    return trust.read_trust_list(seal.sign(ROOT.private, document, kid=ROOT.id, typ=trust.TYP), ROOT.public)


def _with_agency(**changes: Any) -> trust.TrustList:  # noqa: ANN401
    agency = world.agency("mx-proteccion", "protection") | changes
    return _read(world.document(nodes=[world.node("mx", "MX", [agency])]))


def test_listed_agency_is_known_with_its_node_and_country() -> None:
    agency = LIST.agency("hn-proteccion", NOW)

    assert (agency.node, agency.country, agency.sector) == ("hn", "HN", Sector.PROTECTION)
    assert LIST.node("hn", NOW).url.startswith("http://127.0.0.1")
    assert agency.duty_telephone


def test_agency_is_named_in_the_readers_language_or_in_spanish() -> None:
    agency = LIST.agency("hn-proteccion", NOW)
    nameless = _with_agency(names={}).agency("mx-proteccion", NOW)

    assert agency.name_in("en") == "Agency hn-proteccion"
    assert agency.name_in("ht") == "Agencia hn-proteccion"
    assert nameless.name_in("en") == "mx-proteccion"


def test_keys_lead_to_their_owner() -> None:
    assert LIST.node_sign_key(world.sign_pair("mx").id, NOW)[0].id == "mx"
    assert LIST.agency_sign_key(world.sign_pair("hn-migracion").id, NOW)[0].id == "hn-migracion"
    assert LIST.seal_key_of("hn-proteccion", NOW).public == world.seal_pair("hn-proteccion").public


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: LIST.node("gt", at),
        lambda at: LIST.agency("gt-proteccion", at),
        lambda at: LIST.seal_key_of("gt-proteccion", at),
        lambda at: LIST.node_sign_key(world.sign_pair("mx-proteccion").id, at),
        lambda at: LIST.agency_sign_key(world.sign_pair("mx").id, at),
        lambda at: LIST.agency_sign_key("", at),
    ],
)
def test_whoever_is_not_listed_is_unknown(ask: Callable[[Any], object]) -> None:
    with pytest.raises(trust.PeerUnknown):
        ask(NOW)


@pytest.mark.parametrize("at", [NOW - timedelta(hours=1), NOW + timedelta(hours=1)])
def test_key_outside_its_dates_is_unknown(at: Any) -> None:  # noqa: ANN401
    short = {"since": NOW, "until": NOW + timedelta(hours=1)}
    sign, sealing = (
        world.listed(make("mx-proteccion"), **short) for make in (world.sign_pair, world.seal_pair)
    )
    held = _with_agency(sign_keys=[sign], seal_keys=[sealing])

    with pytest.raises(trust.PeerUnknown):
        held.agency_sign_key(sign["id"], at)
    with pytest.raises(trust.PeerUnknown):
        held.seal_key_of("mx-proteccion", at)
    assert held.seal_key_of("mx-proteccion", NOW).id == sealing["id"]


def test_newest_good_seal_key_is_used() -> None:
    old, new = world.listed(world.seal_pair("old")), world.listed(world.seal_pair("new"), since=NOW)

    held = _with_agency(seal_keys=[new, old])

    assert held.seal_key_of("mx-proteccion", NOW).id == new["id"]
    assert held.seal_key_of("mx-proteccion", NOW - timedelta(hours=1)).id == old["id"]


@pytest.mark.parametrize("at", [NOW + 20 * DAY, NOW - DAY - timedelta(minutes=11)])
def test_list_of_another_time_answers_nothing(at: Any) -> None:  # noqa: ANN401
    for ask in (
        lambda: LIST.node("mx", at),
        lambda: LIST.agency("mx-proteccion", at),
        lambda: LIST.seal_key_of("mx-proteccion", at),
        lambda: LIST.node_sign_key(world.sign_pair("mx").id, at),
        lambda: LIST.agency_sign_key(world.sign_pair("mx-proteccion").id, at),
        lambda: LIST.require_profile("transfer", sender="mx-proteccion", recipient="hn-proteccion", at=at),
    ):
        with pytest.raises(trust.TrustListExpired):
            ask()


def test_old_list_opens_no_new_threads() -> None:
    assert LIST.may_open_threads(NOW + timedelta(hours=47))
    assert not LIST.may_open_threads(NOW + timedelta(hours=48))
    assert not world.trust_list(expires="2026-11-21T10:00:00Z").may_open_threads(NOW)


def test_profile_is_allowed_between_the_sectors_it_names() -> None:
    LIST.require_profile("transfer", sender="mx-proteccion", recipient="hn-proteccion", at=NOW)
    LIST.require_profile("gate", sender="mx-proteccion", recipient="mx-migracion", at=NOW)


@pytest.mark.parametrize(
    ("profile", "sender", "recipient"),
    [
        ("transfer", "mx-proteccion", "hn-migracion"),
        ("transfer", "mx-migracion", "hn-proteccion"),
        ("gate", "mx-proteccion", "hn-proteccion"),
        ("referral", "mx-proteccion", "mx-migracion"),
        ("everything", "mx-proteccion", "hn-proteccion"),
    ],
)
def test_profile_is_refused_to_another_sector_whatever_the_list_says(
    profile: str, sender: str, recipient: str
) -> None:
    with pytest.raises(trust.PeerNotAllowed):
        LIST.require_profile(profile, sender=sender, recipient=recipient, at=NOW)


@pytest.mark.parametrize("right", ["sends", "receives"])
def test_profile_is_refused_where_the_list_does_not_give_it(right: str) -> None:
    held = _with_agency(**{right: ["referral"]})

    with pytest.raises(trust.PeerNotAllowed):
        held.require_profile("transfer", sender="mx-proteccion", recipient="mx-proteccion", at=NOW)


# The signed text


def test_list_of_another_root_is_refused() -> None:
    text = trust.make_trust_list(world.document(), ROOT)

    with pytest.raises(trust.TrustListWrong):
        trust.read_trust_list(text, world.sign_pair("mx").public)
    with pytest.raises(trust.TrustListWrong):
        trust.read_trust_list(text[:-3] + "AAA", ROOT.public)


def test_text_signed_by_the_root_for_another_use_is_no_list() -> None:
    text = seal.sign(ROOT.private, world.document(), kid=ROOT.id, typ="amparo-guide+1")

    with pytest.raises(trust.TrustListWrong):
        trust.read_trust_list(text, ROOT.public)


def test_older_list_does_not_take_the_place_of_a_newer_one() -> None:
    older = trust.make_trust_list(world.document(number=6), ROOT)

    with pytest.raises(trust.TrustListRolledBack):
        trust.read_trust_list(older, ROOT.public, held=LIST)


def test_two_lists_under_one_number_are_noticed() -> None:
    other = trust.make_trust_list(world.document(nodes=[]), ROOT)

    with pytest.raises(trust.TrustListRolledBack):
        trust.read_trust_list(other, ROOT.public, held=LIST)


def test_same_list_again_and_a_newer_one_are_read() -> None:
    same = trust.make_trust_list(world.document(), ROOT)
    newer = trust.make_trust_list(world.document(number=8), ROOT)

    assert trust.read_trust_list(same, ROOT.public, held=LIST) == LIST
    assert trust.read_trust_list(newer, ROOT.public, held=LIST).number == 8


def test_fields_of_a_newer_list_are_left_alone_unless_critical() -> None:
    assert _read(world.document(later=1)).number == 7
    with pytest.raises(trust.TrustListWrong):
        _read(world.document(later=1, crit=["later"]))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"format_version": 2}, "format_version"),
        ({"number": 0}, "number"),
        ({"number": True}, "number"),
        ({"made": "2026-11-21"}, "made or expires"),
        ({"expires": "2026-11-01T00:00:00Z"}, "expires must come after made"),
        ({"nodes": {}}, "nodes must be a list"),
        ({"nodes": ["mx"]}, r"nodes\[0\]: must be an object"),
        ({"nodes": [world.node("MX", "MX", [])]}, r"nodes\[0\]: id"),
        ({"nodes": [world.node("mx", "Mexico", [])]}, r"nodes\[0\]: country"),
        ({"nodes": [world.node("mx", "MX", [], url="ftp://127.0.0.1")]}, r"nodes\[0\]: url"),
        ({"nodes": [world.node("mx", "MX", []), world.node("mx", "MX", [])]}, "id mx stands twice"),
        ({"nodes": [world.node("mx", "MX", [], sign_keys=None)]}, "sign_keys must be a list"),
    ],
)
def test_misshapen_list_is_refused_with_its_place(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(trust.TrustListWrong, match=where):
        _read(world.document(**changes))
    with pytest.raises(trust.TrustListWrong, match=where):
        trust.make_trust_list(world.document(**changes), ROOT)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"sector": "police"}, r"agencies\[0\]: sector must be one of protection"),
        ({"country": "HN"}, "country must be that of its node"),
        ({"names": {"es": ""}}, "names"),
        ({"names": "Agencia"}, "names"),
        ({"duty_telephone": "call us"}, "duty_telephone"),
        ({"sends": [1]}, "sends must be a list of texts"),
        ({"speaks": [0]}, "speaks must be a list of whole numbers"),
        (
            {"seal_keys": [world.listed(world.sign_pair("x"))]},
            r"seal_keys\[0\]: A key of this kind has 1216 bytes",
        ),
        (
            {"sign_keys": [world.listed(world.seal_pair("x"))]},
            r"sign_keys\[0\]: A key of this kind has 32 bytes",
        ),
        ({"sign_keys": [{"public": "?"}]}, r"sign_keys\[0\]: This text is not a key"),
        (
            {"sign_keys": [world.listed(world.sign_pair("x")) | {"id": "A" * 22}]},
            "id is not the name of this key",
        ),
        ({"sign_keys": [world.listed(world.sign_pair("x"), until=NOW - DAY)]}, "until must come after since"),
        ({"sign_keys": [world.listed(world.sign_pair("mx"))]}, "key .* stands twice"),
    ],
)
def test_misshapen_agency_is_refused_with_its_place(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(trust.TrustListWrong, match=where):
        _with_agency(**changes)


def test_list_that_json_cannot_say_is_not_signed() -> None:
    with pytest.raises(trust.TrustListWrong):
        trust.make_trust_list(world.document(later=float("nan")), ROOT)
