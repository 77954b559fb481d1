"""Look at the intake itself: order, languages, honesty about review, bindings to the Guide."""

import re

import pytest

from amparo.forms.bindings import child_properties
from amparo.forms.packaged import packaged_instruments, release_defects, released_versions
from amparo.forms.record import IntakeRecord
from amparo.forms.text_source import read_text
from amparo.forms.vocabulary import guide_vocabulary
from amparo.forms.workbook import Workbook
from tests.forms.javarosa.client import validate
from tests.forms.samples import HERE, the_intake

SOURCE = HERE.parents[1] / "amparo" / "forms" / "sources" / "intake.yaml"


def the_source() -> Workbook:
    return read_text(SOURCE.read_bytes(), "intake.yaml")


@pytest.mark.java
def test_odk_validate_accepts_the_intake() -> None:
    assert validate(the_intake().xform) == ""


@pytest.mark.java
def test_odk_validate_is_really_asked() -> None:
    broken = the_intake().xform.replace(b'ref="/data/safety/needs_now"', b'ref="/data/nowhere"')

    assert validate(broken) != ""


def test_the_intake_asks_for_safety_before_anything_else() -> None:
    shown = [row for row in the_source().sheets["survey"] if row["type"].startswith("select")]

    assert shown[0]["name"] == "needs_now"


def test_only_four_questions_are_required() -> None:
    required = [row["name"] for row in the_source().sheets["survey"] if row.get("required") == "yes"]

    assert required == ["needs_now", "met_by", "accompaniment", "interviewer_role"]


def test_only_spanish_and_english_count_as_reviewed_and_the_others_say_so() -> None:
    compiled = the_intake()
    notices = {code: language.notice for code, language in the_source().languages.items()}

    assert compiled.unreviewed == ("fr", "pt", "ht")
    assert all(compiled.titles[code].startswith(f"[{notices[code]}]") for code in compiled.unreviewed)
    assert not any(compiled.titles[code].startswith("[") for code in ("es", "en"))
    assert all(notices[code].encode() in compiled.xform for code in compiled.unreviewed)


def test_every_declared_property_is_asked_for_and_every_saved_one_is_declared() -> None:
    assert set(the_intake().bindings.save_to.values()) == set(child_properties())


def test_every_property_says_its_source_and_certainty_by_declared_names() -> None:
    known = child_properties()
    named = {name for one in known.values() for name in (one.source, one.certainty) if name}

    assert named <= known.keys()


def test_every_part_of_the_record_that_a_property_names_exists() -> None:
    parts = set(IntakeRecord.__dataclass_fields__)

    assert {one.kind for one in child_properties().values()} - {"fact"} <= parts


def test_identity_and_words_are_never_in_the_open_class() -> None:
    kinds = {one.kind for one in child_properties().values() if one.protection == "P1"}

    assert kinds == {"fact", "evidence", "interview"}


def test_all_evidence_offered_may_be_attested_by_a_first_contact_officer() -> None:
    offered = {
        row["name"]
        for row in the_source().sheets["choices"]
        if row["list_name"].startswith("done_") and row["name"] != "none"
    }

    refused = {key for key in offered if "first-contact-officer" not in guide_vocabulary().evidence[key]}

    assert len(offered) > 20
    assert refused == set()


def test_roles_offered_are_roles_of_the_guide() -> None:
    roles = set(guide_vocabulary().facts_schema["$defs"]["role"]["enum"])
    offered = {row["name"] for row in the_source().sheets["choices"] if row["list_name"] == "role"}

    assert offered <= roles


def test_no_label_of_the_phones_list_holds_a_name() -> None:
    label = the_source().sheets["entities"][0]["label"]

    assert set(re.findall(r"\$\{(\w+)\}", label)) == {"origin_country"}


def test_the_places_the_intake_picks_from_come_with_it() -> None:
    [places] = the_intake().media

    assert places.name == "places_2025.csv"
    assert b"HN0501,San Pedro Sula,HN05,2,HN" in (places.content or b"")


def test_the_intake_is_the_released_one() -> None:
    assert all(release_defects(compiled) == [] for compiled in packaged_instruments())
    assert the_intake().version in released_versions()["intake"]
