"""List every address of the node with what can stand in it, from the resolver itself: none is left out in silence.

An address with a parameter that this table does not know makes `addresses` fail by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from amparo.cases.evaluation import this_guide
from amparo.cases.override_rules import Step
from amparo.custody.clearance_rules import Step as ClearanceStep
from amparo.exchange.rules import Move, Stage
from amparo.monitor.rules import Status
from tests.safeguards.world import World

Parameters = Mapping[str, Any]


class AddressUnknown(Exception):
    """An address has parameters, and nobody has said here what to put into them."""


@dataclass(frozen=True)
class Address:
    """One page or operation: its name, its path, and the act of the vocabulary it names, if any."""

    name: str
    path: str
    act: str
    first: bool  # the first of those that differ only in their parameters

    @property
    def for_all(self) -> bool:
        """Whether everybody tries it; what differs only in parameters of no act is left to those with rights."""
        return self.first or self.name in ("desk:act", "desk:override-new")


def addresses(world: World) -> list[Address]:
    """Return every address of the node, with every set of parameters that matters."""
    return [
        address for name, pattern, route in patterns() for address in _filled(name, pattern, route, world)
    ]


def patterns() -> Iterator[tuple[str, URLPattern, str]]:
    """Yield each pattern of the resolver with its whole name and route."""
    yield from within(get_resolver(), "", "")


def within(resolver: URLResolver, route: str, space: str) -> Iterator[tuple[str, URLPattern, str]]:
    """Yield each pattern below a resolver with its whole name and route."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from within(each, route + str(each.pattern), inner)
        else:
            yield f"{space}{each.name or each.lookup_str}", each, route + str(each.pattern)


def _filled(name: str, pattern: URLPattern, route: str, world: World) -> Iterator[Address]:
    if not isinstance(pattern.pattern, RoutePattern):
        raise AddressUnknown(f"{name}: {route} is no plain route")
    needs = "<" in route
    if needs and name not in PARAMETERS:
        raise AddressUnknown(f"{name}: say in tests/safeguards/addresses.py what stands in {route}")
    for number, chosen in enumerate(PARAMETERS[name](world) if needs else [{}]):
        path = _path(route, chosen)
        if "<" in path:
            raise AddressUnknown(f"{name}: no value for what is left in {path}")
        yield Address(name, path, str(chosen.get("action", "")), number == 0)


