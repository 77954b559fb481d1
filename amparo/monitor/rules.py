"""Decide which answer of a State stands, how a proposal may move, and who may touch a comment.

Pure: no database, no clock. Everything is kept; what stands is the fold of what was written, in order.
An answer changes nothing that the software enforces. Decision: 0014.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

LONGEST_TEXT = 5_000
LONGEST_TITLE = 160
LONGEST_INSTRUMENT = 500
# No norm on the protection of children is older; an earlier year is a slip of the finger.
EARLIEST = date(1900, 1, 1)


class Stance(StrEnum):
    """What a State says of one obligation."""

    ADOPTED = "adopted"
    WITH_RESERVATION = "adopted-with-reservation"
    UNDER_STUDY = "under-study"
    NOT_ADOPTED = "not-adopted"
    # Said when an answer is taken back: as if the State had never answered.
    NOT_ANSWERED = "not-answered"


class Status(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    DISCUSSED = "under-discussion"
    ACCEPTED = "accepted-for-next-version"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a proposal would do to the Guide."""

    CHANGE = "change"
    ADD = "add"
    OVERLAY = "overlay"
    SCENARIO = "scenario"


class Said(StrEnum):
    """What one entry of a comment does: says it (again), hides it, shows it again."""

    TEXT = "text"
    HIDDEN = "hidden"
    SHOWN = "shown"


_DECIDED = frozenset({Status.ACCEPTED, Status.DECLINED})
NEXT_STATUSES: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.DISCUSSED, Status.WITHDRAWN}) | _DECIDED,
    Status.DISCUSSED: frozenset({Status.WITHDRAWN}) | _DECIDED,
    # A decision may be looked at again until the next version is out.
    Status.ACCEPTED: frozenset({Status.DISCUSSED}),
    Status.DECLINED: frozenset({Status.DISCUSSED}),
    Status.WITHDRAWN: frozenset(),
}


class MonitorRefused(Exception):
    """Something that a person wrote cannot be kept as it is; the message says what to put right."""


class ReasonMissing(MonitorRefused):
    """A reservation, a refusal or a hiding needs its reason."""


class DayWrong(MonitorRefused):
    """The day since when it holds has not come, or lies too far back."""


class TextWrong(MonitorRefused):
    """A text is empty, too long, or holds signs that are no writing."""


class ObligationUnknown(MonitorRefused):
    """The Guide has no such obligation."""


class StatusRefused(MonitorRefused):
    """A proposal cannot move from where it stands to there."""


class ChangedMeanwhile(MonitorRefused):
    """Somebody else wrote here since the page was opened; nothing was overwritten."""


class SentBefore(MonitorRefused):
    """The same page was sent before with another text; the first is kept."""


# ---- answers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """One answer of a State on one obligation; `seen` is the answer its writer had before her eyes."""

    id: UUID
    country: str
    obligation: str
    version: str
    stance: Stance
    since: date | None
    reason: str
    instrument: str
    at: datetime
    agency: str
    seen: UUID | None


@dataclass(frozen=True)
class Answered:
    """What a State answered on one obligation: what stands, and everything ever written, oldest first."""

    stands: Answer | None
    history: tuple[Answer, ...]
    crossed: tuple[Answer, ...]


def stance_faults(
    *, stance: Stance, since: date | None, reason: str, instrument: str, on: date
) -> list[MonitorRefused]:
    """Return everything that must be put right before an answer can be kept."""
    faults: list[MonitorRefused] = []
    if stance is Stance.WITH_RESERVATION and not reason.strip():
        faults.append(ReasonMissing("A reservation needs its reason."))
    if since is not None and not EARLIEST <= since <= on:
        faults.append(DayWrong("The day since when it holds must have come, and be after 1900."))
    faults += text_faults(reason, longest=LONGEST_TEXT, needed=False)
    return faults + text_faults(instrument, longest=LONGEST_INSTRUMENT, needed=False)


