"""Say for each fact which answer asks for more protection than another, and why.

A change from the first answer to any of the others must never unblock an action.
"""

from typing import Any

# fact -> (the answer that protects less, those that protect more, why)
MORE_PROTECTIVE: dict[str, tuple[Any, tuple[Any, ...], str]] = {
    "age_status": (
        "adult-established",
        ("came-of-age", "child", "claimed-child", "doubtful", "unknown"),
        "who is or may be a child keeps every safeguard",
    ),
    "accompaniment": (
        "accompanied",
        ("unaccompanied", "separated", "unclear", "unknown"),
        "a child with nobody needs a guardian",
    ),
    "adult_verification": (
        "passed",
        ("not-started", "failed", "unknown"),
        "an adult nobody cleared is no safe place",
    ),
    "adult_with_child": (
        "none",
        ("relative", "unrelated", "unclear", "unknown"),
        "an adult has to be checked",
    ),
    "parents_conflict": ("no", ("yes",), "a parent against the child cannot stand up for her"),
    "at_border": ("no", ("yes", "unknown"), "at a border a child may be turned away"),
    "language_shared": ("yes", ("no", "unknown"), "who does not understand cannot decide"),
    "met_by": ("child-protection", ("migration", "border", "police", "unknown"), "protection has to be told"),
    "needs_now": ([], (["food"], ["food", "medical"]), "needs come first"),
    "health_needs": ("none", ("urgent", "ongoing", "unknown"), "a sick child is cared for first"),
    "fear_or_risk": ("none-stated", ("stated", "indicated", "unknown"), "fear stops a return"),
    "fear_countries": ([], (["HN"], ["HN", "GT", "MX"]), "no hand-over to a country she fears"),
    "trafficking_or_gbv": (
        "none",
        ("indicated", "confirmed", "unknown"),
        "a victim is kept from who harmed her",
    ),
    "asylum": (
        "informed",
        ("not-informed", "wants-to-apply", "applied", "recognised", "unknown"),
        "a claim stops return and consulate",
    ),
    "nationality": (
        "known",
        ("doubtful", "stateless", "unknown"),
        "a stateless child may ask for protection",
    ),
    "siblings_present": ("none", ("present", "elsewhere", "unknown"), "siblings stay together"),
    "family_located": (
        "verified",
        ("located", "tracing", "no", "unknown"),
        "no hand-over to who is not verified",
    ),
    "care_setting": ("family-based", ("deprived-of-liberty",), "a locked child is never where she should be"),
    "proposed_place": ("suitable", ("unsafe-for-this-child", "none-proposed", "unknown"), "no unsafe place"),
    "recipient": ("same-state-protection", ("other-state", "unknown"), "who receives her has to be safe"),
    "recipient_linked_to_suspicion": ("no", ("yes", "unknown"), "kept away from the suspect"),
    "destination_country": ("MX", ("ZZ",), "an unknown destination may be the one she flees"),
    "risk_outcome": ("no-danger-found", ("danger-found", "unknown"), "danger stops a return"),
    "bid_state": ("decided", ("reopened",), "new facts need a new look"),
    "appeal_state": ("final", ("window-open", "pending", "unknown"), "an appeal stops the measure"),
    "guardian_state": (
        "appointed",
        ("none", "requested", "unknown"),
        "a guardian who left has to be replaced",
    ),
    "missing": ("no", ("yes", "unknown"), "a missing child is searched for"),
    "complaint_open": ("no", ("yes", "unknown"), "a complaint is answered before the case is closed"),
    "disability": ("none", ("known", "suspected", "unknown"), "every step is adapted"),
    "indigenous_or_minority": ("not-stated", ("stated",), "her culture is respected"),
    "sogi_risk": ("not-raised", ("raised",), "no place where she is not safe"),
    "discrimination_incident": ("no", ("yes", "unknown"), "she is supported"),
    "birth_registered": ("yes", ("no", "unknown"), "her identity is protected"),
}
# Facts that say what is proposed, when, or what things are called: no answer protects more than another.
NEUTRAL = frozenset(
    {
        "on",
        "country",
        "origin_country",
        "first_contact_at",
        "age_in_months",
        "accompaniment_known_at",
        "arrival_context",
        "language",
        "care_since",
        "expected_stay",
        "decision_kind",
        "bia_state",
        "bia_at",
        "guardian_requested_at",
        "guardian_appointed_at",
        "missing_since",
        "reunification_asked_at",
    }
)
