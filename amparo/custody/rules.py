"""Say what a custody fact must hold, where the child was and is held, and how late something was told.

Pure: no database, no clock, no network. Facts are never changed: a correction is a new fact that names the one it
corrects, and both stay to be seen. Doubt favours the child: a place of which nobody knows better is a closed one.
Guide: no-detention. Design: security design 5, promise S7. Decision: 0018.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class FactKind(StrEnum):
    """What one fact tells: she is held, held no longer, heard on a day, decided upon, or never concerned."""

    HELD = "held"
    LET_OUT = "let-out"
    HEARING = "hearing"
    DECISION = "decision"
    VOID = "void"


class PlaceKind(StrEnum):
    """Where somebody is held, in closed words."""

    OPEN_CARE = "open-care"
    OFFICE = "office"
    HOSPITAL = "hospital"
    BORDER_POST = "border-post"
    TRANSIT_ZONE = "transit-zone"
    TRANSPORT = "transport"
    POLICE_CELL = "police-cell"
    MIGRATION_STATION = "migration-station"
    OTHER = "other"
    UNKNOWN = "unknown"


class MayLeave(StrEnum):
    """Whether she may walk out when she wants to."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Holder(StrEnum):
    """Which kind of body holds her."""

    MIGRATION = "migration-authority"
    POLICE = "police"
    ARMED_FORCES = "armed-forces"
    PRIVATE = "private-guard"
    OTHER = "other"
    UNKNOWN = "unknown"


class GoesTo(StrEnum):
    """To whom she went when she was held no longer."""

    CHILD_PROTECTION = "child-protection"
    FAMILY = "family"
    OTHER_PLACE = "other-place"
    ALONE = "alone"
    UNKNOWN = "unknown"


class DocumentKind(StrEnum):
    """What kind of paper a fact rests on; the paper itself is kept where it was made."""

    CUSTODY_ORDER = "custody-order"
    RELEASE_ORDER = "release-order"
    HEARING_NOTICE = "hearing-notice"
    STATUS_DECISION = "status-decision"
    RETURN_ORDER = "return-order"
    APPEAL_DECISION = "appeal-decision"
    COURT_ORDER = "court-order"
    OTHER = "other"


class Why(StrEnum):
    """Why a fact is corrected."""

    MISTYPED = "mistyped"
    WRONG_TIME = "wrong-time"
    WRONG_PLACE = "wrong-place"
    WRONG_CHILD = "wrong-child"


# The only places that are not closed, and only while she may leave: everything else deprives her of liberty.
OPEN_PLACES = frozenset({PlaceKind.OPEN_CARE, PlaceKind.OFFICE, PlaceKind.HOSPITAL, PlaceKind.BORDER_POST})
# What is told later than this was not told when it was so. Security design 5: protection knows within 15 minutes.
LATE_AFTER = timedelta(minutes=15)
# A clock may be a little ahead; a hearing may lie this far ahead.
CLOCK_AHEAD = timedelta(minutes=10)
FURTHEST_HEARING = timedelta(days=3 * 365)
FURTHEST_BACK = timedelta(days=5 * 365)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Paper:
    """A document: its kind, number, and SHA-256 as 64 hexadecimal signs, or empty where nobody has the file."""

    kind: DocumentKind
    number: str
    sha256: str = ""


@dataclass(frozen=True)
class NewFact:
    """What an officer writes down; `at` is when it was so, or when she is to be heard.

    `ends` names the fact of being held that is over; `corrects` the fact that this one puts right, and `why`.
    """

    kind: FactKind
    at: datetime
    place: str = ""
    place_kind: PlaceKind | None = None
    may_leave: MayLeave | None = None
    holder: Holder | None = None
    ends: UUID | None = None
    goes_to: GoesTo | None = None
    paper: Paper | None = None
    corrects: UUID | None = None
    why: Why | None = None


@dataclass(frozen=True)
class KnownFact:
    """A fact as it is kept: who wrote it, and when the database took it."""

    id: UUID
    said: NewFact
    recorded_at: datetime
    agency: str
    role: str

    @property
    def late(self) -> timedelta | None:
        """How long after it was so it was told; None where it was told in time."""
        return late_by(self.said, self.recorded_at)


@dataclass(frozen=True)
class Stay:
    """One time that she was held, as it stands after all corrections; `until` is None while it lasts."""

    held: KnownFact
    end: KnownFact | None

    @property
    def until(self) -> datetime | None:
        """When it was over, or None."""
        return self.end.said.at if self.end else None

    @property
    def deprived(self) -> bool:
        """Whether it deprives her of her liberty."""
        return is_deprived(self.held.said)


@dataclass(frozen=True)
class Refusal:
    """Why something is not written down: a code, and a sentence for the person."""

    code: str
    why: str


def is_deprived(said: NewFact) -> bool:
    """Test whether being held so deprives a child of her liberty: any closed place, whatever it is called."""
    return said.kind == FactKind.HELD and not (
        said.place_kind in OPEN_PLACES and said.may_leave == MayLeave.YES
    )


def late_by(said: NewFact, recorded_at: datetime) -> timedelta | None:
    """Return how long after it was so a fact was told, or None in time; a hearing is told before it is held."""
    late = recorded_at - said.at
    return late if late > LATE_AFTER and said.kind != FactKind.HEARING else None


