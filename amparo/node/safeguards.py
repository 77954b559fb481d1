"""Name the one door of every act that could harm a child, and say why each other way of writing is no such act.

The auditor's page: which function does what the Guide may block, which safeguard stands before it, and why the rest
needs none. tests/safeguards holds the code to it. Guide: safeguard gate; printed as docs/reference/safeguards.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# What the Guide may block is written down in these places and nowhere else; each names the doors that lead there.
SITES: Mapping[str, tuple[str, ...]] = {
    "amparo.cases.actions.write_act": (
        "amparo.cases.actions.perform_act",
        "amparo.cases.overriding.second_override",
        "amparo.cases.overriding.act_in_emergency",
    ),
    "amparo.cases.actions.release_case": ("amparo.exchange.actions.release_transfer",),
    "amparo.exchange.proposing._send": ("amparo.exchange.proposing.propose_transfer",),
    "amparo.custody.clearing.sign_clearance": ("amparo.custody.clearing.confirm_clearance",),
    "amparo.custody.recording._write_return": ("amparo.custody.recording.record_return",),
}


@dataclass(frozen=True)
class Door:
    """A function through which an act of the Guide is done: `asks` is what it asks the Guide before."""

    acts: str  # actions of the vocabulary, or how they are chosen
    asks: str  # the function that asks, called before the site


DOORS: Mapping[str, Door] = {
    "amparo.cases.actions.perform_act": Door("the act that is named", "require_free"),
    "amparo.cases.overriding.second_override": Door("the act two people decide on", "_to_be_lifted"),
    "amparo.cases.overriding.act_in_emergency": Door("the act done first in an emergency", "_to_be_lifted"),
    "amparo.exchange.actions.release_transfer": Door("hand-over", "perform_act"),
    "amparo.exchange.proposing.propose_transfer": Door("send-record, hand-over", "require_free"),
    "amparo.custody.clearing.confirm_clearance": Door("return-child, done later by others", "require_free"),
    # The migration side reaches no case: it asks for the clearance, which the Guide was asked for and still bars.
    "amparo.custody.recording.record_return": Door("return-child", "require_clearance"),
}

# Places that write an act down as found or as history: nothing is done by them, and the Guide judges what they tell.
JUDGED: Mapping[str, str] = {
    "amparo.cases.actions.report_found": "Tells what others did; never hidden, and a breach goes to the supervisor.",
    "amparo.node.demo.children": "Invented children of the demonstration, with acts in their past.",
}

_KEEPS = (
    "Adds what became known or was promised; nothing is done to her, and the Guide judges the case again."
)
_RECORD = "Writes the steps of a proposal to override; the act itself is written by the door that signs last."
_JUDGE = "Writes what the Guide says of the case; the case itself is not changed."
_TALKS = "Moves the talk between two agencies; her case, her place and her record stay where they are."
_POST = "Posts or takes in sealed letters that a door wrote; what they say is judged where it takes effect."
_WITNESS = "Signs and keeps hashes of audit trails; no row of a child is in them."
_TRACES = "Counts who opened whom, and lets somebody open more; nothing is done to a child."
_PEOPLE = "About accounts and agencies of the people who work here; no child."
_SEALED = "About what is sealed to an agency and the keys of it; opening leaves a trace, and nothing is done to her."
_REACH = (
    "Says who may reach her file and who may not; nothing is done to her, and the Guide blocks none of it."
)
_FORMS = "About forms and telephones: what comes in opens or informs a case, and never acts on a child."
_CUSTODY = "Says where a child is held or heard, or proposes or takes back a clearance: nothing is done to her by it."
_REGION = "The regional work of States on the Guide; no child is in it, and it changes no safeguard."

# Every other function of the rooms that writes, and why the Guide blocks nothing of what it does.
NO_ACT: Mapping[str, str] = {
    **dict.fromkeys(
        [
            "amparo.cases.actions.add_words",
            "amparo.cases.actions.attest_evidence",
            "amparo.cases.actions.note_came_again",
            "amparo.cases.actions.note_transfer",
            "amparo.cases.actions.open_case",
            "amparo.cases.erasing.end_hold",
            "amparo.cases.erasing.hold_case",
            "amparo.cases.actions.record_fact",
            "amparo.cases.naming.keep_names",
            "amparo.cases.naming.reindex_names",
            "amparo.cases.intake.receive_submission",
            "amparo.cases.withdrawing.withdraw_stale",
        ],
        _KEEPS,
    ),
    **dict.fromkeys(
        [
            "amparo.cases.override_records.follow",
            "amparo.cases.override_records.keep",
            "amparo.cases.overriding.confirm_joint_emergency",
            "amparo.cases.overriding.decline_override",
            "amparo.cases.overriding.note_duty_done",
            "amparo.cases.overriding.note_guardian_told",
            "amparo.cases.overriding.propose_override",
            "amparo.cases.overriding.review_override",
            "amparo.cases.overriding.withdraw_override",
        ],
        _RECORD,
    ),
    **dict.fromkeys(
        [
            "amparo.cases.actions.require_free",
            "amparo.cases.evaluation.judge_for",
            "amparo.cases.evaluation.settle",
            "amparo.cases.incident_watch.note_change",
            "amparo.cases.incident_watch.watch",
            "amparo.cases.incidents.close_incident",
            "amparo.cases.reevaluating.reevaluate_open_cases",
            "amparo.cases.reevaluating.tell_stuck",
            "amparo.cases.tasks.reevaluate_cases",
            "amparo.cases.tasks.tell_stuck_cases",
        ],
        _JUDGE,
    ),
    **dict.fromkeys(
        [
            "amparo.exchange.actions.accept_transfer",
            "amparo.exchange.actions.ask",
            "amparo.exchange.actions.cancel",
            "amparo.exchange.actions.decline_transfer",
            "amparo.exchange.actions.open_transfer",
            "amparo.exchange.hearing.hear",
            "amparo.exchange.record.move_to",
            "amparo.exchange.proposing.preview_transfer",
        ],
        _TALKS,
    ),
    **dict.fromkeys(
        [
            "amparo.cases.tying.assign",
            "amparo.cases.sampling.draw",
            "amparo.cases.sampling.samples",
            "amparo.cases.tying.draw_sample",
            "amparo.cases.tying.end_mark",
            "amparo.cases.tying.end_relation",
            "amparo.cases.tying.withhold",
        ],
        _REACH,
    ),
    **dict.fromkeys(
        ["amparo.cases.erasing.propose_erasure", "amparo.cases.erasing.erase_again"],
        "Removes a record whose time is over, by two people and never under a legal hold; the child is not touched.",
    ),
    "amparo.exchange.actions.take_over": (
        "Takes responsibility for a child and opens her case; the hand-over is judged where she is let go."
    ),
    **dict.fromkeys(
        [
            "amparo.exchange.delivery.send_envelope",
            "amparo.exchange.held.trust_now",
            "amparo.exchange.inbox.receive_envelope",
            "amparo.exchange.outbox.usable_trust",
            "amparo.exchange.outbox.write_message",
            "amparo.exchange.tasks.send_envelope",
        ],
        _POST,
    ),
    **dict.fromkeys(
        [
            "amparo.exchange.checkpoints.make_checkpoint",
            "amparo.exchange.checkpoints.ask_witness",
            "amparo.exchange.checkpoints.ask_witnesses",
            "amparo.exchange.tasks.witness_trail",
            "amparo.exchange.vouching.verify_trail",
            "amparo.exchange.vouching.witnesses_of",
            "amparo.exchange.witnessing.cosign",
        ],
        _WITNESS,
    ),
    **dict.fromkeys(
        [
            "amparo.access.actions.close_account",
            "amparo.access.actions.end_sealed",
            "amparo.access.actions.invite_person",
            "amparo.access.actions.keep_agencies",
            "amparo.access.actions.shut",
            "amparo.access.models.People.create_user",
            "amparo.access.apps.AccessConfig.ready",
            "amparo.access.coming_in.accept_invitation",
            "amparo.access.letting_go.close_person",
            "amparo.access.invitations.found_person",
            "amparo.access.invitations.make_code_anew",
            "amparo.access.invitations.make_link",
            "amparo.access.invitations.open_invitation",
            "amparo.access.ministry_links.bind_identity",
            "amparo.access.ministry_links.end_links",
            "amparo.access.ministry_links.unbind_identity",
            "amparo.access.ministry_sign_in.come_back",
            "amparo.access.ministry_sign_in.note_refused",
            "amparo.access.people_changes.propose_invitation",
            "amparo.access.people_changes.propose_renewal",
            "amparo.access.people_changes.propose_role",
            "amparo.access.people_changes.register_kinds",
            "amparo.access.coming_in.require_code",
            "amparo.access.letting_go.sign_out_person",
            "amparo.access.invitations.withdraw_invitation",
            "amparo.access.sessions.end_oldest_sessions",
            "amparo.access.sessions.end_other_sessions",
            "amparo.access.sessions.end_sessions",
            "amparo.access.shared_limits.first_of",
            "amparo.access.signing_in.listen",
            "amparo.access.teams.close_team",
            "amparo.access.teams.make_team",
            "amparo.access.teams.move_person",
            "amparo.access.teams.rename_team",
            "amparo.access.two_persons.confirm_change",
            "amparo.access.two_persons.decline_change",
            "amparo.access.two_persons.propose_change",
            "amparo.access.two_persons.withdraw_change",
        ],
        _PEOPLE,
    ),
    **dict.fromkeys(
        [
            "amparo.access.key_changes.propose_key_change",
            "amparo.access.sealed_ceremony.drill",
            "amparo.access.sealed_ceremony.make_agency_seal",
            "amparo.access.sealed_ceremony.recover",
            "amparo.access.sealed_grants.ask_grant",
            "amparo.access.sealed_grants.end_copies",
            "amparo.access.sealed_grants.end_grants",
            "amparo.access.sealed_grants.give_grant",
            "amparo.access.sealed_grants.grant_directly",
            "amparo.access.sealed_session.keep_open",
            "amparo.access.sealed_session.lock",
            "amparo.access.sealed_session.opened_keys",
            "amparo.access.sealed_session.set_passphrase",
            "amparo.access.sealed_session.unlock",
            "amparo.access.signing_in.listen",
            "amparo.cases.attachments.open_attachment",
            "amparo.cases.attachments.seal_keys_anew",
            "amparo.cases.resealing.seal_agency_anew",
            "amparo.cases.resealing.seal_anew",
            "amparo.cases.resealing.seal_waiting",
            "amparo.cases.sealed_reading.open_sealed_of",
        ],
        _SEALED,
    ),
    **dict.fromkeys(
        [
            "amparo.cases.breaking_glass.answer_glass",
            "amparo.cases.breaking_glass.break_glass",
            "amparo.access.budgets.note_opening",
            "amparo.access.budgets.plant_invented",
            "amparo.cases.planting.plant",
            "amparo.access.stepping_up.step_up",
            "amparo.access.stepping_up.raise_budget",
        ],
        _TRACES,
    ),
    **dict.fromkeys(
        [
            "amparo.forms.actions.enrol_device",
            "amparo.forms.actions.keep_submission",
            "amparo.forms.attaching.keep_files",
            "amparo.forms.cleaning.clean",
            "amparo.forms.actions.publish",
            "amparo.forms.actions.publish_own_instruments",
            "amparo.forms.actions.revoke_device",
            "amparo.forms.resealing.seal_waiting_forms",
        ],
        _FORMS,
    ),
    **dict.fromkeys(
        [
            "amparo.custody.clearing.decline_clearance",
            "amparo.custody.clearing.propose_clearance",
            "amparo.custody.clearing.withdraw_clearance",
            "amparo.custody.recording.record_custody_fact",
        ],
        _CUSTODY,
    ),
    **dict.fromkeys(
        ["amparo.custody.tasks.tell_cases_of_custody", "amparo.custody.telling.tell_cases"],
        "Puts into the story what the migration side wrote that it did, as found; the Guide judges it.",
    ),
    **dict.fromkeys(
        [
            "amparo.monitor.actions.answer_obligation",
            "amparo.monitor.actions.comment",
            "amparo.monitor.actions.edit_comment",
            "amparo.monitor.actions.hide_comment",
            "amparo.monitor.actions.move_proposal",
            "amparo.monitor.actions.propose",
            "amparo.monitor.actions.show_comment",
        ],
        _REGION,
    ),
}

_READS = "Reads files and the Guide; opens no case and needs no database."
_OUTSIDE = "Looks after the machine, the keys or the accounts of this node; opens no case."
_REJUDGES = "Writes what the Guide says of each case; no act is done and the case itself is not changed."
_CARRIES = "Posts sealed letters that a door wrote before; a letter is written nowhere else."

# Every command of `amparo`, and why it does nothing that the Guide may block.
COMMANDS: Mapping[str, str] = {
    **dict.fromkeys(
        ["guide check", "guide diff", "guide explain", "guide may", "guide publish", "guide scenarios"],
        _READS,
    ),
    "forms compile": _READS,
    **dict.fromkeys(["init", "doctor", "migrate"], _OUTSIDE),
    **dict.fromkeys(
        ["trust card", "trust publish", "trust adopt", "audit verify", "audit checkpoint", "audit witnessed"],
        _OUTSIDE,
    ),
    **dict.fromkeys(["person invite", "person stop"], _OUTSIDE),
    **dict.fromkeys(["device enrol", "device list", "device revoke"], _OUTSIDE),
    **dict.fromkeys(
        [
            "keys init",
            "keys serve",
            "keys log",
            "keys rewrap",
            "keys rotate",
            "keys status",
        ],
        _OUTSIDE,
    ),
    "custody verify": _OUTSIDE,
    "custody accept": "Signs that an agency of this node takes a child back; the other node clears the return or not.",
    **dict.fromkeys(["p3 ceremony", "p3 recover", "p3 drill", "p3 reseal", "p3 status"], _OUTSIDE),
    "restore-check": "Removes again what two people had erased before a restore; opens no case.",
    "cases reevaluate": _REJUDGES,
    "cases plant-invented": "Opens cases of invented children: any reading of one tells oversight.",
    "cases reindex": "Writes anew under which blind words each child is found; her case is not changed.",
    "serve": "Starts the pages and the API; each address is tried as every role by tests/safeguards.",
    "worker": "Starts the tasks of the table below.",
    "demo": "Makes nodes of its own with invented children; it never opens the database of a real node.",
    "manage": (
        "Django's own commands for developers, as the owner of the database: whoever has this shell could write rows"
        " past every door, and remove the locks. No page leads here; the machine has to be guarded."
    ),
}

# Every task of the background worker, and why it does nothing that the Guide may block.
TASKS: Mapping[str, str] = {
    "amparo.cases.tell_stuck": _REJUDGES,
    "amparo.cases.reevaluate": _REJUDGES,
    "amparo.custody.tell_cases": "Puts into the story what the migration side wrote that it did, as found.",
    "amparo.exchange.send_envelope": _CARRIES,
    "amparo.exchange.sweep": _CARRIES,
    "amparo.exchange.witness_trail": "Signs the head of the audit trail and shows it to witnesses: hashes only.",
    "builtin:procrastinate.builtin_tasks.remove_old_jobs": "Clears finished jobs of the queue; no child.",
    "procrastinate.builtin_tasks.remove_old_jobs": "The same task under the name it had before.",
}

# The locks of the database behind the doors: trigger or constraint -> what it refuses, whoever writes.
LOCKS: Mapping[str, str] = {
    "free_act": "An act that the Guide blocks, written without an override and not as found.",
    "signed_override": "An act under an override that has not the signatures this override needs.",
    "handed_over": "Letting go of a child whose hand-over is not on record.",
    "free_proposal": "A proposal that sends a child's record or the child while the Guide blocks either.",
    "cleared_return": "A return without a clearance that stands: by two, in time, unspent, still free by the Guide.",
    "free_clearance": "Confirming a clearance that the Guide bars, or that is over; withdrawing one that is spent.",
    "clearance_second_is_another": "Confirming or declining a clearance by whoever proposed it, or by no supervisor.",
    "override_never_of_these_acts": "Any override of an act that is never lifted.",
}
