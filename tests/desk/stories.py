"""Tell one full case, so that pages can be seen as they are after some days; all invented."""

from datetime import timedelta
from uuid import UUID

from amparo.access.actor import acting_as
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions
from amparo.cases.actions import NewEntry
from amparo.cases.models import EntryKind
from tests.factories import ANA, a_device, an_actor, facts_as_entries

IDENTITY = {
    "name_as_told": {"value": "Ana Lucero Prueba", "source": ["child"], "certainty": "sure"},
    "nickname": {"value": "Ana"},
    "tonight_place": {"value": "Albergue La Ceiba, dormitorio de niñas"},
    "siblings": [{"sibling_name": "Mateo", "sibling_where": "Con su abuela"}],
    "family": [{"member_name": "Rosa", "member_relation": "mother", "member_country": "HN"}],
}
FEAR = "Me da miedo volver. En la colonia hay hombres que preguntan por mí.\nQuiero ser maestra."


def a_full_case() -> UUID:
    """Open Ana's case three days ago, with her words and family, and find that she was locked up."""
    device, worker, begun = a_device(), an_actor(), now() - timedelta(days=3)
    facts = {
        **ANA,
        "age_status": "claimed-child",
        "care_setting": "deprived-of-liberty",
        "health_needs": "unknown",
    }
    words = NewEntry(EntryKind.WORDS, "words", begun, sealed={"fear_words": {"value": FEAR}})
    with acting_as(device):
        case_id = actions.open_case(
            identity=IDENTITY,
            label="Ana",
            entries=[*facts_as_entries(facts, begun), words],
            source="test",
            by=device,
        )
    with acting_as(worker):
        actions.report_found(
            case_id=case_id,
            action="detain",
            by=worker,
            at=now() - timedelta(hours=5),
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )
        actions.record_fact(
            case_id=case_id, name="health_needs", value="ongoing", by=worker, at=now(), entry_id=uuid7()
        )
    officer = an_actor(Role.FIRST_CONTACT, "mx-albergue")
    with acting_as(officer):
        actions.attest_evidence(
            case_id=case_id, evidence="needs-checked", done=True, by=officer, at=now(), entry_id=uuid7()
        )
    return case_id
