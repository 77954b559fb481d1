"""Show that breaches, stuck blocks and contradictions reach the supervisor, stay on record, and end only as they may.

Seen red: words end a stuck block, a breach ends or begins by itself, a sweep takes cases handed over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role, Sector
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, evaluation, incidents, models, reevaluating
from amparo.cases.incident_rules import Found, ended_of, incidents_in, next_stuck, since_when
from amparo.cases.incidents import IncidentLine, OutcomeMissing, StillStands
from amparo.cases.queries import CaseNotFound
from amparo.guide import evaluate
from tests.factories import ANA, a_case, a_migration_officer, an_actor
from tests.guide.cases import NOON, ana, done, moment, the_guide

pytestmark = pytest.mark.django_db

WORDS = "Fue liberada el mismo día y la delegación abrió una investigación."
GUIDE = the_guide()


def _supervisor() -> Actor:
    return an_actor(Role.SUPERVISOR)


def _found_detained(case_id: UUID, *, at: datetime | None = None) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.report_found(
            case_id=case_id,
            action="detain",
            by=worker,
            at=at or now() - timedelta(minutes=5),
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )


def _of(case_id: UUID, kind: str = "", by: Actor | None = None) -> list[IncidentLine]:
    reader = by or _supervisor()
    with acting_as(reader):
        return [one for one in incidents.incidents_in(reader, case_id) if kind in ("", one.kind)]


def _write(case_id: UUID, *, name: str = "at_border", value: Any = "yes") -> None:  # noqa: ANN401
    worker = an_actor()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())


def _sign(case_id: UUID, key: str, *, done: bool = True) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence=key, done=done, by=worker, at=now(), entry_id=uuid7()
        )


@contextmanager
def _hours_later(monkeypatch: pytest.MonkeyPatch, hours: float) -> Iterator[None]:
    """Let the clock of the judging rooms stand later; nothing else is touched."""
    later = now() + timedelta(hours=hours)
    with monkeypatch.context() as patched:
        for room in (evaluation, reevaluating):
            patched.setattr(room, "now", lambda: later)
        yield


# ---- pure ----------------------------------------------------------------------------------------


def test_since_when_keeps_what_stands_and_starts_anew_what_was_put_right() -> None:
    noon, earlier = moment(NOON), moment(NOON) - timedelta(days=2)
    against = evaluate(GUIDE, ana(asylum="applied", evidence=done("no-open-claim-or-appeal")), at=noon)
    agreed = evaluate(GUIDE, ana(asylum="refused-final", evidence=done("no-open-claim-or-appeal")), at=noon)

    since = since_when(against, {"evidence/no-open-claim-or-appeal": earlier}, noon)

    assert since["evidence/no-open-claim-or-appeal"] == earlier
    assert "evidence/no-open-claim-or-appeal" not in since_when(agreed, since, noon)


def test_a_contradiction_is_no_stuck_block_and_sets_no_next_moment() -> None:
    noon = moment(NOON)
    evaluation_ = evaluate(GUIDE, ana(asylum="applied", evidence=done("no-open-claim-or-appeal")), at=noon)
    since = {"evidence/no-open-claim-or-appeal": noon - timedelta(days=9)}

    found = list(incidents_in(GUIDE, evaluation_, since=since, now=noon))

    assert [(one.kind, one.name) for one in found] == [("conflict", "no-open-claim-or-appeal")]
    assert next_stuck(GUIDE, since, noon) is None


def test_a_breach_never_ends_by_itself() -> None:
    noon = moment(NOON)
    kept = [Found("breach", "no-detention", "detain", noon), Found("stuck", "appoint-guardian", "", noon)]

    assert list(ended_of(kept, [])) == [kept[1]]


# ---- breach --------------------------------------------------------------------------------------


def test_a_breach_is_an_incident_at_once_and_only_once() -> None:
    case_id, chief = a_case(), _supervisor()

    _found_detained(case_id)
    for value in ("no", "yes"):
        _write(case_id, value=value)

    (one,) = _of(case_id, "breach")
    with acting_as(chief):
        (listed,) = incidents.incidents_of(chief).cases
    assert (one.obligation, one.name, one.ended_at) == ("no-detention", "detain", None)
    assert listed.case_id == case_id
    assert [each.id for each in listed.incidents] == [one.id]
    assert AuditEntry.objects.filter(event="incident.opened", reasons__0="breach").count() == 1


def test_a_breach_ends_with_words_and_stays_on_record_and_unlawful() -> None:
    case_id, chief = a_case(), _supervisor()
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")

    with acting_as(chief):
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)

    with acting_as(chief):
        read = incidents.incident_for(chief, one.id)
        left = incidents.incidents_of(chief).cases
    assert (read.outcome, read.ended_by, left) == (WORDS, "supervisor", ())
    assert [each.action for each in read.file.evaluation.breaches] == ["detain"]
    assert _of(case_id, "breach")[0].ended_at is not None


def test_the_words_that_end_a_breach_are_sealed() -> None:
    case_id, chief = a_case(), _supervisor()
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")

    with acting_as(chief):
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)
        end = models.IncidentEnd.objects.get(pk=one.id)

    assert b"investigaci" not in bytes(end.sealed or b"")


def test_a_breach_does_not_come_back_after_its_end() -> None:
    case_id, chief = a_case(), _supervisor()
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")
    with acting_as(chief):
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)

    _write(case_id)

    assert len(_of(case_id, "breach")) == 1
    with acting_as(chief):
        assert incidents.count_incidents(chief) == 0


@pytest.mark.parametrize("words", ["", "  ok  ", "listo" + " " * 40])
def test_a_breach_does_not_end_without_words(words: str) -> None:
    case_id, chief = a_case(), _supervisor()
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")

    with acting_as(chief), pytest.raises(OutcomeMissing):
        incidents.close_incident(incident_id=one.id, outcome=words, by=chief)


# ---- stuck ---------------------------------------------------------------------------------------


def test_a_block_that_stays_unmet_is_found_without_a_write_to_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_id = a_case()

    with _hours_later(monkeypatch, 23):
        early = reevaluating.tell_stuck(most=10)
    with _hours_later(monkeypatch, 25):
        found = reevaluating.tell_stuck(most=10)
        again = reevaluating.tell_stuck(most=10)

    assert (early, found, again) == (0, 1, 0)
    stuck = {one.obligation for one in _of(case_id, "stuck")}
    assert {"meet-immediate-needs", "identify-child-on-contact"} <= stuck


def test_meeting_the_duty_is_the_way_out_of_a_stuck_block(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = a_case()
    with _hours_later(monkeypatch, 25):
        reevaluating.tell_stuck(most=10)
        stuck_at_first = {one.obligation for one in _of(case_id, "stuck")}
        _sign(case_id, "non-custodial-care-recorded")
        missing = _missing(case_id, "no-detention")
        for key in missing:
            _sign(case_id, key)

    ended = {one.obligation for one in _of(case_id, "stuck") if one.ended_at}
    assert "no-detention" in stuck_at_first
    assert ended == {"no-detention"}
    assert AuditEntry.objects.filter(event="incident.ended", reasons__1="no-detention").count() == 1


def _missing(case_id: UUID, obligation: str) -> tuple[str, ...]:
    with acting_as(SYSTEM):
        case = models.Case.objects.get(pk=case_id)
        return evaluation.judge(case).evaluation.status(obligation).missing


def test_a_duty_withdrawn_again_becomes_stuck_anew_and_not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = a_case()
    with _hours_later(monkeypatch, 25):
        reevaluating.tell_stuck(most=10)
        for key in (*_missing(case_id, "no-detention"), "non-custodial-care-recorded"):
            _sign(case_id, key)
        _sign(case_id, "non-custodial-care-recorded", done=False)
        one_day = [one for one in _of(case_id, "stuck") if one.obligation == "no-detention"]
    with _hours_later(monkeypatch, 50):
        reevaluating.tell_stuck(most=10)
        two_days = [one for one in _of(case_id, "stuck") if one.obligation == "no-detention"]

    assert [one.ended_at is None for one in one_day] == [False]
    assert sorted(one.ended_at is None for one in two_days) == [False, True]


def test_no_words_of_a_supervisor_end_a_block_that_still_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, chief = a_case(), _supervisor()
    with _hours_later(monkeypatch, 25):
        reevaluating.tell_stuck(most=10)
    one = _of(case_id, "stuck")[0]

    with acting_as(chief), pytest.raises(StillStands) as refused:
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)

    assert refused.value.obligation == one.obligation


def test_the_database_refuses_to_end_a_stuck_block_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, chief = a_case(), _supervisor()
    with _hours_later(monkeypatch, 25):
        reevaluating.tell_stuck(most=10)
    one = _of(case_id, "stuck")[0]
    by: dict[str, Any] = {"at": now(), "actor": chief.id, "role": "supervisor", "agency": chief.agency}

    for kind in ("stuck", "breach"):
        with acting_as(chief), pytest.raises(IntegrityError), transaction.atomic():
            models.IncidentEnd.objects.create(incident_id=one.id, kind=kind, sealed=b"words", **by)


def test_the_sweep_takes_no_more_than_it_is_told_and_no_case_that_is_not_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = [a_case() for _ in range(4)]
    with acting_as(SYSTEM):
        models.Standing.objects.filter(pk=ids[0]).update(released=True)
        models.Standing.objects.filter(pk=ids[1]).update(closed=True)

    with _hours_later(monkeypatch, 25):
        counts = [reevaluating.tell_stuck(most=1) for _ in range(3)]

    assert counts == [1, 1, 0]
    assert [bool(_of(case_id, "stuck")) for case_id in ids] == [False, False, True, True]


# ---- conflict ------------------------------------------------------------------------------------


def test_a_fact_against_a_signature_is_told_and_ends_when_a_person_decides() -> None:
    case_id = a_case({**ANA, "asylum": "applied"})

    _sign(case_id, "no-open-claim-or-appeal")
    (first,) = _of(case_id, "conflict")
    _sign(case_id, "no-open-claim-or-appeal", done=False)
    (after,) = _of(case_id, "conflict")

    assert (first.name, first.obligation) == ("no-open-claim-or-appeal", "return-preconditions")
    assert (first.ended_at, after.ended_at is not None) == (None, True)


def test_the_same_contradiction_a_second_time_is_told_a_second_time() -> None:
    case_id = a_case({**ANA, "asylum": "applied"})
    for value in (True, False, True):
        _sign(case_id, "no-open-claim-or-appeal", done=value)

    assert sorted(one.ended_at is None for one in _of(case_id, "conflict")) == [False, True]


# ---- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.FIRST_CONTACT])
def test_only_a_supervisor_lists_and_ends_incidents(role: Role) -> None:
    case_id = a_case()
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")
    somebody = an_actor(role)

    with acting_as(somebody):
        with pytest.raises(NotAllowed):
            incidents.incidents_of(somebody)
        with pytest.raises(NotAllowed):
            incidents.close_incident(incident_id=one.id, outcome=WORDS, by=somebody)


def test_the_migration_side_knows_of_no_incident() -> None:
    case_id, officer = a_case(), a_migration_officer()
    _found_detained(case_id)

    with acting_as(officer):
        assert models.Incident.objects.count() == 0
        assert models.IncidentEnd.objects.count() == 0
        with pytest.raises(NotAllowed):
            incidents.incidents_of(officer)


def test_another_agency_sees_and_ends_nothing() -> None:
    case_id = a_case(by=an_actor(Role.DEVICE, "mx-proteccion"))
    _found_detained(case_id)
    (one,) = _of(case_id, "breach")
    stranger = an_actor(Role.SUPERVISOR, "mx-albergue")

    with acting_as(stranger):
        assert incidents.incidents_of(stranger).cases == ()
        with pytest.raises(CaseNotFound):
            incidents.incidents_in(stranger, case_id)
        with pytest.raises(CaseNotFound):
            incidents.incident_for(stranger, one.id)
        with pytest.raises(CaseNotFound):
            incidents.close_incident(incident_id=one.id, outcome=WORDS, by=stranger)


def test_the_agency_that_took_her_in_sees_the_incident_and_may_not_end_it() -> None:
    case_id = a_case()
    _found_detained(case_id)
    chief = an_actor(Role.SUPERVISOR, "mx-albergue")
    (one,) = _of(case_id, "breach", chief)

    with acting_as(chief), pytest.raises(NotAllowed):
        incidents.close_incident(incident_id=one.id, outcome=WORDS, by=chief)


def test_the_door_for_the_oversight_body_shows_breaches_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case_id = a_case()
    _found_detained(case_id)
    with _hours_later(monkeypatch, 25):
        reevaluating.tell_stuck(most=10)
    watcher = Actor(
        id=uuid4(), role=Role.NOBODY, sector=Sector.OVERSIGHT, agency_id=uuid4(), agency="mx-cndh"
    )

    with acting_as(watcher):
        kinds = set(models.Incident.objects.values_list("kind", flat=True))
        assert models.Case.objects.count() == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.Incident.objects.create(
                id=uuid7(), case_id=case_id, kind="breach", obligation="x", since=now(), opened_at=now()
            )

    assert kinds == {"breach"}


def test_no_incident_is_ever_changed_or_removed() -> None:
    case_id = a_case()
    _found_detained(case_id)

    with acting_as(SYSTEM):
        for refused in (
            lambda: models.Incident.objects.filter(case_id=case_id).update(kind="stuck"),
            lambda: models.Incident.objects.filter(case_id=case_id).delete(),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                refused()


def test_a_page_key_that_nobody_made_starts_at_the_top() -> None:
    case_id, chief = a_case(), _supervisor()
    _found_detained(case_id)

    with acting_as(chief):
        for key in ("", "x", "0|", "99999999999|" + str(case_id), "-1|" + str(case_id)):
            assert [one.case_id for one in incidents.incidents_of(chief, after=key).cases] == [case_id]
        assert incidents.incidents_of(chief, after=f"0|{case_id}").cases == ()
