"""Show that children are found by names as people remember them, among the reader's own cases and nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from amparo import names
from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency, AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now
from amparo.cases import actions, naming
from amparo.cases.models import Case, NameKey
from amparo.cases.refused import SearchWrong
from amparo.cases.searching import OPENED, SHOWN, FoundPage, find_children
from tests.factories import ANA, a_device, a_migration_officer, an_actor, facts_as_entries

pytestmark = pytest.mark.django_db

CHILDREN = {
    "Mejía": {"given_names": "Ana Lucía", "family_names": "Mejía Orellana", "name_as_told": "Ana Lucía"},
    "Hernández": {"given_names": "José Luis", "family_names": "Hernández Paz"},
    "Xol": {"given_names": "Petrona", "family_names": "Xol Tz'unun"},
    "Pierre": {"given_names": "Jean-Baptiste", "family_names": "Pierre"},
    "Pineda": {"given_names": "Francisco", "family_names": "Pineda", "nickname": "Pancho"},
    "Souza": {"given_names": "João", "family_names": "Conceição Souza"},
}


def a_child(told: Mapping[str, str], by: Actor | None = None, *, months: int = 125) -> UUID:
    """Open the case of a child with these names."""
    opener = by or a_device()
    with acting_as(opener):
        return actions.open_case(
            identity={name: {"value": value, "source": ["child"]} for name, value in told.items()},
            label=told.get("given_names", ""),
            entries=facts_as_entries({**ANA, "age_in_months": months}, now()),
            source="test",
            by=opener,
        )


def found(asked: str, by: Actor | None = None, **more: Any) -> FoundPage:  # noqa: ANN401
    reader = by or an_actor()
    with acting_as(reader):
        return find_children(reader, asked=asked, because="mine", **more)


def ids(page: FoundPage) -> list[UUID]:
    return [line.id for line in page.lines]


@pytest.mark.parametrize(
    ("asked", "child"),
    [
        ("Ana Mejia", "Mejía"),
        ("ORELLANA MEJIA, ANA", "Mejía"),
        ("Anna Lusia Megia", "Mejía"),
        ("A. Orellana", "Mejía"),
        ("Jose Ernandes", "Hernández"),
        ("Pepe Hernandes", "Hernández"),
        ("Hernándex José Luis", "Hernández"),
        ("Shol Tsunun", "Xol"),
        ("petrona shol", "Xol"),
        ("Pyè Jan Batis", "Pierre"),
        ("Pancho Pineda", "Pineda"),
        ("Paco", "Pineda"),
        ("Joao Conceisao de Sousa", "Souza"),
    ],
)
def test_a_child_is_found_as_people_remember_her(asked: str, child: str) -> None:
    opened = {name: a_child(told) for name, told in CHILDREN.items()}

    assert ids(found(asked))[0] == opened[child]


def test_nothing_is_found_where_nobody_has_such_a_name() -> None:
    a_child(CHILDREN["Xol"])

    assert found("Wolfgang Amadeus") == FoundPage((), False)


def test_a_reference_finds_its_case() -> None:
    case_id = a_child(CHILDREN["Xol"])
    with acting_as(an_actor()):
        reference = Case.objects.get(pk=case_id).reference

    assert ids(found(reference.lower())) == [case_id]


def test_a_child_of_the_age_comes_first() -> None:
    little, big = a_child({"given_names": "Rosa"}, months=40), a_child({"given_names": "Rosa"}, months=190)

    assert ids(found("Rosa", age=3)) == [little, big]
    assert ids(found("Rosa", age=16)) == [big, little]


def test_another_agency_finds_nothing_of_ours_even_with_the_whole_name() -> None:
    other = Agency.objects.create(code="mx-otra", sector="protection", kind="shelter", telephone="0")
    a_child(CHILDREN["Mejía"])
    stranger = an_actor(Role.CASEWORKER, "mx-otra")
    theirs = a_child(CHILDREN["Mejía"], an_actor(Role.DEVICE, "mx-otra"))

    assert ids(found("Ana Lucía Mejía Orellana", stranger)) == [theirs]
    assert theirs not in ids(found("Ana Lucía Mejía Orellana"))
    with acting_as(stranger):
        assert set(NameKey.objects.values_list("agency_id", flat=True)) == {other.pk}


def test_who_took_her_in_finds_her_and_nobody_else_of_the_lead() -> None:
    shelter, lead = an_actor(Role.FIRST_CONTACT, "mx-albergue"), an_actor(Role.DEVICE, "mx-proteccion")
    taken_in, led = a_child(CHILDREN["Xol"]), a_child(CHILDREN["Xol"], lead)

    assert ids(found("Petrona Xol", shelter)) == [taken_in]
    assert set(ids(found("Petrona Xol"))) == {taken_in, led}


def test_the_same_name_has_other_words_in_the_index_of_another_agency() -> None:
    one, other = an_actor().body, an_actor(code="mx-albergue").body

    words = [("PART", "xul"), ("PAIR", "xul p")]

    assert vault.blind_words(one, words) == vault.blind_words(one, words)
    assert not set(vault.blind_words(one, words)) & set(vault.blind_words(other, words))
    assert vault.blind_words(one, [("PART", "xul")]) != vault.blind_words(one, [("PAIR", "xul")])


def test_the_migration_side_and_nobody_see_no_word_of_the_index() -> None:
    a_child(CHILDREN["Mejía"])

    nobody = NameKey.objects.count()
    with acting_as(a_migration_officer()):
        migration = NameKey.objects.count()
    with pytest.raises(NotAllowed):
        found("Ana", a_migration_officer())

    assert (nobody, migration) == (0, 0)


def test_a_search_is_on_the_trail_with_its_reason_and_without_its_words() -> None:
    reader = an_actor()

    found("Xochiquetzal Ixchel", reader)

    trace = AuditEntry.objects.get(event="case.searched")
    assert (trace.actor, trace.subject, trace.purpose, trace.reasons) == (
        reader.id,
        "search:names",
        "casework",
        ["mine"],
    )


@pytest.mark.parametrize(
    ("asked", "because"), [("", "mine"), ("A. B.", "mine"), ("!?", "mine"), ("Ana", "curious")]
)
def test_a_search_without_a_name_or_a_reason_is_refused(asked: str, because: str) -> None:
    reader = an_actor()

    with acting_as(reader), pytest.raises(SearchWrong):
        find_children(reader, asked=asked, because=because)


def test_twenty_are_shown_and_fifty_opened_whoever_has_a_common_name(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    open_names = vault.open_names
    for _ in range(OPENED + 3):
        a_child({"given_names": "María", "family_names": "García"})

    def counted(some: Sequence[tuple[UUID, vault.Stored]]) -> list[tuple[str, ...]]:
        opened.append(len(some))
        return open_names(some)

    monkeypatch.setattr(vault, "open_names", counted)

    page = found("Maria Garcia")

    assert len(page.lines) == SHOWN
    assert page.more
    assert opened == [OPENED]


def test_a_search_and_a_list_use_no_key_of_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    from amparo.cases.queries import open_cases_of

    case_id, reader = a_child(CHILDREN["Xol"]), an_actor()

    def refuse(*_: object) -> bytes:
        raise AssertionError("a case was opened")

    monkeypatch.setattr(vault, "data_key", refuse)
    with acting_as(reader):
        listed = open_cases_of(reader).lines

    assert [line.id for line in listed] == [case_id]
    assert ids(found("Petrona")) == [case_id]


def test_no_name_stands_in_the_database_in_clear() -> None:
    case_id = a_child({"given_names": "Xochiquetzal", "family_names": "Ixmukané"})

    with acting_as(an_actor()):
        case = Case.objects.get(pk=case_id)
        rows = list(NameKey.objects.filter(case_id=case_id).values_list("kind", "blind"))

    assert b"Xochiquetzal" not in bytes(case.sealed_names)
    assert len(rows) == 4
    assert len(names.keys_of(["Xochiquetzal Ixmukané"], row=case_id.int)) == 4


def test_a_corrected_name_replaces_the_former_one() -> None:
    case_id = a_child({"given_names": "Petrona", "family_names": "Xol"})

    with acting_as(SYSTEM):
        naming.keep_names(Case.objects.get(pk=case_id), {"given_names": {"value": "Wilson Dorcely"}})

    assert ids(found("Wilson Dorcely")) == [case_id]
    assert found("Petrona Xol").lines == ()


def test_cases_from_before_are_indexed_once_and_in_batches() -> None:
    before = [a_child(told) for told in CHILDREN.values()]
    with acting_as(SYSTEM):
        NameKey.objects.all().delete()
        Case.objects.update(sealed_names=b"", names_edition=0)
    assert found("Petrona Xol").lines == ()

    first, second = naming.reindex_names(), naming.reindex_names()

    assert (first, second) == (len(before), 0)
    assert len(ids(found("Petrona Xol"))) == 1
    assert naming.reindex_names(again=True) == len(before)


@pytest.mark.parametrize(
    "identity",
    [{}, {"given_names": None}, {"given_names": {"value": ["Ana"]}}, {"given_names": 7, "family_names": {}}],
)
def test_an_identity_in_no_known_shape_gives_no_names(identity: dict[str, Any]) -> None:
    assert naming.names_in(identity) == ()


def test_names_are_read_as_intake_and_as_peers_write_them() -> None:
    told = {"given_names": {"value": " Ana "}, "family_names": "Mejía", "first_name": "Ana"}

    assert naming.names_in(told) == ("Ana", "Mejía")
