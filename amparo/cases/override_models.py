"""Keep overrides and what followed each: the second signature, what was owed, the review. Never changed.

Row-level security is forced on both tables (migration 0006); what must never be false is a constraint here or there.
Reasons may tell of the child and are sealed with the data key of the case. Decisions: 0003, 0005, 0013.
"""

from django.db import models

from amparo.access.rules import Role
from amparo.cases.override_rules import ENDS, JOINT_ACTION, NEVER_LIFTED, Kind, Step

# Whose signature the database takes for an override; the actions say more, this must never be false.
_PROTECT = [Role.CASEWORKER]
_DECIDE = [*_PROTECT, Role.SUPERVISOR]
_ACT_FIRST = [*_DECIDE, Role.FIRST_CONTACT]


class Override(models.Model):
    """One time that people signed to act although the Guide barred it: a proposal of two, or an emergency.

    Never changed, never removed; what follows are its steps. `lifted` says in closed words what stood against the
    act when it was signed; the reasons and the signs of danger may tell of the child and are sealed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="overrides")
    action = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    lifted = models.JSONField()
    sealed = models.BinaryField()
    # When it was proposed, or when somebody acted first.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    # The act of an emergency. The act of two people is written with the signature of the second.
    act = models.OneToOneField("cases.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="override_case_at")]
        constraints = [
            models.CheckConstraint(
                name="override_never_of_these_acts", condition=~models.Q(action__in=NEVER_LIFTED)
            ),
            models.CheckConstraint(
                name="override_by_who_may",
                condition=models.Q(kind=Kind.TWO_PERSON, role__in=_DECIDE)
                | models.Q(kind=Kind.EMERGENCY, role__in=_ACT_FIRST)
                | models.Q(kind=Kind.JOINT, role__in=_PROTECT),
            ),
            models.CheckConstraint(
                name="override_joint_only_parting",
                condition=models.Q(kind=Kind.JOINT, action=JOINT_ACTION)
                | (~models.Q(kind=Kind.JOINT) & ~models.Q(action=JOINT_ACTION)),
            ),
            models.CheckConstraint(
                name="override_act_of_emergency",
                condition=models.Q(kind=Kind.TWO_PERSON, act__isnull=True)
                | (~models.Q(kind=Kind.TWO_PERSON) & models.Q(act__isnull=False)),
            ),
            models.CheckConstraint(
                name="override_lifts_something", condition=~models.Q(lifted={}) & ~models.Q(lifted=[])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action}"


class OverrideStep(models.Model):
    """One thing that followed an override: the second signature, its end, what was owed, the review.

    Who signed first is repeated from the override, tied to it by a foreign key of the database (migration 0006), so
    that a constraint can say that the second person is another one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    override = models.ForeignKey(Override, on_delete=models.PROTECT, related_name="steps")
    override_kind = models.CharField(max_length=20)
    first_actor = models.UUIDField()
    first_role = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.UUIDField()
    role = models.CharField(max_length=30)
    agency = models.CharField(max_length=60)
    act = models.OneToOneField("cases.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["override", "kind"], name="override_step_once"),
            models.UniqueConstraint(
                fields=["override"], condition=models.Q(kind__in=ENDS), name="override_ends_once"
            ),
            models.UniqueConstraint(
                fields=["override"],
                condition=models.Q(kind__in=[Step.CONFIRMED, Step.CHILD_BACK]),
                name="override_settled_once",
            ),
            # Whoever signed second does not review.
            models.UniqueConstraint(
                fields=["override", "actor"],
                condition=models.Q(kind__in=[Step.SECONDED, Step.CONFIRMED, Step.REVIEWED]),
                name="override_one_signature_each",
            ),
            models.CheckConstraint(
                name="override_second_is_another",
                condition=~models.Q(kind__in=[Step.SECONDED, Step.DECLINED, Step.CONFIRMED, Step.REVIEWED])
                | ~models.Q(actor=models.F("first_actor")),
            ),
            models.CheckConstraint(
                name="override_second_of_protection",
                condition=~models.Q(kind=Step.SECONDED)
                | (
                    models.Q(override_kind=Kind.TWO_PERSON, role__in=_DECIDE)
                    & (models.Q(role__in=_PROTECT) | models.Q(first_role__in=_PROTECT))
                ),
            ),
            models.CheckConstraint(
                name="override_confirm_of_protection",
                condition=~models.Q(kind=Step.CONFIRMED)
                | models.Q(override_kind=Kind.JOINT, role__in=_PROTECT),
            ),
            models.CheckConstraint(
                name="override_review_by_supervisor",
                condition=~models.Q(kind=Step.REVIEWED) | models.Q(role=Role.SUPERVISOR),
            ),
            models.CheckConstraint(
                name="override_withdrawn_by_first",
                condition=~models.Q(kind=Step.WITHDRAWN) | models.Q(actor=models.F("first_actor")),
            ),
            models.CheckConstraint(
                name="override_step_has_words",
                condition=~models.Q(kind__in=[Step.SECONDED, Step.DECLINED, Step.CONFIRMED, Step.REVIEWED])
                | models.Q(sealed__isnull=False),
            ),
            models.CheckConstraint(
                name="override_act_of_second",
                condition=models.Q(kind=Step.SECONDED, act__isnull=False)
                | (~models.Q(kind=Step.SECONDED) & models.Q(act__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.override_id}"
