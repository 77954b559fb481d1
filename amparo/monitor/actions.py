"""Write what States answer, propose and say: permission, rule, one more row, audit; nothing is ever overwritten.

Nothing here changes what the Guide enforces: an answer, even a reservation, is a statement. Decision: 0014.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor, NotAllowed
from amparo.base.ids import uuid7
from amparo.monitor import models, queries, rules, trying
from amparo.monitor.rules import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    ChangedMeanwhile,
    Kind,
    MonitorRefused,
    ObligationUnknown,
    Said,
    SentBefore,
    Stance,
    Status,
)


@dataclass(frozen=True)
class NewAnswer:
    """An answer as somebody gives it; `seen` is the standing answer she had before her eyes, if any."""

    stance: Stance
    since: date | None = None
    reason: str = ""
    instrument: str = ""
    seen: UUID | None = None


@transaction.atomic
def answer_obligation(
    *, country: str, obligation: str, answer: NewAnswer, answer_id: UUID, by: Actor, at: datetime, on: date
) -> bool:
    """Write down what a State says of one obligation of the present version; return whether it stands.

    False: another delegate answered meanwhile. Both are kept; this one stands only when it is given again by
    somebody who has seen the other. The same answer_id sent twice writes once. `on` is the day at the node.

    Raises:
        NotAllowed: the actor is no delegate, or one of another State.
        ObligationUnknown, ReasonMissing, DayWrong, TextWrong: what was written cannot be kept so.
        SentBefore: this answer_id was used for something else.
    """
    audit.require(by, "adoption.answer")
    if not country or by.country != country:
        raise NotAllowed("adoption.answer")
    _know((obligation,))
    _raise_first(rules.stance_faults(
        stance=answer.stance, since=answer.since, reason=answer.reason, instrument=answer.instrument, on=on
    ))  # fmt: skip
    _one_at_a_time(f"{country} {obligation}")
    if not _sent_before(country, obligation, answer, answer_id):
        _add_answer(country, obligation, answer, answer_id, by, at)
    stands = queries.answered_by(country, obligation).stands
    return stands is not None and stands.id == answer_id


def _sent_before(country: str, obligation: str, answer: NewAnswer, answer_id: UUID) -> bool:
    """Test whether this very answer is there already; raises SentBefore when another one is under its id."""
    row = models.AdoptionAnswer.objects.filter(pk=answer_id).first()
    if row is None:
        return False
    kept = (row.country, row.obligation, row.stance, row.since, row.reason, row.instrument)
    if kept != (country, obligation, answer.stance, answer.since, answer.reason, answer.instrument):
        raise SentBefore("This page was sent before with another answer; the first is kept.")
    return True


def _add_answer(
    country: str, obligation: str, answer: NewAnswer, answer_id: UUID, by: Actor, at: datetime
) -> None:
    version = queries.regional_guide().version
    place = {"country": country, "obligation": obligation, "version": version}
    models.AdoptionAnswer.objects.create(
        id=answer_id,
        number=models.AdoptionAnswer.objects.filter(**place).count() + 1,
        **place,
        stance=answer.stance,
        since=answer.since,
        reason=answer.reason,
        instrument=answer.instrument,
        seen=answer.seen,
        at=at,
        actor=by.id,
        agency_id=by.body,
    )
    audit.record(Event.ADOPTION_ANSWERED, by=by, subject=audit.subject_of("answer", answer_id))


# ---- proposals ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewProposal:
    """A proposal as somebody writes it; `file` is the text of an overlay or of scenarios, or empty."""

    kind: Kind
    title: str
    text: str
    obligations: Sequence[str] = ()
    file: str = ""


@transaction.atomic
def propose(*, proposal: NewProposal, proposal_id: UUID, by: Actor, at: datetime) -> None:
    """Hand in a proposal; its file is judged as `amparo guide check` would, and the verdict is kept with it.

    A refused file does not stop the proposal: what the check says stands beside it. The same id sent twice writes once.

    Raises:
        NotAllowed: the actor may not propose.
        TextWrong, ObligationUnknown: what was written cannot be kept so.
        SentBefore: this id was used for something else.
        amparo.monitor.trying.TooSoon: too many files are being judged just now.
    """
    audit.require(by, "proposal.make")
    _raise_first([
        *rules.text_faults(proposal.title, longest=LONGEST_TITLE),
        *rules.text_faults(proposal.text, longest=LONGEST_TEXT),
        *rules.text_faults(proposal.file, longest=trying.LARGEST, needed=False),
    ])  # fmt: skip
    _know(proposal.obligations)
    row = models.Proposal.objects.filter(pk=proposal_id).first()
    if row is None:
        _add_proposal(proposal, proposal_id, by, at)
    elif (row.title, row.text, row.file) != (proposal.title, proposal.text, proposal.file):
        raise SentBefore("This page was sent before with another text; the first is kept.")


def _add_proposal(proposal: NewProposal, proposal_id: UUID, by: Actor, at: datetime) -> None:
    judged = trying.judged_plain(proposal.file.encode()) if proposal.file.strip() else None
    models.Proposal.objects.create(
        id=proposal_id,
        kind=proposal.kind,
        title=proposal.title,
        text=proposal.text,
        obligations=list(dict.fromkeys(proposal.obligations)),
        version=queries.regional_guide().version,
        file=proposal.file,
        judged=judged,
        at=at,
        actor=by.id,
        role=by.role,
        agency_id=by.body,
    )
    audit.record(Event.PROPOSAL_MADE, by=by, subject=audit.subject_of("proposal", proposal_id))


@transaction.atomic
def move_proposal(*, proposal_id: UUID, to: Status, reason: str, seen: int, by: Actor, at: datetime) -> None:
    """Move a proposal on; `seen` is the number of the last step that the actor had before her eyes.

    Raises:
        NotAllowed: only the secretariat decides, only the agency that proposed withdraws.
        amparo.monitor.queries.ProposalNotFound: there is none with this id.
        ChangedMeanwhile: it was moved since; StatusRefused, ReasonMissing, TextWrong: it cannot move so.
    """
    audit.require(by, "proposal.make")
    _one_at_a_time(str(proposal_id))
    found = queries.proposal_for(by, proposal_id)
    if found.number != seen:
        raise ChangedMeanwhile("This proposal was moved since you opened the page; look at it again.")
    _raise_first(rules.move_faults(found.line.status, to, reason))
    if to not in found.moves:
        raise NotAllowed("proposal.decide")
    models.ProposalStep.objects.create(
        id=uuid7(),
        proposal_id=proposal_id,
        number=seen + 1,
        status=to,
        reason=reason.strip(),
        at=at,
        actor=by.id,
        role=by.role,
        agency_id=by.body,
    )
    audit.record(
        Event.PROPOSAL_MOVED, by=by, subject=audit.subject_of("proposal", proposal_id), reasons=(to.value,)
    )


# ---- comments -----------------------------------------------------------------------------------


@transaction.atomic
def comment(
    *,
    text: str,
    comment_id: UUID,
    by: Actor,
    at: datetime,
    proposal_id: UUID | None = None,
    obligation: str = "",
) -> None:
    """Write a comment on a proposal or on an obligation; the same id sent twice writes once.

    Raises:
        NotAllowed: the actor may not comment.
        TextWrong, ObligationUnknown, amparo.monitor.queries.ProposalNotFound: it cannot be kept so.
        SentBefore: this id was used for another text.
    """
    audit.require(by, "comment.write")
    _raise_first(rules.text_faults(text, longest=LONGEST_TEXT))
    if proposal_id is None:
        _know((obligation,))
    elif not models.Proposal.objects.filter(pk=proposal_id).exists():
        raise queries.ProposalNotFound(str(proposal_id))
    first = models.CommentEntry.objects.filter(comment=comment_id, number=1).first()
    if first is None:
        about = models.CommentEntry(proposal_id=proposal_id, obligation=obligation)
        _add_entry(comment_id, 1, Said.TEXT, text, about=about, by=by, at=at)
        audit.record(Event.COMMENT_WRITTEN, by=by, subject=audit.subject_of("comment", comment_id))
    elif first.text != text.strip() or first.actor != by.id:
        raise SentBefore("This page was sent before with another text; the first is kept.")


@transaction.atomic
def edit_comment(*, comment_id: UUID, text: str, seen: int, by: Actor, at: datetime) -> None:
    """Write a new version of one's own comment; the old one stays in its history.

    Raises:
        NotAllowed: it is somebody else's. amparo.monitor.queries.CommentNotFound: there is none, or it is hidden.
        ChangedMeanwhile: it was changed or hidden since; TextWrong: it cannot be kept so.
    """
    audit.require(by, "comment.write")
    _raise_first(rules.text_faults(text, longest=LONGEST_TEXT))
    found = _seen_comment(comment_id, seen, by)
    if found.comment.author != by.id:
        raise NotAllowed("comment.write")
    _add_entry(comment_id, seen + 1, Said.TEXT, text, about=_first_of(comment_id), by=by, at=at)
    audit.record(Event.COMMENT_WRITTEN, by=by, subject=audit.subject_of("comment", comment_id))


@transaction.atomic
def hide_comment(*, comment_id: UUID, reason: str, seen: int, by: Actor, at: datetime) -> None:
    """Hide a comment from everybody but the secretariat, with a reason that all can read; nothing is removed.

    Raises:
        NotAllowed, ChangedMeanwhile, ReasonMissing, TextWrong, amparo.monitor.queries.CommentNotFound.
    """
    audit.require(by, "comment.hide")
    if not reason.strip():
        raise rules.ReasonMissing("Say why it is hidden; everybody can read the reason.")
    _raise_first(rules.text_faults(reason, longest=LONGEST_TEXT))
    _turn_comment(comment_id, Said.HIDDEN, reason, seen=seen, by=by, at=at)
    audit.record(Event.COMMENT_HIDDEN, by=by, subject=audit.subject_of("comment", comment_id))


@transaction.atomic
def show_comment(*, comment_id: UUID, seen: int, by: Actor, at: datetime) -> None:
    """Show a hidden comment again; raises as `hide_comment` does."""
    audit.require(by, "comment.hide")
    _turn_comment(comment_id, Said.SHOWN, "", seen=seen, by=by, at=at)
    audit.record(Event.COMMENT_SHOWN, by=by, subject=audit.subject_of("comment", comment_id))


def _turn_comment(comment_id: UUID, said: Said, text: str, *, seen: int, by: Actor, at: datetime) -> None:
    found = _seen_comment(comment_id, seen, by)
    if found.comment.hidden is (said is Said.HIDDEN):
        raise ChangedMeanwhile("This comment is so already.")
    _add_entry(comment_id, seen + 1, said, text, about=_first_of(comment_id), by=by, at=at)


def _seen_comment(comment_id: UUID, seen: int, by: Actor) -> queries.CommentView:
    _one_at_a_time(str(comment_id))
    found = queries.comment_for(by, comment_id)
    if found.comment.number != seen:
        raise ChangedMeanwhile("This comment was changed since you opened the page; look at it again.")
    return found


def _first_of(comment_id: UUID) -> models.CommentEntry:
    return models.CommentEntry.objects.get(comment=comment_id, number=1)


def _add_entry(
    comment_id: UUID,
    number: int,
    said: Said,
    text: str,
    *,
    about: models.CommentEntry,
    by: Actor,
    at: datetime,
) -> None:
    models.CommentEntry.objects.create(
        id=uuid7(),
        comment=comment_id,
        number=number,
        said=said,
        text=text.strip(),
        proposal_id=about.proposal_id,
        obligation=about.obligation,
        at=at,
        actor=by.id,
        role=by.role,
        agency_id=by.body,
    )


# ---- common -------------------------------------------------------------------------------------


def _know(obligations: Sequence[str]) -> None:
    known = queries.regional_guide().obligations
    if any(one not in known for one in obligations):
        raise ObligationUnknown("The Guide has no such obligation.")


def _raise_first(faults: Sequence[MonitorRefused]) -> None:
    if faults:
        raise faults[0]


def _one_at_a_time(what: str) -> None:
    """Let only one transaction write about a thing at a time, so that each knows what was there before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(724014, hashtext(%s))", [what])
