"""Name every event of the audit trail, so that a reader of the trail can look each one up."""

from enum import StrEnum


class Event(StrEnum):
    """Every event of the audit trail; docs/reference/audit-events.md is printed from this list."""

    PERSON_INVITED = "person.invited"
    PERSON_CLOSED = "person.closed"
    SIGNED_IN = "person.signed-in"
    SIGN_IN_FAILED = "person.sign-in-failed"
    CASES_LISTED = "case.listed"
    CASE_OPENED = "case.opened"
    CASE_READ = "case.read"
    CASE_RECORDED = "case.recorded"
    EVIDENCE_ATTESTED = "case.evidence-attested"
    ACT_DONE = "case.act-done"
    ACT_FOUND = "case.act-found"
    ACT_REFUSED = "case.act-refused"
    GATE_READ = "gate.read"
    FORM_READ = "form.read"
    SUBMISSION_RECEIVED = "form.submission-received"
    SUBMISSION_REFUSED = "form.submission-refused"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_REVOKED = "device.revoked"
    DEVICE_REFUSED = "device.refused"
    TRANSFER_MOVED = "transfer.moved"
    TRANSFER_READ = "transfer.read"
    TRANSFER_REFUSED = "transfer.refused"
    ENVELOPE_SENT = "envelope.sent"
    ENVELOPE_RECEIVED = "envelope.received"
    ENVELOPE_REFUSED = "envelope.refused"
    DENIED = "access.denied"
