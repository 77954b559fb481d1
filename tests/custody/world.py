"""Make what a return needs: a child whom the Guide lets return, a receiving agency abroad that signs, and officers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from amparo.access.actor import acting_as
from amparo.access.rules import Actor, Role
from amparo.base import seal
from amparo.base.clock import now, today
from amparo.base.ids import uuid7
from amparo.base.keyring import Keyring, new_keyring, read_keyring
from amparo.cases.actions import attest_evidence
from amparo.cases.queries import case_for
from amparo.custody.clearance_rules import Terms
from amparo.custody.clearing import confirm_clearance, propose_clearance
from amparo.custody.rules import FactKind, GoesTo, Holder, MayLeave, NewFact, PlaceKind
from amparo.custody.tokens import make_acceptance
from amparo.node import trust
from amparo.node.home import PROFILES, Home, make_home
from tests.exchange.ready import a_ready_case
from tests.factories import an_actor

Login = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Abroad:
    """The receiving node: its keys, for signing acceptances."""

    keys: Keyring

    def accepts(self, reference: str, **changes: Any) -> str:  # noqa: ANN401
        """Sign that the agency of Honduras takes this child back."""
        at = now().replace(microsecond=0)
        said: dict[str, Any] = {
            "reference": reference,
            "agency": "hn-proteccion",
            "node": "hn",
            "to_agency": "mx-proteccion",
            "made": at,
            "ends": at + timedelta(days=20),
            "key": self.keys.agency_sign_key("hn-proteccion", at),
        }
        return make_acceptance(**(said | changes))


@contextmanager
def abroad(home: Home, folder: Any) -> Iterator[Abroad]:  # noqa: ANN401 - a path of pytest's
    """Let the node know Honduras; what it trusted before comes back."""
    files = (home.trust_list, home.trust_root)
    held = [path.read_text("ascii") if path.exists() else None for path in files]
    for path in files:
        path.unlink(missing_ok=True)
    hn = make_home(folder / "home", PROFILES / "hn.yaml")
    keys = new_keyring("hn", [one.id for one in hn.profile.agencies], at=now())
    cards = [trust.card_of(home, read_keyring(home.keyring)), trust.card_of(hn, keys)]
    root = seal.new_sign_keys()
    trust.adopt(home, trust.publish(cards, root=root, number=9, at=now()), root.public)
    yield Abroad(keys)
    for path, text in zip(files, held, strict=True):
        path.unlink()
        if text is not None:
            path.write_text(text, "ascii")


def a_returnable_case(**facts: Any) -> UUID:  # noqa: ANN401
    """Open a case in which the Guide leaves the return free."""
    case_id, worker = a_ready_case(decision_kind=["return"], **facts), an_actor()
    with acting_as(worker):
        attest_evidence(
            case_id=case_id,
            evidence="mx-restitution-plan-followed",
            done=True,
            by=worker,
            at=now(),
            entry_id=uuid7(),
        )
    return case_id


def reference_of(case_id: UUID) -> str:
    worker = an_actor()
    with acting_as(worker):
        return case_for(worker, case_id, purpose="casework").reference


def terms(**changes: Any) -> Terms:  # noqa: ANN401
    """Dates that clear a return: determined a month ago, appeal over last week, good for ten days."""
    day = today("America/Mexico_City")
    usual = Terms(day - timedelta(days=30), day - timedelta(days=7), now() + timedelta(days=10))
    return replace(usual, **changes)


def a_proposal(case_id: UUID, there: Abroad, *, by: Actor | None = None, **changes: Any) -> UUID:  # noqa: ANN401
    """Propose a clearance and return its id."""
    worker, clearance = by or an_actor(), uuid7()
    reference = reference_of(case_id)
    with acting_as(worker):
        propose_clearance(
            case_id=case_id,
            terms=terms(**changes),
            acceptance=there.accepts(reference),
            by=worker,
            clearance_id=clearance,
        )
    return clearance


def a_clearance(case_id: UUID, there: Abroad) -> UUID:
    """Propose and confirm a clearance and return its id."""
    clearance, supervisor = a_proposal(case_id, there), an_actor(Role.SUPERVISOR)
    with acting_as(supervisor):
        confirm_clearance(case_id=case_id, clearance_id=clearance, by=supervisor, step_id=uuid7())
    return clearance


def held(**changes: Any) -> NewFact:  # noqa: ANN401
    """A child in a migration station, since five minutes."""
    said = NewFact(
        kind=FactKind.HELD,
        at=now() - timedelta(minutes=5),
        place="Estación de prueba",
        place_kind=PlaceKind.MIGRATION_STATION,
        may_leave=MayLeave.NO,
        holder=Holder.MIGRATION,
    )
    return replace(said, **changes)


def let_out(of: UUID, at: datetime | None = None) -> NewFact:
    """The end of a stay."""
    return NewFact(FactKind.LET_OUT, at or now(), ends=of, goes_to=GoesTo.CHILD_PROTECTION)