def _path(route: str, chosen: Parameters) -> str:
    for name, value in chosen.items():
        for kind in ("uuid", "slug", "str", "path", "int"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    return f"/{route}"


def _of(**fixed: str) -> Callable[[World], Sequence[Parameters]]:
    return lambda _world: [fixed]


def _case(world: World) -> Sequence[Parameters]:
    return [{"case_id": world.ana}]


def _each_act(world: World) -> Sequence[Parameters]:
    return [{"case_id": world.ana, "action": action} for action in this_guide().vocabulary.actions]


def _duty(world: World) -> Sequence[Parameters]:
    # One that is met by the caseworker, one that only others may sign, one that bars nearly everything.
    duties = ("no-detention", "appoint-guardian", "identify-needs")
    known = [duty for duty in duties if duty in this_guide().obligations]
    return [{"case_id": world.ana, "obligation_id": duty} for duty in known]


def _fact(world: World) -> Sequence[Parameters]:
    # One of each kind of answer, and the three on which most safeguards hang.
    names = ("age_status", "accompaniment", "fear_or_risk", "age_in_months", "language", "first_contact_at")
    return [{"case_id": world.ana, "name": name} for name in names]


def _override(world: World) -> Sequence[Parameters]:
    return [{"case_id": world.siblings, "override_id": world.override}]


def _steps(world: World) -> Sequence[Parameters]:
    return [one | {"kind": step.value} for one in map(dict, _override(world)) for step in Step]


def _hand_over(world: World) -> Sequence[Parameters]:
    return [{"case_id": one} for one in (world.ana, *world.sent_cases.values())]


def _transfers(world: World) -> Sequence[Parameters]:
    return [{"transfer_id": one} for one in (*world.sent.values(), *world.received.values())]


def _moves(world: World) -> Sequence[Parameters]:
    made = (Move.RELEASE, Move.TAKE_OVER, Move.ACCEPT, Move.ASK, Move.DECLINE, Move.CANCEL)
    never_a_page = [
        {"transfer_id": world.sent[Stage.ASKED], "move": move.value} for move in Move if move not in made
    ]
    return [
        *(one | {"move": move.value} for one in map(dict, _transfers(world)) for move in made),
        *never_a_page,
    ]


def _comment(world: World) -> Sequence[Parameters]:
    return [{"comment_id": world.comment}]


def _form(world: World) -> Sequence[Parameters]:
    return [{"pk": world.form}]


# Accounts, invitations and changes lead to no child; that of nobody is enough to see that no page breaks.
_NOBODYS = "00000000-0000-7000-8000-000000000005"

PARAMETERS: Mapping[str, Callable[[World], Sequence[Parameters]]] = {
    "desk:guide-source": _of(source_id="CRC-37"),
    "desk:guide-action": lambda _world: [{"action": one} for one in this_guide().vocabulary.actions],
    "desk:guide-country": _of(code="mx"),
    "desk:guide-version": _of(name="0.2.0-draft"),
    "desk:guide-document": _of(name="index.json"),
    "desk:obligation": _of(obligation_id="no-detention"),
    "desk:incident": lambda world: [{"incident_id": world.incident}],
    "desk:case": _case,
    "desk:attest": _duty,
    "desk:withdraw": lambda world: [{"case_id": world.ana, "evidence": "needs-checked"}],
    "desk:facts": _case,
    "desk:fact": _fact,
    "desk:acts": _case,
    "desk:act": _each_act,
    "desk:override-new": _each_act,
    "desk:override": _override,
    "desk:override-step": _steps,
    "desk:custody": _case,
    "desk:clearance-new": _case,
    "desk:clearance-step": lambda world: [
        {"case_id": world.ana, "clearance_id": world.ana, "kind": step.value} for step in ClearanceStep
    ],
    "desk:found": _case,
    "desk:readers": _case,
    "desk:words": _case,
    "desk:ties": _case,
    "desk:tie-end": lambda world: [{"case_id": world.ana, "tie_id": _NOBODYS}],
    "desk:marks": _case,
    "desk:mark-end": lambda world: [{"case_id": world.ana, "mark_id": _NOBODYS}],
    "desk:sealed": _case,
    "desk:attachment": lambda world: [{"case_id": world.ana, "attachment_id": _NOBODYS}],
    "desk:erase": _case,
    "desk:hold": _case,
    "desk:hold-end": lambda world: [{"case_id": world.ana, "hold_id": _NOBODYS}],
    "desk:erasure": _of(change_id=_NOBODYS),
    "desk:erasure-settle": _of(change_id=_NOBODYS),
    **dict.fromkeys(
        ("desk:sealed-ask", "desk:sealed-give", "desk:sealed-end"),
        _of(officer="5a9d0c3e-7f2b-4d1a-9e64-0b8c2f7a1d35"),
    ),
    "desk:hand-over": _hand_over,
    "desk:transfer": _transfers,
    "desk:transfer-move": _moves,
    "desk:adoption-duty": _of(obligation_id="no-detention"),
    "desk:adoption-state": _of(country="MX"),
    "desk:adoption-state-data": _of(country="MX"),
    "desk:adoption-answer": _of(country="MX", obligation_id="no-detention"),
    "desk:proposal": lambda world: [{"proposal_id": world.proposal}],
    "desk:proposal-move": lambda world: [{"proposal_id": world.proposal, "to": to.value} for to in Status],
    "desk:comment-duty": _of(obligation_id="no-detention"),
    "desk:comment-edit": _comment,
    "desk:comment-hide": _comment,
    "desk:comment-show": _comment,
    "desk:person": _of(person_id=_NOBODYS),
    "desk:person-change": lambda _world: [
        {"person_id": _NOBODYS, "what": what}
        for what in ("role", "renew", "team", "sign-out", "close", "other")
    ],
    "desk:team-change": lambda _world: [{"team_id": _NOBODYS, "what": one} for one in ("rename", "close")],
    "desk:invitation-change": lambda _world: [
        {"invitation_id": _NOBODYS, "what": one} for one in ("link", "withdraw")
    ],
    "desk:keys-propose": lambda _world: [
        {"kind": kind} for kind in ("keys-new", "keys-destroy-old", "sealed-ceremony", "other")
    ],
    "desk:change": _of(change_id=_NOBODYS),
    "desk:change-settle": lambda _world: [
        {"change_id": _NOBODYS, "answer": one} for one in ("confirm", "decline", "withdraw", "code")
    ],
    **dict.fromkeys(["account_ministry", "account_ministry_back"], _of(ministry_id="ninguna")),
    "account_ministry_change": lambda _world: [
        {"ministry_id": "ninguna", "what": one} for one in ("bind", "end")
    ],
    "mfa_edit_webauthn": _of(pk="1"),
    "mfa_remove_webauthn": _of(pk="1"),
    "field:form": _form,
    "field:manifest": _form,
    "field:file": lambda world: [{"pk": world.form, "filename": world.file}],
}