def text_faults(text: str, *, longest: int, needed: bool = True) -> list[MonitorRefused]:
    """Return why a text cannot be kept; it is never shortened in silence."""
    faults: list[MonitorRefused] = []
    if needed and not text.strip():
        faults.append(TextWrong("The text is empty."))
    if len(text) > longest:
        faults.append(TextWrong(f"The text is longer than {longest} signs."))
    if "\x00" in text:
        faults.append(TextWrong("The text holds signs that are no writing."))
    return faults


def fold_answers(written: Sequence[Answer]) -> Answered:
    """Fold the answers on one obligation, oldest first.

    An answer stands when its writer had seen the one that stood before it. One written at the same time by another
    delegate is kept and does not stand: nobody's words are replaced unseen.
    """
    stands: Answer | None = None
    crossed: list[Answer] = []
    for answer in written:
        if answer.seen == (stands.id if stands else None):
            stands = answer
        else:
            crossed.append(answer)
    return Answered(stands, tuple(written), tuple(crossed))


def counted(answers: Iterable[Answer | None]) -> dict[Stance, int]:
    """Count standing answers by stance; None and taken-back ones are not answered."""
    counts = dict.fromkeys(Stance, 0)
    for answer in answers:
        counts[answer.stance if answer else Stance.NOT_ANSWERED] += 1
    return counts


# ---- proposals ----------------------------------------------------------------------------------


def moves_for(status: Status, *, decides: bool, own: bool) -> frozenset[Status]:
    """Return where a proposal may go next: the secretariat decides, whoever proposed may withdraw."""
    after = NEXT_STATUSES[status]
    return frozenset(one for one in after if (own if one is Status.WITHDRAWN else decides))


def move_faults(before: Status, after: Status, reason: str) -> list[MonitorRefused]:
    """Return why a proposal may not move so; declining and withdrawing say why."""
    faults: list[MonitorRefused] = []
    if after not in NEXT_STATUSES[before]:
        faults.append(StatusRefused(f"A proposal that is {before} cannot become {after}."))
    if after in (Status.DECLINED, Status.WITHDRAWN) and not reason.strip():
        faults.append(ReasonMissing("Say why, so that whoever proposed it can read it."))
    return faults + text_faults(reason, longest=LONGEST_TEXT, needed=False)


# ---- comments -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommentEntry:
    """One entry of a comment: its first text, a new version of it, or that it was hidden or shown again."""

    comment: UUID
    number: int
    said: Said
    text: str
    at: datetime
    actor: UUID
    role: str
    agency: str


@dataclass(frozen=True)
class Comment:
    """A comment as it stands; `versions` are its texts, oldest first, `number` that of its last entry.

    `hidden_because` is the reason of the secretariat while it is hidden; the text is then for the secretariat alone.
    """

    id: UUID
    text: str
    at: datetime
    edited_at: datetime | None
    author: UUID
    role: str
    agency: str
    number: int
    versions: tuple[str, ...]
    hidden: bool = False
    hidden_because: str = ""


def fold_comment(entries: Sequence[CommentEntry]) -> Comment:
    """Fold the entries of one comment, oldest first; a text by anybody but its author does not count."""
    first = entries[0]
    comment = Comment(
        first.comment, first.text, first.at, None, first.actor, first.role, first.agency, 1, (first.text,)
    )
    for entry in entries[1:]:
        comment = replace(_after(comment, entry), number=entry.number)
    return comment


def _after(comment: Comment, entry: CommentEntry) -> Comment:
    if entry.said is Said.HIDDEN:
        return replace(comment, hidden=True, hidden_because=entry.text)
    if entry.said is Said.SHOWN:
        return replace(comment, hidden=False, hidden_because="")
    if entry.actor != comment.author:
        return comment
    return replace(comment, text=entry.text, edited_at=entry.at, versions=(*comment.versions, entry.text))


def without_hidden_text(comment: Comment) -> Comment:
    """Return a comment as people other than the secretariat read it."""
    return replace(comment, text="", versions=()) if comment.hidden else comment
