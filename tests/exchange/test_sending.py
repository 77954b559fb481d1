"""Show that nothing is sent without basis and voice, into danger, or to the country a child may have fled."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange import sending
from amparo.exchange.profiles import GATE, REFERRAL, TRANSFER
from amparo.exchange.sending import BasisKind, Determination, Marks, Need, Recipient
from tests.exchange.world import BASIS, CASE, VIEW, with_fields

ON = date(2026, 11, 21)
HONDURAS = Recipient(agency="hn-proteccion", sector="protection", country="HN")
MEXICO = Recipient(agency="mx-albergue", sector="protection", country="MX")
SAFE = Marks(origins=frozenset({"HN"}), asylum_need=Need.NO)


def _codes(**changes: Any) -> list[str]:  # noqa: ANN401
    fields: dict[str, Any] = {
        "profile": TRANSFER,
        "basis": BASIS,
        "view": VIEW,
        "recipient": HONDURAS,
        "from_country": "MX",
        "marks": SAFE,
        "determination": None,
        "on": ON,
    } | changes
    refusals = sending.sending_refusals(**fields)
    assert all(refusal.why.endswith(".") for refusal in refusals)
    return [refusal.code for refusal in refusals]


def _message(kind: str = "propose", profile: str = "transfer", **changes: Any) -> list[str]:  # noqa: ANN401
    fields: dict[str, Any] = {"basis": BASIS, "view": VIEW, "data": {"case": CASE}, "on": ON} | changes
    return [one.code for one in sending.message_refusals(profile=profile, kind=kind, **fields)]


def test_case_with_basis_and_voice_may_be_sent() -> None:
    assert _codes() == []
    assert _codes(view={"not_yet": "She sleeps; the hearing is tomorrow with an interpreter."}) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": ...}, "basis-unknown"),
        ({"kind": "convenience"}, "basis-unknown"),
        ({"kind": "legal-duty"}, "article-missing"),
        ({"kind": "legal-duty", "article": " "}, "article-missing"),
        ({"decided_by": ...}, "decider-missing"),
        ({"decided_by": 5}, "decider-missing"),
        ({"guardian": ...}, "guardian-missing"),
        ({"decided_on": "2026-11-22"}, "decided-when"),
        ({"decided_on": "yesterday"}, "decided-when"),
        ({"decided_on": "2026-02-30"}, "decided-when"),
        ({"ends": ...}, "end-missing"),
        ({"ends": "2026-11-20"}, "basis-ended"),
        ({"kind": "consent"}, "consent-by"),
        ({"kind": "consent", "consented_by": "child"}, "consent-age"),
        ({"kind": "consent", "consented_by": "guardian", "guardian": "no"}, "guardian-disagrees"),
    ],
)
def test_fault_of_the_basis_is_named(changes: dict[str, Any], code: str) -> None:
    assert _codes(basis=with_fields(BASIS, **changes)) == [code]


@pytest.mark.parametrize("basis", [None, {}])
def test_nothing_is_sent_without_basis(basis: dict[str, Any] | None) -> None:
    assert _codes(basis=basis) == ["basis-missing"]


@pytest.mark.parametrize("kind", BasisKind)
def test_each_basis_is_enough_when_complete(kind: BasisKind) -> None:
    basis = with_fields(BASIS, kind=kind.value, article="Ley 1, article 2", consented_by="guardian")

    assert _codes(basis=basis) == []


def test_child_old_enough_by_law_consents_herself() -> None:
    marks = Marks(origins=frozenset({"HN"}), asylum_need=Need.NO, consents_herself=True)

    assert _codes(basis=with_fields(BASIS, kind="consent", consented_by="child"), marks=marks) == []


@pytest.mark.parametrize(
    ("view", "codes"),
    [
        (None, ["view-missing"]),
        ({}, ["view-missing"]),
        ({"not_yet": " "}, ["heard-when"]),
        (with_fields(VIEW, heard_on="2026-11-22"), ["heard-when"]),
        (with_fields(VIEW, heard_on=...), ["heard-when"]),
        (with_fields(VIEW, language=""), ["view-language"]),
        (with_fields(VIEW, said=..., language=...), ["view-language", "view-said"]),
    ],
)
def test_nothing_is_sent_without_the_childs_voice(view: dict[str, Any] | None, codes: list[str]) -> None:
    assert _codes(view=view) == codes


def test_sector_outside_the_profile_gets_nothing() -> None:
    migration = Recipient(agency="mx-migracion", sector="migration", country="MX")

    assert _codes(recipient=migration) == ["sector"]
    assert _codes(recipient=migration, profile=REFERRAL) == ["sector"]
    assert _codes(recipient=migration, profile=GATE, basis=None, view=None) == []


@pytest.mark.parametrize(
    "mark", ["agency:hn-proteccion", "sector:protection", "country:HN", "everyone", "", "something:else"]
)
def test_danger_and_withholding_marks_stop_the_recipient_they_mean(mark: str) -> None:
    danger = Marks(origins=frozenset({"HN"}), asylum_need=Need.NO, danger=frozenset({mark}))
    withheld = Marks(origins=frozenset({"HN"}), asylum_need=Need.NO, withhold_from=frozenset({mark}))

    assert _codes(marks=danger) == ["danger"]
    assert _codes(marks=withheld) == ["withheld-from"]
    assert _codes(marks=danger, profile=GATE, recipient=HONDURAS)[-1] == "danger"


@pytest.mark.parametrize("mark", ["agency:hn-otra", "sector:migration", "country:GT"])
def test_marks_for_others_do_not_stop_this_recipient(mark: str) -> None:
    marks = Marks(origins=frozenset({"HN"}), asylum_need=Need.NO, danger=frozenset({mark}))

    assert _codes(marks=marks) == []


@pytest.mark.parametrize("need", [Need.YES, Need.UNKNOWN])
@pytest.mark.parametrize("origins", [frozenset({"HN"}), frozenset({"HN", "SV"}), frozenset()])
def test_country_of_origin_gets_nothing_while_she_may_need_asylum(
    need: Need, origins: frozenset[str]
) -> None:
    marks = Marks(origins=origins, asylum_need=need)

    assert _codes(marks=marks) == ["country-of-origin"]
    assert _codes(marks=marks, determination=Determination(ON, frozenset({"GT"}))) == ["country-of-origin"]
    later = Determination(date(2026, 11, 22), frozenset({"HN"}))
    assert _codes(marks=marks, determination=later) == ["country-of-origin"]
    assert _codes(marks=marks, determination=Determination(ON, frozenset({"HN"}))) == []


def test_third_country_and_own_country_are_not_the_country_she_fled() -> None:
    unknown = Marks(origins=frozenset({"SV"}))

    assert _codes(marks=unknown) == []
    assert _codes(marks=Marks(), recipient=MEXICO) == []


def test_child_of_whom_nothing_is_known_is_not_told_of_abroad() -> None:
    assert _codes(marks=Marks()) == ["country-of-origin"]


@given(
    st.sampled_from(list(Need)),
    st.sets(st.sampled_from(["HN", "SV", "GT"])),
    st.none() | st.sets(st.sampled_from(["HN", "SV", "GT"])),
)
def test_origin_is_told_only_with_no_need_or_a_determination(
    need: Need, origins: set[str], sends_to: set[str] | None
) -> None:
    determination = None if sends_to is None else Determination(ON, frozenset(sends_to))
    codes = _codes(marks=Marks(origins=frozenset(origins), asylum_need=need), determination=determination)

    if codes == []:
        may_be_origin = not origins or "HN" in origins
        assert not may_be_origin or need is Need.NO or (sends_to is not None and "HN" in sends_to)
    else:
        assert codes == ["country-of-origin"]


# What both ends ask of every message


def test_complete_messages_have_no_fault() -> None:
    assert _message() == []
    assert _message("decline", data={"reason": "other", "note": "No place."}, basis=None, view=None) == []
    assert _message("opened", data={}, basis=None, view=None) == []
    assert _message("gate", "gate", data={"case": {"child": {"presumed": True}}}, basis=None, view=None) == []


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("propose", {}, "case-missing"),
        ("propose", {"case": []}, "case-missing"),
        ("propose", {"case": {"complaints": {}}}, "outside-profile"),
        ("propose", {"case": {"account": {}}}, "sealed-without-reason"),
        ("propose", {"case": {}, "why_sealed": "all"}, "why-sealed"),
        ("propose", {"case": {}, "why": {"account": "She saw robberies."}}, "words-only"),
        ("propose", {"case": {}, "why": "w" * 2001}, "words-only"),
        ("accept", {}, "caseworker-missing"),
        ("accept", {"caseworker": "María Paz", "case": CASE}, "case-not-here"),
        ("decline", {"reason": "other"}, "note-missing"),
        ("decline", {"reason": "because", "note": "n"}, "reason-unknown"),
        ("ask", {"note": " "}, "note-missing"),
        ("take-over", {}, "caseworker-missing"),
        ("cancel", {}, "note-missing"),
        ("receipt", {}, "profile-unknown"),
        ("refer", {}, "profile-unknown"),
    ],
)
def test_fault_of_a_message_is_named(kind: str, data: dict[str, Any], code: str) -> None:
    assert _message(kind, data=data) == [code]


def test_sealed_part_with_its_reason_is_carried() -> None:
    data = {"case": {"account": {"told": "x"}}, "why_sealed": {"account": "The panel decides on it."}}

    assert _message(data=data) == []


def test_message_with_a_case_file_needs_basis_and_voice() -> None:
    assert _message(basis=None, view=None) == ["basis-missing", "view-missing"]
    assert _message(profile="everything") == ["profile-unknown"]


def test_every_type_of_every_profile_says_which_fields_it_has() -> None:
    for profile in (TRANSFER, REFERRAL, GATE):
        assert profile.types <= set(sending.DATA_FIELDS)
        assert profile.personal <= profile.types


def test_surplus_names_what_this_version_never_writes() -> None:
    assert sending.surplus("opened", {"case": {}, "a": 1}) == ["a", "case"]
    assert sending.surplus("propose", {"case": {}, "why": "x"}) == []
    assert sending.surplus("unheard-of", {"a": 1}) == ["a"]
