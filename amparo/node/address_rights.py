"""Say of every address of this node which act of the table of rights it needs, or why it needs none.

The build fails for an address without a row here and for a row without an address; the trust test A0 knocks at each
as everybody. docs/reference/rights.md prints it. Decision: 0019.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# The addresses of each server.
URLCONFS = ("amparo.node.urls", "amparo.node.migration_urls")


@dataclass(frozen=True)
class Needs:
    """What an address asks for: acts of which one is enough, or a reason why it is open.

    `signed_in`: everybody with an account, whatever her role.
    """

    acts: tuple[str, ...] = ()
    open_because: str = ""
    signed_in: bool = False


def _acts(*acts: str) -> Needs:
    return Needs(acts)


def _open(because: str) -> Needs:
    return Needs(open_because=because)


_GUIDE = _open("the Guide is public")
_ADOPTION = _open("what States answer is public")
_OWN = Needs(signed_in=True)
_SIGN_IN = _open("signing in")
_NODES = _open("other nodes, who sign what they send")

NEEDS: Mapping[str, Needs] = {
    "desk:home": _OWN,
    "set_language": _open("a choice of language"),
    # ---- the child's case ------------------------------------------------------------------------
    "desk:find": _acts("case.search"),
    "desk:my-day": _acts("case.list"),
    "desk:conflicts": _acts("case.list"),
    "desk:guide-changes": _acts("case.list"),
    "desk:case": _acts("case.read"),
    "desk:readers": _acts("case.who-read"),
    "desk:attachment": _acts("attachment.read"),
    "desk:attest": _acts("case.attest"),
    "desk:withdraw": _acts("case.attest"),
    "desk:facts": _acts("case.record"),
    "desk:fact": _acts("case.record"),
    "desk:words": _acts("case.record"),
    "desk:acts": _acts("case.act"),
    "desk:act": _acts("case.act"),
    "desk:found": _acts("case.report-found"),
    "desk:overrides": _acts("override.follow-up"),
    "desk:override-new": _acts("case.act"),
    "desk:override": _acts("case.read"),
    "desk:override-step": _acts("case.read"),
    "desk:incidents": _acts("incident.read"),
    "desk:incident": _acts("incident.read"),
    "desk:custody": _acts("case.read"),
    "desk:clearance-new": _acts("clearance.propose"),
    "desk:clearance-step": _acts("clearance.confirm", "clearance.withdraw"),
    "desk:my-cases": _acts("case.mine"),
    **dict.fromkeys(["desk:ties", "desk:tie-end"], _acts("case.assign")),
    **dict.fromkeys(["desk:marks", "desk:mark-end"], _acts("case.withhold")),
    "desk:hand-over": _acts("transfer.send"),
    "desk:transfers": _acts("transfer.read"),
    "desk:transfer": _acts("transfer.read"),
    "desk:transfer-move": _acts("transfer.read"),
    "desk:gate": _acts("gate.read"),
    "desk:gate-custody": _acts("custody.record", "return.record"),
    # ---- what is sealed to an agency, and the keys of those who open it ------------------------------
    "desk:sealed": _acts("sealed.read"),
    **dict.fromkeys(
        [
            "desk:sealed-key", "desk:sealed-passphrase", "desk:sealed-lock", "desk:sealed-anew",
            "desk:sealed-give",
        ],
        _acts("sealed.key"),
    ),
    **dict.fromkeys(["desk:sealed-ask", "desk:sealed-end"], _acts("sealed.let-in")),
    # ---- reading traces: nothing of a child --------------------------------------------------------
    "desk:more-children": _acts("budget.step-up"),
    "desk:much-read": _acts("budget.raise"),
    "desk:open-in-danger": _acts("glass.break"),
    "desk:opened-in-danger": _acts("glass.answer", "glass.review"),
    "desk:watching": _acts("audit.verify"),
    "desk:samples": _acts("sample.draw"),
    # ---- erasing records, and holding them -----------------------------------------------------------
    **dict.fromkeys(["desk:erasures", "desk:erasure", "desk:erasure-settle"], _acts("erasure.read")),
    "desk:erase": _acts("case.erase"),
    **dict.fromkeys(["desk:hold", "desk:hold-end"], _acts("case.hold")),
    # ---- the regional work: nothing of a child -----------------------------------------------------
    **dict.fromkeys(
        [
            "desk:guide", "desk:guide-sources", "desk:guide-source", "desk:guide-actions", "desk:guide-action",
            "desk:guide-countries", "desk:guide-country", "desk:guide-versions", "desk:guide-version",
            "desk:guide-choices", "desk:guide-checklist", "desk:guide-data", "desk:guide-document", "desk:obligation",
        ],
        _GUIDE,
    ),
    **dict.fromkeys(
        [
            "desk:adoption", "desk:adoption-data", "desk:adoption-duty", "desk:adoption-state",
            "desk:adoption-state-data",
            # Only a delegate of the State is given the form, and only she may send it (adoption.answer).
            "desk:adoption-answer",
        ],
        _ADOPTION,
    ),
    "desk:proposals": _acts("proposal.read"),
    "desk:proposal": _acts("proposal.read"),
    "desk:proposal-new": _acts("proposal.make"),
    "desk:proposal-move": _acts("proposal.decide", "proposal.make"),
    "desk:comment-duty": _acts("comment.write"),
    "desk:comment-edit": _acts("comment.write"),
    "desk:comment-hide": _acts("comment.hide"),
    "desk:comment-show": _acts("comment.hide"),
    "desk:try-file": _acts("guide.try-file"),
    # ---- accounts: one's own ---------------------------------------------------------------------------
    **dict.fromkeys(["account_login", "account_logout", "account_inactive", "account_signup"], _SIGN_IN),
    **dict.fromkeys(["mfa_authenticate", "mfa_reauthenticate", "account_reauthenticate"], _SIGN_IN),
    **dict.fromkeys(
        [
            "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp",
            "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
            "usersessions_list", "account_ministries", "account_ministry_change",
        ],
        _OWN,
    ),
    **dict.fromkeys(["account_ministry", "account_ministry_back"], _SIGN_IN),
    **dict.fromkeys(["mfa_login_webauthn", "mfa_reauthenticate_webauthn"], _SIGN_IN),
    **dict.fromkeys(
        ["mfa_add_webauthn", "mfa_edit_webauthn", "mfa_list_webauthn", "mfa_remove_webauthn"], _OWN
    ),
    # ---- the people of one's agency, and changes that two of them make ---------------------------------
    "desk:invitation": _open("whoever holds the secret that two people let her have"),
    **dict.fromkeys(
        ["desk:people", "desk:person", "desk:teams", "desk:changes", "desk:change", "desk:change-settle"],
        _acts("person.manage", "change.propose", "change.confirm"),
    ),
    **dict.fromkeys(["desk:keys", "desk:keys-propose"], _acts("keys.change")),
    **dict.fromkeys(["desk:people-invite", "desk:invitation-change"], _acts("change.propose")),
    **dict.fromkeys(["desk:person-change", "desk:team-change"], _acts("person.manage", "change.propose")),
    # ---- telephones and other nodes ------------------------------------------------------------------------
    **dict.fromkeys(["field:form-list", "field:form", "field:manifest", "field:file"], _acts("form.read")),
    "field:submission": _acts("form.submit"),
    **dict.fromkeys(["api:envelopes", "api:audit-heads"], _NODES),
    "api:trust-list": _open("the signed trust list is public"),
}  # fmt: skip


def addresses_table() -> list[str]:
    """Return the lines of the table of addresses."""
    lines = ["## What each page and each operation of the API asks for", "", "| address | act |", "|---|---|"]
    return [*lines, *(f"| `{name}` | {_in_words(needs)} |" for name, needs in sorted(NEEDS.items()))]


def _in_words(needs: Needs) -> str:
    if needs.open_because:
        return f"none: {needs.open_because}"
    if needs.signed_in:
        return "none: everybody signed in, about herself"
    return " or ".join(f"`{act}`" for act in needs.acts)
