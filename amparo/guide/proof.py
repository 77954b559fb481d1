"""Prove that a country never opens what the region blocks, or show a case where it would.

Every case of the closed vocabulary is covered, by a solver (z3); what cannot be proved is refused. Asked only
when an overlay changes a condition, who may attest, or a guard. Guide: rule_of_overlay. Decision: 11.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from amparo.guide.errors import Problem
from amparo.guide.model import Guide, Obligation
from amparo.guide.proof_case import Loss, Shown, is_so, shown, smallest
from amparo.guide.proof_scope import to_be_proved
from amparo.guide.proof_terms import NotProvable, Term, all_of, any_of, no
from amparo.guide.proof_world import View, World, world_of

_EFFORT = 20_000_000  # of the solver's own units, not of time: the answer is the same on every machine
_NOT_PROVED = (
    "cannot be proved to protect as much as the region does; "
    "write the condition as the region's one || something more"
)
_TOLD = 5  # obligations told with a case of their own
_SAID: dict[Loss, str] = {
    "allows": "on these facts the region refuses {action} because of {obligation}; the overlay would allow it\n{case}",
    "unblocks": "on these facts {obligation} refuses {action} in the region, and with the overlay no longer\n{case}",
    "unholds": "on these facts {obligation} holds {action} in the region so that no override lifts it, "
    "and with the overlay no longer\n{case}",
    "asks-not": "on these facts the region asks people to act on {obligation}, the overlay would not\n{case}",
    "covers-not": "on these facts {obligation} covers the child in the region, and with the overlay no longer\n{case}",
    "misses-not": "on these facts {obligation} asks for an entry in the region, with the overlay no longer\n{case}",
    "meets": "on these facts {obligation} is not met in the region, and with the overlay it would be\n{case}",
}


@dataclass(frozen=True, slots=True)
class _Claim:
    """One way in which the country could protect less; `lost` is true of the cases where it would."""

    loss: Loss
    lost: Term
    action: str = ""


def unproved(region: Guide, country: Guide) -> list[Problem]:
    """Return a counter-example for each obligation by which the country protects less; none: it is proved.

    Both hold the same obligations and entries, and the country may have more. Where the solver gives up, or a
    condition cannot be put exactly, that is a problem too.
    """
    try:
        return list(_Proof(region, country).problems())
    except NotProvable:
        return [Problem("overlay", _NOT_PROVED)]


class _Proof:
    """The region and one country side by side, over every case."""

    def __init__(self, region: Guide, country: Guide) -> None:
        self._region, self._country = region, country
        self._world: World = world_of(region, country)
        self._old = View(region, self._world, country=False)
        self._new = View(country, self._world, country=True)
        self._solver = z3.Solver(ctx=self._world.context)
        self._solver.set("rlimit", _EFFORT)
        self._solver.add(*self._world.rules)

    def problems(self) -> Iterator[Problem]:
        claims = {key: list(self._claims(one)) for key, one in self._region.obligations.items()}
        claims = {key: found for key, found in claims.items() if found}
        if self._never(any_of(claim.lost for found in claims.values() for claim in found)):
            return
        lost = [key for key, found in claims.items() if not self._never(any_of(c.lost for c in found))]
        for key in lost[:_TOLD]:
            yield self._problem(key, claims[key])
        if len(lost) > _TOLD:
            yield Problem("overlay", "weakens {count} more obligations as well", count=len(lost) - _TOLD)

    def _claims(self, old: Obligation) -> Iterator[_Claim]:
        """Walk through the ways in which an obligation could protect less, gravest first."""
        ours, theirs, new = self._old, self._new, self._country.obligations[old.id]
        for action in old.blocks:
            yield from _unless_same("unblocks", ours.bars(old, action), theirs.bars(new, action), action)
        for action in old.blocks:
            yield from _unless_same("unholds", ours.held(old, action), theirs.held(new, action), action)
        yield from _unless_same("asks-not", ours.open(old), theirs.open(new))
        yield from _unless_same("covers-not", ours.covers(old), theirs.covers(new))
        yield from self._entries_let_go(old, new)
        met = all_of([theirs.met(new), ours.unmet(old)])
        if met is not False:
            yield _Claim("meets", met)

    def _entries_let_go(self, old: Obligation, new: Obligation) -> Iterator[_Claim]:
        """Walk through the entries the country would not ask for, unless it asks for another in their place.

        An entry that counts only by fewer roles is asked for again before what depends on it.
        """
        keys = (*old.requires, *old.after)
        pairs = {key: (self._old.missing(old, key), self._new.missing(new, key)) for key in keys}
        instead = any_of(all_of([theirs, no(ours)]) for ours, theirs in pairs.values())
        for ours, theirs in pairs.values():
            for claim in _unless_same("misses-not", ours, theirs):
                yield _Claim(claim.loss, all_of([claim.lost, no(instead)]))

    def _never(self, term: Term) -> bool:
        """Tell whether a term is true of no case; a solver that gives up has shown nothing."""
        return term is False or self._solver.check(_of(self._world, term)) == z3.unsat

    # ---- one obligation that protects less

    def _problem(self, key: str, claims: list[_Claim]) -> Problem:
        place = self._place(key)
        claim = next((claim for claim in claims if self._happens(claim.lost)), None)
        if claim is None:
            return Problem(place, _NOT_PROVED)
        freed = all_of([claim.lost, no(self._new.refused(claim.action))]) if claim.action else False
        if claim.loss == "unblocks" and self._happens(freed):
            claim = _Claim("allows", freed, claim.action)
        case = self._case(claim)
        # A case that the real engine does not judge so must not be shown; the overlay is refused all the same.
        if not is_so(
            self._region, self._country, case.facts, obligation=key, loss=claim.loss, action=claim.action
        ):
            return Problem(place, _NOT_PROVED)
        return Problem(place, _SAID[claim.loss], action=claim.action, obligation=key, case=case.lines)

    def _happens(self, term: Term) -> bool:
        return term is not False and self._solver.check(_of(self._world, term)) == z3.sat

    def _case(self, claim: _Claim) -> Shown:
        self._solver.push()
        self._solver.add(_of(self._world, claim.lost))
        model = smallest(self._solver, self._world, self._country, much_done=claim.loss == "allows")
        self._solver.pop()
        return shown(model, self._world, self._region, self._country)

    def _place(self, key: str) -> str:
        """Name the changed field that is behind it: of the obligation itself, or else of what it rests on."""
        found = [*to_be_proved(self._region, self._country)]
        own = [f"{what}.{field}" for what, field in found if what == key]
        needs = {f"evidence.{entry}" for entry in self._region.obligations[key].requires}
        near = [f"{what}.{field}" for what, field in found if what in needs]
        far = [f"{what}.{field}" for what, field in found if what.startswith("evidence.")]
        return (own or near or far or [*self._guards(), key])[0]

    def _guards(self) -> Iterator[str]:
        """Name the guards of the country as its file does: the first one, or all where there are several."""
        added = len(self._country.vocabulary.guards) - len(self._region.vocabulary.guards)
        if added:
            yield "fact_guards[0]" if added == 1 else "fact_guards"


def _unless_same(loss: Loss, old: Term, new: Term, action: str = "") -> Iterator[_Claim]:
    same = old is new or (z3.is_expr(old) and z3.is_expr(new) and old.eq(new))
    lost = False if same else all_of([old, no(new)])
    if lost is not False:
        yield _Claim(loss, lost, action)


def _of(world: World, term: Term) -> z3.BoolRef:
    return z3.BoolVal(term, world.context) if isinstance(term, bool) else term
