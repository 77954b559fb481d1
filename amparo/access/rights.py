"""Say of each act who may do it, in which relation to the child and for what, and what of her it shows.

Pure: one table, to be read by a lawyer. A right that is not in it does not exist. docs/reference/rights.md is printed
from it by running the rule over it. An act without relations touches no single case. Design: security design 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from amparo.access.roles import Purpose, Reach, Relation, Role


@dataclass(frozen=True)
class Right:
    """Who may do an act; empty `relations`: it touches no single case; empty `purposes`: any that the role has."""

    roles: frozenset[Role]
    shows: frozenset[Reach] = frozenset()
    relations: frozenset[Relation] = frozenset()
    purposes: frozenset[Purpose] = frozenset()


_FIRST, _WORKER, _SUPERVISOR = Role.FIRST_CONTACT, Role.CASEWORKER, Role.SUPERVISOR
_GUARDIAN, _LAWYER, _PANEL = Role.GUARDIAN, Role.LEGAL_REPRESENTATIVE, Role.PANEL_MEMBER
_DPO, _OVERSIGHT, _ADMINISTRATOR = Role.DATA_PROTECTION_OFFICER, Role.OVERSIGHT, Role.ADMINISTRATOR
_SECRETARIAT, _DELEGATE, _DEVICE, _SYSTEM = (
    Role.SECRETARIAT, Role.COUNTRY_DELEGATE, Role.DEVICE, Role.SYSTEM,
)  # fmt: skip
_SIGNED_IN = frozenset(Role) - {_DEVICE, _SYSTEM, Role.NOBODY}

# Who works with the child; who stands up for her or looks into how she is served.
_WORKING = {Relation.ASSIGNED, Relation.TEAM, Relation.SUPERVISOR}
_STANDING_UP = {Relation.GUARDIAN, Relation.LEGAL_REPRESENTATIVE}
_FILE = {Reach.P1, Reach.P2}


def _right(
    *roles: Role,
    shows: set[Reach] | None = None,
    relations: set[Relation] | None = None,
    purposes: set[Purpose] | None = None,
) -> Right:
    return Right(
        frozenset(roles), frozenset(shows or ()), frozenset(relations or ()), frozenset(purposes or ())
    )


def _casework(*roles: Role) -> Right:
    """An act on a child's case by those who work with her; the page it is done on shows her file."""
    return _right(*roles, shows=_FILE, relations=_WORKING)


_HANDING = {Purpose.TRANSFER}
_EITHER_SIDE = _WORKING | {Relation.RECEIVING_AGENCY}

