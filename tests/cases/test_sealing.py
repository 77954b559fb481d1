"""Close what is closest to a child as it comes in, open it with a trace, and seal it anew where the pair changed."""

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.access.sealed_grants import end_grants
from amparo.base.clock import now
from amparo.cases import actions, models, queries
from amparo.cases.actions import NewEntry
from amparo.cases.models import EntryKind
from amparo.cases.refused import EntryIdTaken
from amparo.cases.resealing import left_to_seal_anew, seal_agency_anew, seal_waiting, waiting_entries
from amparo.cases.sealed_reading import open_sealed_of
from tests.factories import a_case, a_device, an_actor
from tests.factories.sealed import Officer, a_ceremony, an_officer

pytestmark = pytest.mark.django_db
ACCOUNT = {"fear_words": {"value": "Me amenazaron."}, "own_words": {"value": "Quiero ser maestra."}}
AGREED = {"withhold_what": {"value": ["story"]}}
REASON = {"withhold_reason": {"value": "Mi tío lee todo."}}


def _told() -> UUID:
    device = a_device()
    entries = [
        NewEntry(EntryKind.WORDS, "words", now(), closed=ACCOUNT, told={"protection": "P3"}),
        NewEntry(
            EntryKind.CONSENT, "consent", now(), sealed=AGREED, closed=REASON, told={"protection": "P3"}
        ),
    ]
    with acting_as(device):
        return actions.open_case(identity={}, label="Ana", entries=entries, source="test", by=device)


def _reads(officer: Officer, case_id: UUID) -> list[object]:
    opened = officer.unlocks()
    with acting_as(officer.actor):
        lines = open_sealed_of(officer.actor, case_id, purpose="casework", opened=opened)
    return sorted((line.words for line in lines), key=str)


def _story(case_id: UUID) -> dict[str, queries.StoryLine]:
    worker = an_actor()
    with acting_as(worker):
        file = queries.case_for(worker, case_id, purpose="casework")
    return {line.kind: line for line in file.story}


def test_the_page_of_a_case_counts_what_is_sealed_and_opens_only_the_rest() -> None:
    a_ceremony(an_officer())

    story = _story(_told())

    assert (story["words"].words, story["words"].closed) == (None, 2)
    assert (story["consent"].words, story["consent"].closed) == (AGREED, 1)


def test_an_officer_opens_it_whole_and_the_trail_says_so() -> None:
    officer = an_officer()
    a_ceremony(officer)

    assert _reads(officer, _told()) == [ACCOUNT, REASON]
    row = AuditEntry.objects.get(event=Event.SEALED_READ)
    assert (row.purpose, row.reasons, row.actor) == ("casework", ["opened:2", "closed:0"], officer.actor.id)


def test_the_same_words_sent_twice_are_kept_once_and_others_are_not_lost_in_silence() -> None:
    officer = an_officer()
    a_ceremony(officer)
    case_id, entry_id, worker = a_case(), uuid4(), an_actor()

    def say(words: str) -> None:
        actions.add_words(
            case_id=case_id, kind="words", words=words, by=worker, at=now(), entry_id=entry_id, closest=True
        )

    with acting_as(worker):
        say("Tengo miedo.")
        say("Tengo miedo.")
        with pytest.raises(EntryIdTaken):
            say("Otra cosa.")

    assert _reads(officer, case_id) == [{"text": "Tengo miedo."}]


def test_before_the_ceremony_a_child_is_received_and_afterwards_the_node_closes_what_it_kept() -> None:
    case_id = _told()
    before, waiting = _story(case_id), waiting_entries()
    nothing = seal_waiting()
    officer = an_officer()
    a_ceremony(officer)
    closed = seal_waiting()
    after = _story(case_id)

    assert (before["words"].words, before["consent"].words) == (ACCOUNT, AGREED | REASON)
    assert (waiting, nothing, closed, waiting_entries(), seal_waiting()) == (2, 0, 2, 0, 0)
    assert (after["words"].words, after["words"].closed, after["consent"].words) == (None, 2, AGREED)
    assert _reads(officer, case_id) == [ACCOUNT, REASON]


def test_an_entry_gives_up_its_bytes_only_where_they_are_sealed_elsewhere() -> None:
    case_id = _told()
    with acting_as(SYSTEM):
        rows = models.Entry.objects.filter(case=case_id, kind="words")
        for change in ({"sealed": None}, {"told": None}, {"name": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        a_ceremony(an_officer())
        seal_waiting()
        for later in ({"told": None}, {"sealed": b"x", "at": now()}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**later)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_what_is_sealed_to_a_former_pair_is_sealed_anew_when_opened_or_when_asked() -> None:
    leaving, staying, chief = an_officer(), an_officer(), an_officer(Role.SUPERVISOR)
    a_ceremony(leaving, staying)
    opened_one, other = _told(), _told()
    with acting_as(chief.actor):
        end_grants(officer=leaving.actor.id, by=chief.actor)
    a_ceremony()

    def left() -> int:
        with acting_as(staying.actor):
            return left_to_seal_anew(by=staying.actor)

    before = left()
    _reads(staying, opened_one)
    lazily = left()
    opened = staying.unlocks()
    with acting_as(staying.actor):
        rest = seal_agency_anew(by=staying.actor, opened=opened)

    assert (before, lazily, rest, left()) == (4, 2, 0, 0)
    assert _reads(staying, other) == [ACCOUNT, REASON]
