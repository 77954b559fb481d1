"""Say overrides in plain words: what kind, where it stands, what is owed, what can be signed."""

from django.utils.translation import gettext as _

from amparo.cases.override_rules import Kind, Stage, Step


def kind_in_words(kind: Kind) -> str:
    """Return what kind of override it was."""
    return {
        Kind.TWO_PERSON: _("Two people decide together"),
        Kind.EMERGENCY: _("Somebody acted first in danger"),
        Kind.JOINT: _("A child was parted from danger"),
    }[kind]


def stage_in_words(stage: Stage) -> str:
    """Return where an override stands."""
    return {
        Stage.WAITING: _("Waits for a second person"),
        Stage.EXPIRED: _("Nobody signed within 24 hours; nothing was done"),
        Stage.WITHDRAWN: _("Taken back; nothing was done"),
        Stage.DECLINED: _("A second person said no; nothing was done"),
        Stage.DONE: _("Done"),
    }[stage]


def owed_in_words(step: Step) -> str:
    """Return what is still owed to the child."""
    return {
        Step.CONFIRMED: _("A second person of child protection confirms, or the child goes back"),
        Step.COURT_TOLD: _("Tell the court or the competent authority"),
        Step.BID_REQUESTED: _("Ask for a best interests determination"),
        Step.CHILD_HEARD: _("Hear the child"),
        Step.GUARDIAN_NAMED: _("Name a guardian"),
        Step.REMEDY_EXPLAINED: _("Explain how to complain and to appeal"),
        Step.GUARDIAN_TOLD: _("Tell the guardian"),
        Step.REVIEWED: _("A supervisor who did not sign reviews it"),
    }.get(step, "")


def act_in_words(step: Step) -> str:
    """Return what the link and the page of a step say: what the reader would sign."""
    return {
        Step.SECONDED: _("Read the reasons and sign as the second person"),
        Step.DECLINED: _("Say no to the proposal"),
        Step.WITHDRAWN: _("Take the proposal back"),
        Step.CONFIRMED: _("Confirm that the child had to be parted"),
        Step.CHILD_BACK: _("Write down that the child is back"),
        Step.COURT_TOLD: _("Write down that the court or authority was told"),
        Step.BID_REQUESTED: _("Write down that a determination was asked for"),
        Step.CHILD_HEARD: _("Write down that the child was heard"),
        Step.GUARDIAN_NAMED: _("Write down that a guardian is named"),
        Step.REMEDY_EXPLAINED: _("Write down that complaint and appeal were explained"),
        Step.GUARDIAN_TOLD: _("Write down that the guardian was told"),
        Step.REVIEWED: _("Review it"),
    }[step]


def done_in_words(step: Step) -> str:
    """Return what a step says once it was taken."""
    return {
        Step.SECONDED: _("Signed as the second person; the act was done"),
        Step.DECLINED: _("Said no"),
        Step.WITHDRAWN: _("Taken back"),
        Step.CONFIRMED: _("Confirmed by a second person of child protection"),
        Step.CHILD_BACK: _("The child is back"),
        Step.COURT_TOLD: _("The court or authority was told"),
        Step.BID_REQUESTED: _("A determination was asked for"),
        Step.CHILD_HEARD: _("The child was heard"),
        Step.GUARDIAN_NAMED: _("A guardian is named"),
        Step.REMEDY_EXPLAINED: _("Complaint and appeal were explained"),
        Step.GUARDIAN_TOLD: _("The guardian was told"),
        Step.REVIEWED: _("Reviewed by a supervisor"),
    }[step]


def told_in_words(value: dict[str, str]) -> str:
    """Say who was told and how, or the outcome of a review; empty for other steps."""
    if "justified" in value:
        return _("Justified") if value["justified"] else _("Not justified; it goes to oversight")
    words = {
        "guardian": _("The guardian"),
        "interim-guardian": _("The interim guardian"),
        "legal-representative": _("The legal representative"),
        "in-person": _("In person"),
        "telephone": _("By telephone"),
        "in-writing": _("In writing"),
    }
    return ", ".join(words[value[key]] for key in ("told_to", "how") if value.get(key) in words)