RIGHTS_OF_ACTS: Mapping[str, Right] = {
    # ---- reading -------------------------------------------------------------------------------
    # Lists show ids, stages, dates and a short label; which cases stand in them is the relation.
    "case.list": _right(_FIRST, _WORKER, _SUPERVISOR, shows={Reach.P1}),
    # A search shows what a list shows, of cases that stand in the reader's list.
    "case.search": _right(_FIRST, _WORKER, _SUPERVISOR, shows={Reach.P1}),
    "case.mine": _right(_GUARDIAN, _LAWYER, _PANEL, _OVERSIGHT, shows={Reach.P1}),
    "case.read": _right(
        _FIRST, _WORKER, _SUPERVISOR, _PANEL, _GUARDIAN, _LAWYER, _OVERSIGHT,
        shows=_FILE, relations=_WORKING | _STANDING_UP | {Relation.OVERSIGHT_SAMPLE, Relation.BREAK_GLASS},
    ),
    # The child and whoever stands up for her may ask who has read; a data protection officer sees that and no more.
    "case.who-read": _right(
        _FIRST, _WORKER, _SUPERVISOR, _GUARDIAN, _LAWYER, _DPO, _OVERSIGHT,
        shows={Reach.WHO_READ}, relations=_WORKING | _STANDING_UP | {Relation.OVERSIGHT_SAMPLE},
    ),
    # A photograph or recording of her; whoever stands up for her sees that it is there.
    "attachment.read": _right(_WORKER, _SUPERVISOR, shows=_FILE, relations=_WORKING),
    # Opening needs a key as well, to which two others let her in (decision 22).
    "sealed.read": _right(_WORKER, _SUPERVISOR, shows={Reach.P3}, relations=_WORKING),
    # A gate protects every child whatever else is withheld: it asks for no relation.
    "gate.read": _right(_FIRST, _WORKER, _SUPERVISOR, Role.MIGRATION_OFFICER, shows={Reach.GATE}),
    "audit.read": _right(_DPO, _OVERSIGHT, shows={Reach.WHO_READ}),
    # ---- work with the child -------------------------------------------------------------------
    "case.open": _right(_DEVICE, _SYSTEM),
    "case.record": _casework(_WORKER, _SUPERVISOR, _SYSTEM),
    "case.attest": _casework(_FIRST, _WORKER, _SUPERVISOR),
    "case.act": _casework(_FIRST, _WORKER, _SUPERVISOR),
    "case.report-found": _casework(_FIRST, _WORKER, _SUPERVISOR, _SYSTEM),
    "sealed.record": _right(_WORKER, _SUPERVISOR, relations=_WORKING),
    # A key of one's own for what is sealed, and who else is let in: touches no child.
    "sealed.key": _right(_WORKER, _SUPERVISOR),
    "sealed.let-in": _right(_WORKER, _SUPERVISOR),
    # ---- who may reach her ---------------------------------------------------------------------
    # A supervisor of another agency who is assigned to one case works in it; who else does, its own agencies say.
    "case.assign": _right(_SUPERVISOR, shows={Reach.P1}, relations={Relation.SUPERVISOR}),
    # Proposed by one, confirmed by another: what erases a child's record, and what forbids to.
    "case.erase": _right(_SUPERVISOR, relations={Relation.SUPERVISOR}),
    "case.hold": _right(
        _SUPERVISOR, _OVERSIGHT, relations={Relation.SUPERVISOR, Relation.OVERSIGHT_SAMPLE}
    ),
    # Which erasures wait and which were done: by whom, when and why, and nothing of a child.
    "erasure.read": _right(_SUPERVISOR, _DPO, _OVERSIGHT),
    "case.withhold": _right(_WORKER, _SUPERVISOR, shows={Reach.P1}, relations=_WORKING),
    # ---- reading traces: nothing of a child -----------------------------------------------------
    "budget.step-up": _right(_FIRST, _WORKER, _SUPERVISOR, _PANEL, _GUARDIAN, _LAWYER, _OVERSIGHT),
    "budget.raise": _right(_SUPERVISOR),
    "glass.break": _right(_FIRST, _WORKER, _SUPERVISOR),
    "glass.answer": _right(_SUPERVISOR),
    "glass.review": _right(_OVERSIGHT),
    "reading.alarms": _right(_OVERSIGHT),
    # The node draws; nobody chooses a case. Reading those drawn is case.read.
    "sample.draw": _right(_OVERSIGHT),
    # ---- overrides: act first in an emergency; two people; what is owed afterwards --------------
    "override.emergency": _casework(_FIRST, _WORKER, _SUPERVISOR),
    "override.two-person": _casework(_WORKER, _SUPERVISOR),
    "override.confirm": _casework(_WORKER),
    "override.follow-up": _casework(_WORKER, _SUPERVISOR),
    "override.review": _casework(_SUPERVISOR),
    # ---- incidents -----------------------------------------------------------------------------
    "incident.read": _right(_SUPERVISOR, _OVERSIGHT, shows={Reach.P1}),
    "incident.close": _right(
        _SUPERVISOR, shows={Reach.P1}, relations={Relation.ASSIGNED, Relation.SUPERVISOR}
    ),
    # ---- custody facts by the child's reference; clearing a return, and recording it ---------------
    "custody.record": _right(Role.MIGRATION_OFFICER, shows={Reach.GATE}),
    "return.record": _right(Role.MIGRATION_OFFICER, shows={Reach.GATE}),
    "custody.oversee": _right(_OVERSIGHT, shows={Reach.P1}),
    "clearance.propose": _casework(_WORKER, _SUPERVISOR),
    "clearance.confirm": _casework(_SUPERVISOR),
    "clearance.withdraw": _casework(_WORKER, _SUPERVISOR),
    # ---- from agency to agency -----------------------------------------------------------------
    "transfer.send": _right(
        _WORKER, _SUPERVISOR, shows=_FILE, relations=_WORKING, purposes=_HANDING
    ),
    "transfer.receive": _right(
        _WORKER, _SUPERVISOR, _SYSTEM, shows=_FILE, relations=_EITHER_SIDE, purposes=_HANDING
    ),
    "transfer.read": _right(
        _WORKER, _SUPERVISOR, shows=_FILE, relations=_EITHER_SIDE, purposes=_HANDING
    ),
    "envelope.send": _right(_SYSTEM),
    "envelope.receive": _right(_SYSTEM),
    # ---- telephones, the node, the region: nothing of a child ------------------------------------
    "form.read": _right(_DEVICE),
    "form.submit": _right(_DEVICE),
    "device.manage": _right(_SUPERVISOR, _ADMINISTRATOR),
    # People of one's own agency. What gives or changes a right is proposed by one and confirmed by another.
    "person.manage": _right(_ADMINISTRATOR),
    "change.propose": _right(_SUPERVISOR, _ADMINISTRATOR, _SECRETARIAT),
    "change.confirm": _right(_SUPERVISOR, _ADMINISTRATOR, _SECRETARIAT, _OVERSIGHT),
    # The keys of the node, proposed by one and confirmed by another.
    "keys.change": _right(_SUPERVISOR, _ADMINISTRATOR),
    "audit.verify": _right(_ADMINISTRATOR, _DPO, _OVERSIGHT),
    "trust-list.publish": _right(_SECRETARIAT),
    # Adoption by States is public; proposals and comments are for whoever is signed in.
    "proposal.read": _right(*_SIGNED_IN),
    "guide.try-file": _right(*_SIGNED_IN),
    "proposal.make": _right(_SECRETARIAT, _DELEGATE),
    "comment.write": _right(_SECRETARIAT, _DELEGATE),
    "proposal.decide": _right(_SECRETARIAT),
    "comment.hide": _right(_SECRETARIAT),
    "adoption.answer": _right(_DELEGATE),
}  # fmt: skip

# Roles with an account and no way to a child in this version, and why.
NO_WAY_TO_A_CHILD: Mapping[Role, str] = {
    Role.CONSULATE: "is told of a child only by a sealed profile that her agency chose to send, never of one who may "
    "need asylum; no such profile is sent to consulates yet",
    Role.SERVICE_PROVIDER: "serves her on a referral, which carries what it needs; none is sent to providers yet",
    Role.SECRETARIAT: "does regional work, which holds nothing of a child",
    Role.COUNTRY_DELEGATE: "does regional work, which holds nothing of a child",
    Role.ADMINISTRATOR: "keeps the node running and reads no child",
}

RIGHTS: Mapping[Role, frozenset[str]] = {
    role: frozenset(act for act, right in RIGHTS_OF_ACTS.items() if role in right.roles) for role in Role
}
