"""Send the same entry again, and another under its id: the first is one entry, the second is never lost in silence."""

from typing import Any
from uuid import UUID

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions
from amparo.cases.models import Entry
from amparo.cases.refused import EntryIdTaken, EntryWrong
from tests.factories import a_case, an_actor

pytestmark = pytest.mark.django_db


def _say(case_id: UUID, text: str, entry_id: UUID, *, kind: str = "words") -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.add_words(case_id=case_id, kind=kind, words=text, by=worker, at=now(), entry_id=entry_id)


def _know(case_id: UUID, name: str, value: Any, entry_id: UUID) -> None:  # noqa: ANN401
    worker = an_actor()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=entry_id)


def _kept(entry_id: UUID) -> int:
    with acting_as(SYSTEM):
        return Entry.objects.filter(pk=entry_id).count()


def test_the_same_words_sent_twice_are_one_entry_and_one_row_on_the_trail() -> None:
    case_id, entry_id = a_case(), uuid7()

    for _ in range(2):
        _say(case_id, "Tengo miedo", entry_id)

    assert _kept(entry_id) == 1
    assert AuditEntry.objects.filter(event="case.recorded", subject=f"case:{case_id}").count() == 1


@pytest.mark.parametrize(("text", "kind"), [("Quiero ver a mi mamá", "words"), ("Tengo miedo", "note")])
def test_other_words_under_the_same_id_are_refused(text: str, kind: str) -> None:
    case_id, entry_id = a_case(), uuid7()
    _say(case_id, "Tengo miedo", entry_id)

    with pytest.raises(EntryIdTaken):
        _say(case_id, text, entry_id, kind=kind)


def test_the_same_id_in_another_case_is_refused() -> None:
    entry_id = uuid7()
    _say(a_case(), "Tengo miedo", entry_id)

    with pytest.raises(EntryIdTaken):
        _say(a_case(), "Tengo miedo", entry_id)


def test_the_same_id_in_a_case_that_nobody_here_sees_is_refused() -> None:
    entry_id, officer = uuid7(), an_actor(Role.FIRST_CONTACT, "mx-albergue")
    _say(a_case(by=an_actor(Role.DEVICE, "mx-proteccion")), "Tengo miedo", entry_id)
    ours = a_case()

    with acting_as(officer), pytest.raises(EntryIdTaken):
        actions.attest_evidence(
            case_id=ours, evidence="needs-checked", done=True, by=officer, at=now(), entry_id=entry_id
        )


@pytest.mark.parametrize(("name", "value"), [("asylum", "not-informed"), ("nationality", "known")])
def test_another_fact_or_value_under_the_same_id_is_refused(name: str, value: str) -> None:
    case_id, entry_id = a_case(), uuid7()
    _know(case_id, "asylum", "informed", entry_id)

    with pytest.raises(EntryWrong):
        _know(case_id, name, value, entry_id)
