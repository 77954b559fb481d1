"""Keep teams, invitations and two-person changes, and let the database refuse a role that one person alone would give."""

import uuid

from django.conf import settings
import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import for_logins, on_both_sides

LOCKS = """
CREATE FUNCTION public.access_change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a settled change is never changed or removed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.kind, NEW.agency_id, NEW.subject_id, NEW.what, NEW.proposed_by_id, NEW.proposed_at, NEW.ends_at)
        IS DISTINCT FROM
       (OLD.kind, OLD.agency_id, OLD.subject_id, OLD.what, OLD.proposed_by_id, OLD.proposed_at, OLD.ends_at) THEN
        RAISE EXCEPTION 'what was proposed is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'confirmed' THEN
        IF NEW.settled_by_id::text IS DISTINCT FROM current_setting('amparo.actor', true) THEN
            RAISE EXCEPTION 'a change is confirmed by who acts' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.settled_in := pg_current_xact_id()::text::bigint;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_kept BEFORE UPDATE OR DELETE ON access_change
FOR EACH ROW EXECUTE FUNCTION public.access_change_kept();

CREATE FUNCTION public.access_change_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'waiting' OR NEW.settled_in IS NOT NULL
        OR NEW.proposed_by_id::text IS DISTINCT FROM current_setting('amparo.actor', true) THEN
        RAISE EXCEPTION 'a change begins as a proposal of who acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_begins BEFORE INSERT ON access_change
FOR EACH ROW EXECUTE FUNCTION public.access_change_begins();

CREATE FUNCTION public.access_role_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.agency_id <> OLD.agency_id OR NEW.role <> OLD.role AND NOT EXISTS (
        SELECT 1 FROM public.access_change c WHERE c.kind = 'person-role' AND c.subject_id = NEW.id
        AND c.state = 'confirmed' AND c.what->>'role' = NEW.role
        AND c.settled_in = pg_current_xact_id()::text::bigint) THEN
        RAISE EXCEPTION 'a role changes when two people say so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.is_active AND NOT OLD.is_active THEN
        RAISE EXCEPTION 'a closed account stays closed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_by_two BEFORE UPDATE OF role, agency_id, is_active ON access_person
FOR EACH ROW EXECUTE FUNCTION public.access_role_by_two();
"""

# Limits on guessing and codes already used, shared by all server processes (Django's database cache).
CACHE = """
CREATE TABLE access_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX access_cache_expires ON access_cache (expires);
"""

# Each side counts for itself: neither may learn from a limit what happens on the other.
APART = tuple(
    statement
    for table in ("access_cache", "access_tracelimit")
    for statement in (
        f"CREATE TABLE migration.{table} (LIKE {table} INCLUDING ALL)",
        f"REVOKE ALL ON migration.{table} FROM PUBLIC, {{app}}, {{worker}}, {{migration}}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON migration.{table} TO {{migration}}",
    )
)
SIDES = tuple(
    statement
    for table in ("access_team", "access_change", "access_invitation")
    for statement in (
        f"CREATE POLICY of_protection ON {table} TO {{owner}}, {{app}}, {{worker}} USING (true)",
        f"CREATE POLICY of_migration ON {table} TO {{migration}} USING"
        " (EXISTS (SELECT FROM access_agency a WHERE a.id = agency_id AND a.sector = 'migration'))",
    )
)
_KEPT = "SELECT, INSERT, UPDATE"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_sealed_class"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="sessions_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("what", models.JSONField(default=dict)),
                ("proposed_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("settled_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.agency",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=30)),
                ("renews", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("link_hash", models.CharField(blank=True, default="", max_length=64)),
                ("code_hash", models.CharField(max_length=128)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to="access.change",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="access.team",
            ),
        ),
        migrations.CreateModel(
            name="TraceLimit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("door", models.CharField(max_length=40)),
                ("span", models.BigIntegerField()),
                ("key", models.CharField(max_length=64)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("door", "span", "key"), name="one_trace_of_a_key_in_a_span"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["state", "ends_at"], name="change_state_ends"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", True), ("settled_by__isnull", True), ("state", "waiting")
                    ),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="settled_change_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="confirmed_by_another_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    ("subject__isnull", True),
                    models.Q(("settled_by", models.F("subject")), _negated=True),
                    _connector="OR",
                ),
                name="not_confirmed_by_whom_it_concerns",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    ("settled_at__lt", models.F("ends_at")),
                    _connector="OR",
                ),
                name="confirmed_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("agency", "name"),
                name="one_open_team_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("link_hash", ""), _negated=True),
                fields=("link_hash",),
                name="one_link_one_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("used_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("email",),
                name="one_open_invitation_of_an_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at__isnull", True), ("person__isnull", False), _connector="OR"),
                name="used_invitation_has_a_person",
            ),
        ),
        migrations.RunSQL(LOCKS),
        migrations.RunSQL(CACHE),
        on_both_sides("access_team", migration=_KEPT, app=_KEPT),
        on_both_sides("access_change", migration=_KEPT, app=_KEPT),
        on_both_sides("access_invitation", migration=_KEPT, app=_KEPT),
        for_logins(*SIDES, *APART),
    ]
