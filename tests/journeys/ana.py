"""Walk Ana's road from a shelter in Mexico to the protection agency of Honduras, over real nodes and HTTP.

`python -m tests.journeys.ana` prints each step; exit 0 only if every step held. The form is filled with its real bytes
and sent as a telephone does; everything else goes through the pages, as people do it.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from amparo.base import clock
from amparo.base.clock import now
from amparo.guide import load, text_of
from amparo.node.demo.ana import LABEL, answers_of_ana
from amparo.node.demo.fill import sealed_passphrase
from amparo.node.demo.phone import Phone, filled
from amparo.node.demo.town import Town, TownBroken, bring_up, remove
from tests.journeys.browser import Browser
from tests.journeys.people import Person, StepFailed, Told, case_of, reference_of, refused_by, transfer_of

PORTS = {"region": 8510, "mx": 8511, "hn": 8512}
CHILDREN = {"mx": 3, "hn": 1}


class Journey:
    """The people of the journey, and the steps they take one after another."""

    def __init__(self, town: Town, told: Told) -> None:
        self.town, self.told = town, told
        self.lucia = self._person("mx", "lucia")
        self.sofia = self._person("mx", "sofia")
        self.marta = self._person("mx", "marta")
        self.ivan = self._officer("mx", "ivan")
        self.rosa = self._person("hn", "rosa")
        self.case = ""

    def walk(self) -> None:
        """Take every step, in order; raises StepFailed at the first that does not hold."""
        self.received()
        self.must_not_be_done()
        self.cared_for()
        self.guarded_and_heard()
        self.not_yet_handed_over()
        self.determined()
        self.handed_over()
        self.nothing_hidden()

    def received(self) -> None:
        """A telephone sends Ana's intake to the shelter's node."""
        device = self.town.made["mx"]["device"]
        phone = Phone(f"{self.town.url('mx')}/openrosa", device["username"], device["secret"])
        form = phone.fetch("intake")
        self.told.holds(
            "the shelter's telephone downloads the intake, byte for byte as announced", seen=bool(form)
        )
        instance, xml = filled(form, answers_of_ana(now() - timedelta(minutes=5)), label=LABEL)
        first, again = phone.post(xml, instance), phone.post(xml, instance)
        self.told.holds("Ana is received at a Mexican shelter", seen=first.status == 201, instead=first)
        self.told.holds("sent again, it is the same child, not two", seen=first == again, instead=again)
        self.case = self.lucia.case_named(LABEL)
        page = self.lucia.read(self.case)
        shown = all(
            word in page.html for word in ("meet-immediate-needs", "no-detention", f"{self.case}sealed/")
        )
        self.told.holds(
            "child protection sees her needs and rights, and that her words are sealed", seen=shown
        )
        self.told.holds("her words stand on no page of the case", seen="Quiero ser maestra" not in page.html)
        opened = self.lucia.open_sealed(self.case, sealed_passphrase(self.town.password))
        self.told.holds(
            "her caseworker opens her words with a passphrase of her own", seen="Quiero ser maestra" in opened.html,
            instead=opened,
        )  # fmt: skip

    def must_not_be_done(self) -> None:
        """What must not be done to her is refused, with its norms."""
        interview = refused_by(self.marta.do(self.case, "interview"))
        self.told.holds(
            "the interview is blocked until her immediate needs are checked",
            seen="meet-immediate-needs" in interview, instead=interview,
        )  # fmt: skip
        detained = self.sofia.do(self.case, "detain")
        self.told.holds(
            "detention is refused, with its norm",
            seen="no-detention" in refused_by(detained) and "CMW/C/GC/4" in detained.html, instead=refused_by(detained),
        )  # fmt: skip
        returned = refused_by(self.lucia.do(self.case, "return-child"))
        self.told.holds(
            "return is refused, with its norms",
            seen={"non-refoulement", "return-preconditions"} & returned != set(), instead=returned,
        )  # fmt: skip
        let_in = self._lets_in(self.town.url("mx"), "ivan@mx.example")
        self.told.holds("a migration officer has no way in at the door of child protection", seen=not let_in)
        barred = self.ivan.read(self.case)
        self.told.holds("a migration officer cannot open her case", seen=barred.status == 404, instead=barred)
        page = self.ivan.browser.get("/gate/")
        reference = reference_of(self.lucia.read(self.case))
        gate = self.ivan.browser.send(page, page.form_to("/gate/"), {"reference": reference})
        five = gate.html.count("<dt>") == 5 and "+52 55 0000 0001" in gate.html and LABEL not in gate.html
        self.told.holds("at his own door he sees five facts about her and no more", seen=five, instead=gate)

    def cared_for(self) -> None:
        """She gets food, a bed and a trained interviewer in a private room; then she may be interviewed."""
        self.marta.sign(self.case, "meet-immediate-needs", "needs-checked", "needs-met-recorded")
        self.lucia.know(self.case, "needs_now", [])
        self.lucia.know(self.case, "health_needs", "none")
        self.lucia.know(self.case, "care_setting", "emergency")
        talk = ("private-setting", "interview-purpose-explained", "earlier-accounts-read")
        self.marta.sign(self.case, "safe-first-interview", *talk)
        self.sofia.sign(self.case, "safe-first-interview", "interviewer-trained")
        done = self.marta.do(self.case, "interview")
        self.told.holds(
            "fed, rested and safe, she is interviewed by somebody trained", seen=done.status == 200
        )
        page = self.lucia.read(self.case)
        self.told.holds("nothing forbidden was done to her", seen='id="harm"' not in page.html)

    def guarded_and_heard(self) -> None:
        """A guardian is appointed, and she is heard."""
        self.lucia.sign(self.case, "appoint-guardian", "guardian-appointed", "guardian-suitability-checked")
        self.lucia.know(self.case, "guardian_state", "appointed")
        story = self.lucia.read(self.case).html
        self.told.holds("a guardian is appointed and attested", seen=_words("guardian-appointed") in story)
        hearing = ("child-informed-before-hearing", "views-or-silence-recorded", "hearing-setting-suitable")
        page = self.lucia.sign(self.case, "hear-the-child", *hearing, "capacity-case-by-case")
        self.told.holds(
            "she is heard, and that she was is on record",
            seen=_words("views-or-silence-recorded") in page.html,
        )

    def not_yet_handed_over(self) -> None:
        """Her case does not leave before the Guide's conditions hold."""
        self._destination()
        page = self.lucia.propose(self.case, self._terms())
        self.told.holds(
            "her case does not leave while the Guide's conditions are open",
            seen={"bia-before-decisions", "bid-when-required"} & refused_by(page) != set(), instead=refused_by(page),
        )  # fmt: skip

    def determined(self) -> None:
        """Her best interests are assessed and determined; the risk of going back is judged; Honduras agrees."""
        signed = {
            "bia-before-decisions": ("bia-recorded",),
            "bid-when-required": (
                "bid-trigger-named", "bid-report-to-panel", "bid-decided-with-reasons", "bid-review-date-set",
            ),
            "screen-vulnerabilities": ("needs-screened",),
            "non-refoulement": (
                "risk-screened-individually", "child-heard-on-risk", "risk-outcome-reasoned", "chain-risk-considered",
            ),
            "asylum-access": ("asylum-information-understood", "asylum-wish-recorded"),
            "confidentiality": (
                "sharing-purpose-recipient", "sharing-basis-and-assent", "confidentiality-limits-explained",
            ),
        }  # fmt: skip
        for obligation, evidence in signed.items():
            self.lucia.sign(self.case, obligation, *evidence)
        for fact, value in {
            "bia_state": "comprehensive", "bid_state": "decided", "appeal_state": "final", "asylum": "informed",
            "risk_outcome": "no-danger-found", "trafficking_or_gbv": "none",
        }.items():  # fmt: skip
            self.lucia.know(self.case, fact, value)
        still = self.lucia.propose(self.case, self._terms())
        settled = {"bia-before-decisions", "bid-when-required", "non-refoulement"} & refused_by(still)
        self.told.holds(
            "assessment, determination and the risk of going back are on record",
            seen=not settled,
            instead=settled,
        )
        self.told.holds(
            "it still does not leave: data, acceptance and travel are not settled",
            seen={"transfer-data-minimum", "receiving-side-accepts"} & refused_by(still) != set(),
            instead=still,
        )
        self.lucia.sign(
            self.case, "transfer-data-minimum", "transfer-purpose", "transfer-receiver-named", "transfer-consent",
            "transfer-origin-risk-check", "transfer-minimum-set", "retention-limit-agreed",
        )  # fmt: skip
        self.lucia.sign(
            self.case, "receiving-side-accepts", "acceptance-written", "care-place-ready", "trained-companion-named",
            "papers-and-medication-ready", "child-card-updated",
        )  # fmt: skip

    def handed_over(self) -> None:
        """Mexico proposes, Honduras accepts and takes over, Mexico releases; at no moment is nobody responsible."""
        unheard = self.lucia.propose(self.case, self._terms(heard_days_ago=2))
        self.told.holds(
            "she asked that her country not be told: without hearing her again nothing leaves",
            seen=unheard.status == 403 and not refused_by(unheard), instead=unheard,
        )  # fmt: skip
        sent = self.lucia.propose(self.case, self._terms())
        self.told.holds(
            "now her case leaves, sealed to the Honduran agency", seen=sent.status == 200, instead=sent
        )
        here = transfer_of(sent)
        there = transfer_of(self.rosa.wait_for("/transfers/", "/transfers/0"))
        offered = self.rosa.browser.get(there)
        self.told.holds("Honduras has received the proposal", seen=offered.status == 200, instead=offered)
        answers = {"caseworker": "Rosa Zelaya", "telephone": "+504 0000 0001"}
        self.rosa.move(there, "accept", answers)
        accepted = self.lucia.wait_for(here, 'data-stage="accepted"')
        self.told.holds(
            "Mexico hears that Honduras accepts, and is still responsible",
            seen='data-stage="accepted"' in accepted.html,
        )
        taken = self.rosa.move(there, "take-over", answers)
        hers = case_of(taken)
        self.told.holds(
            "Honduras takes her over: overlap, never a gap", seen=taken.status == 200, instead=taken
        )
        page = self.rosa.read(hers)
        known = "appoint-guardian" in page.html or "no-detention" in page.html
        self.told.holds(
            "her case stands in Honduras, judged by the Guide there, without retelling", seen=known
        )
        heard = self.lucia.wait_for(here, 'data-stage="taken-over"')
        self.told.holds("Mexico hears it", seen='data-stage="taken-over"' in heard.html)
        self.lucia.move(here, "release")
        closed = self.rosa.wait_for(there, 'data-stage="closed"')
        self.told.holds(
            "Mexico releases her, Honduras alone is responsible", seen='data-stage="closed"' in closed.html
        )
        late = self.lucia.do(self.case, "interview")
        self.told.holds(
            "in Mexico her case can now only be read", seen=late.status in (403, 404), instead=late
        )

    def nothing_hidden(self) -> None:
        """Both audit trails hold, and she can be told who read her file."""
        for node in ("mx", "hn"):
            said = self.town.run(node, "amparo", "audit", "verify")
            self.told.holds(
                f"the audit trail of {node} verifies ({said.split(',')[0]})", seen="holds" in said
            )
        readers = self.lucia.browser.get(f"{self.case}readers/")
        self.told.holds("she and her guardian can be told who opened her file", seen=readers.status == 200)

    def _destination(self) -> None:
        for fact, value in {
            "recipient": "other-state-protection", "destination_country": "HN", "decision_kind": ["transfer"],
            "recipient_linked_to_suspicion": "no", "disability": "none", "family_located": "located",
        }.items():  # fmt: skip
            self.lucia.know(self.case, fact, value)

    def _terms(self, heard_days_ago: int = 0) -> dict[str, str]:
        today = clock.today("America/Mexico_City")
        return {
            "to_agency": "hn-proteccion",
            "kind": "best-interests-determination",
            "decided_by": "Panel interinstitucional",
            "decided_on": today.isoformat(),
            "ends": (today + timedelta(days=90)).isoformat(),
            "guardian": "yes",
            "said": "Quiero estar con mi abuela.",
            "heard_on": (today - timedelta(days=heard_days_ago)).isoformat(),
            "language": "es",
            "why": "Su abuela vive en San Pedro Sula y la espera.",
            "urgent": "no",
        }

    def _officer(self, node: str, short: str) -> Person:
        browser = Browser(self.town.migration_url(node))
        browser.sign_in(f"{short}@{node}.example", self.town.password)
        return Person(browser, short)

    def _lets_in(self, url: str, email: str) -> bool:
        try:
            Browser(url).sign_in(email, self.town.password)
        except PermissionError:
            return False
        return True

    def _person(self, node: str, short: str) -> Person:
        browser = Browser(self.town.url(node))
        browser.sign_in(f"{short}@{node}.example", self.town.password)
        return Person(browser, short)


def _words(evidence: str) -> str:
    """Return what the pages call an entry of the evidence catalogue, in Spanish."""
    return text_of(load(), "evidence", evidence, "es").text


def main() -> int:
    """Bring the nodes up, walk, take them down; 0 only if every step held."""
    with tempfile.TemporaryDirectory(prefix="amparo-journey-") as folder:
        try:
            return _walk_in(Path(folder))
        finally:
            remove(Path(folder))


def _walk_in(folder: Path) -> int:
    sys.stdout.write("Ana's journey: bringing up Mexico, Honduras and the secretariat ...\n")
    town = None
    try:
        town = bring_up(folder, ports=PORTS, children=CHILDREN)
        told = Told()
        Journey(town, told).walk()
    except (StepFailed, TownBroken, LookupError, PermissionError) as failed:
        sys.stdout.write(f"  ✗ {failed}\n")
        return 1
    finally:
        if town is not None:
            town.stop()
    sys.stdout.write(f"Every one of {len(told.steps)} steps held.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
