"""Keep overrides: two signatures or an emergency, and what is owed afterwards; what must never be false is said here.

Overrides and their steps are append-only and under forced row-level security, as entries are. Decision: 0013.
"""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import append_only, force

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
OF_OUR_OVERRIDE = "EXISTS (SELECT FROM cases_override o WHERE o.id = override_id)"

TIED = """
ALTER TABLE cases_override ADD CONSTRAINT override_first UNIQUE (id, kind, actor, role);
ALTER TABLE cases_overridestep ADD CONSTRAINT override_step_of_first
    FOREIGN KEY (override_id, override_kind, first_actor, first_role)
    REFERENCES cases_override (id, kind, actor, role) DEFERRABLE INITIALLY DEFERRED;
"""

# Sealed bytes are 29 longer than what they seal, and the shortest reasons have 30 letters.
WORDS = """
ALTER TABLE cases_override ADD CONSTRAINT override_has_reasons CHECK (octet_length(sealed) >= 70);
ALTER TABLE cases_overridestep ADD CONSTRAINT override_step_has_reasons
    CHECK (sealed IS NULL OR octet_length(sealed) >= 70);
"""

# An act under an override that nobody signed cannot be written, whoever tries: the signatures come first.
NO_ACT_WITHOUT = """
CREATE FUNCTION cases_signed_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases_override o
        WHERE o.act_id = NEW.id AND o.case_id = NEW.case_id AND o.action = NEW.name
            AND o.kind <> 'two-person' AND NEW.value->>'override' = 'emergency'
    ) OR EXISTS (
        SELECT FROM cases_overridestep s JOIN cases_override o ON o.id = s.override_id
        WHERE s.act_id = NEW.id AND o.case_id = NEW.case_id AND o.action = NEW.name
            AND o.kind = 'two-person' AND NEW.value->>'override' = 'two-person'
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'an act under an override needs its signatures' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER signed_override AFTER INSERT ON cases_entry FOR EACH ROW
WHEN (NEW.kind = 'action' AND coalesce(NEW.value->>'override', 'none') <> 'none')
EXECUTE FUNCTION cases_signed_override();
"""



class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_incidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=20)),
                ('lifted', models.JSONField()),
                ('sealed', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
                ('act', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.entry')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='OverrideStep',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('override_kind', models.CharField(max_length=20)),
                ('first_actor', models.UUIDField()),
                ('first_role', models.CharField(max_length=30)),
                ('kind', models.CharField(max_length=20)),
                ('value', models.JSONField(null=True)),
                ('sealed', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
                ('act', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.entry')),
                ('override', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cases.override')),
            ],
        ),
        migrations.AddIndex(
            model_name='override',
            index=models.Index(fields=['case', 'at'], name='override_case_at'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ('adopt', 'contact-consulate', 'decide-adult', 'decide-migration-status', 'detain', 'disclose-to-enforcement', 'issue-bid', 'penalise', 'publish-statistics', 'refuse-entry', 'return-child')), _negated=True), name='override_never_of_these_acts'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'two-person'), ('role__in', ['caseworker', 'supervisor'])), models.Q(('kind', 'emergency'), ('role__in', ['caseworker', 'supervisor', 'first-contact'])), models.Q(('kind', 'joint-emergency'), ('role__in', ['caseworker'])), _connector='OR'), name='override_by_who_may'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action', 'separate-from-family'), ('kind', 'joint-emergency')), models.Q(models.Q(('kind', 'joint-emergency'), _negated=True), models.Q(('action', 'separate-from-family'), _negated=True)), _connector='OR'), name='override_joint_only_parting'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', True), ('kind', 'two-person')), models.Q(models.Q(('kind', 'two-person'), _negated=True), ('act__isnull', False)), _connector='OR'), name='override_act_of_emergency'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted', {}), _negated=True), models.Q(('lifted', []), _negated=True)), name='override_lifts_something'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.UniqueConstraint(fields=('override', 'kind'), name='override_step_once'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('seconded', 'withdrawn', 'declined'))), fields=('override',), name='override_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['confirmed', 'child-back'])), fields=('override',), name='override_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['seconded', 'confirmed', 'reviewed'])), fields=('override', 'actor'), name='override_one_signature_each'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['seconded', 'declined', 'confirmed', 'reviewed']), _negated=True), models.Q(('actor', models.F('first_actor')), _negated=True), _connector='OR'), name='override_second_is_another'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'seconded'), _negated=True), models.Q(('override_kind', 'two-person'), ('role__in', ['caseworker', 'supervisor']), models.Q(('role__in', ['caseworker']), ('first_role__in', ['caseworker']), _connector='OR')), _connector='OR'), name='override_second_of_protection'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'confirmed'), _negated=True), models.Q(('override_kind', 'joint-emergency'), ('role__in', ['caseworker'])), _connector='OR'), name='override_confirm_of_protection'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reviewed'), _negated=True), ('role', 'supervisor'), _connector='OR'), name='override_review_by_supervisor'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'withdrawn'), _negated=True), ('actor', models.F('first_actor')), _connector='OR'), name='override_withdrawn_by_first'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['seconded', 'declined', 'confirmed', 'reviewed']), _negated=True), ('sealed__isnull', False), _connector='OR'), name='override_step_has_words'),
        ),
        migrations.AddConstraint(
            model_name='overridestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('kind', 'seconded')), models.Q(models.Q(('kind', 'seconded'), _negated=True), ('act__isnull', True)), _connector='OR'), name='override_act_of_second'),
        ),
        # A step repeats who signed first; the database ties it to the override itself.
        migrations.RunSQL(TIED),
        migrations.RunSQL(WORDS),
        force("cases_override", using=OF_OUR_CASE),
        append_only("cases_override"),
        force("cases_overridestep", using=OF_OUR_OVERRIDE),
        append_only("cases_overridestep"),
        migrations.RunSQL(NO_ACT_WITHOUT),
    ]