def fact_refusals(said: NewFact, *, at: datetime, known: Sequence[KnownFact]) -> list[Refusal]:
    """Return every reason why a fact cannot be written down for a child; none means it can.

    Args:
        said: the fact.
        at: this moment.
        known: everything that was written of this child before, whoever wrote it.
    """
    by_id = {one.id: one for one in known}
    return [
        *_time_refusals(said, at),
        *_shape_refusals(said),
        *_paper_refusals(said.paper),
        *_end_refusals(said, by_id),
        *_correction_refusals(said, by_id),
    ]


def _time_refusals(said: NewFact, at: datetime) -> Iterable[Refusal]:
    ahead = FURTHEST_HEARING if said.kind == FactKind.HEARING else CLOCK_AHEAD
    if said.at > at + ahead:
        yield Refusal("ahead", "This time has not come yet. Write when it really was.")
    if said.at < at - FURTHEST_BACK:
        yield Refusal("long-ago", "This time lies too long ago. Look at the year.")


def _shape_refusals(said: NewFact) -> Iterable[Refusal]:
    if said.kind == FactKind.HELD and not (said.place.strip() and said.place_kind and said.holder):
        yield Refusal("place-missing", "Say where she is held, what kind of place it is, and who holds her.")
    if said.kind == FactKind.HELD and said.may_leave is None:
        yield Refusal("may-leave-missing", "Say whether she may leave when she wants to.")
    if said.kind == FactKind.DECISION and said.paper is None:
        yield Refusal("paper-missing", "Say which document it is, and its number.")
    if said.kind == FactKind.VOID and said.corrects is None:
        yield Refusal("corrects-missing", "Say which fact does not concern this child.")


def _paper_refusals(paper: Paper | None) -> Iterable[Refusal]:
    if paper is not None and not paper.number.strip():
        yield Refusal("number-missing", "Write the number of the document.")
    if paper is not None and paper.sha256 and _SHA256.fullmatch(paper.sha256) is None:
        yield Refusal("digest-wrong", "The SHA-256 of a document has 64 signs, 0 to 9 and a to f.")


def _end_refusals(said: NewFact, by_id: Mapping[UUID, KnownFact]) -> Iterable[Refusal]:
    if said.kind != FactKind.LET_OUT:
        return
    ended = by_id.get(said.ends) if said.ends is not None else None
    if ended is None or ended.said.kind != FactKind.HELD:
        yield Refusal("ends-unknown", "Say which time of being held is over.")
    elif said.at < ended.said.at:
        yield Refusal("ends-before", "It cannot be over before it began.")
    elif said.corrects is None and any(
        stay.end is not None and stay.held.id == ended.id for stay in stays_of(list(by_id.values()))
    ):
        yield Refusal("ended-before", "Its end was written down before. Correct that, where it is wrong.")


def _correction_refusals(said: NewFact, by_id: Mapping[UUID, KnownFact]) -> Iterable[Refusal]:
    if (said.corrects is None) != (said.why is None):
        yield Refusal("why-missing", "Say what is corrected, and why.")
    if said.corrects is None:
        return
    wrong = by_id.get(said.corrects)
    if wrong is None:
        yield Refusal("corrects-unknown", "What you correct does not stand in the record of this child.")
    elif said.kind not in (FactKind.VOID, wrong.said.kind):
        yield Refusal("corrects-other", "A correction says the same kind of thing as what it corrects.")
    elif any(one.said.corrects == said.corrects for one in by_id.values()):
        yield Refusal("corrected-before", "This was corrected before. Correct the correction.")


# What stands


def standing(known: Sequence[KnownFact]) -> tuple[KnownFact, ...]:
    """Return the facts that nothing corrects and that are no mere withdrawal, in the order they were told."""
    corrected = {one.said.corrects for one in known}
    return tuple(one for one in known if one.id not in corrected and one.said.kind != FactKind.VOID)


def stays_of(known: Sequence[KnownFact]) -> tuple[Stay, ...]:
    """Return each time she was held, as it stands now, the earliest first; an end follows what it ended."""
    stands = standing(known)
    newest = _newest_of(known)
    ends = {
        newest[one.said.ends]: one for one in stands if one.said.ends is not None and one.said.ends in newest
    }
    held = sorted((one for one in stands if one.said.kind == FactKind.HELD), key=lambda one: one.said.at)
    return tuple(Stay(one, ends.get(one.id)) for one in held)


def _newest_of(known: Sequence[KnownFact]) -> dict[UUID, UUID]:
    """Map each fact to the correction that stands in its place now, or to itself."""
    newest = {one.id: one.id for one in known}
    # Backwards: what corrects a fact is told after it, so its own place is known already.
    for one in reversed(known):
        if one.said.corrects is not None:
            newest[one.said.corrects] = newest[one.id]
    return newest


def tells_detention(one: KnownFact, known: Sequence[KnownFact]) -> bool:
    """Test whether a fact tells a deprivation of liberty that nothing told before, and that nobody took back."""
    corrected = {other.id: other for other in known}.get(one.said.corrects or one.id, one)
    told_before = corrected.id != one.id and is_deprived(corrected.said)
    taken_back = any(other.said.corrects == one.id and other.said.kind == FactKind.VOID for other in known)
    return is_deprived(one.said) and not told_before and not taken_back


def held_now(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return the stays that nobody has said to be over."""
    return tuple(stay for stay in stays if stay.end is None)


def next_hearing(known: Sequence[KnownFact], *, at: datetime) -> datetime | None:
    """Return when she is heard next, or None where no hearing is set."""
    ahead = [one.said.at for one in standing(known) if one.said.kind == FactKind.HEARING and one.said.at > at]
    return min(ahead, default=None)
