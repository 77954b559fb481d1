"""Keep custody facts, clearances and returns so that nobody can change, hide or backdate one, and no return is uncleared.

Whoever writes, by whatever code: the database gives the moment, asks whether the case exists, links each row into one
chain and names its hash on the audit trail, lets nobody confirm her own proposal or what the Guide bars, and takes a
return only on a clearance that stands, once. The functions run with the owner's rights and look at protection as the
node itself; the migration login may call one of them, which tells of one child at a time. Decision: 0018.
"""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from amparo.access.row_security import NODE, SECTOR, append_only, for_logins, force, on_the_migration_side

_AS_OWNER = "SECURITY DEFINER SET search_path = protection, migration, public, pg_temp"
OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.reference = {table}.reference)"
OVERSIGHT = f"{SECTOR} = 'oversight'"

# The rows of one child are written one after the other, so that a withdrawal and a return never pass each other.
RECORDED = f"""
CREATE FUNCTION protection.custody_recorded() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
DECLARE reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    NEW.recorded_at := clock_timestamp();
    PERFORM pg_advisory_xact_lock(724004, hashtext(NEW.reference));
    PERFORM set_config('amparo.reach', 'node', true);
    IF NOT EXISTS (SELECT FROM cases_case c WHERE c.reference = NEW.reference) THEN
        RAISE EXCEPTION 'no case here has this reference' USING ERRCODE = 'foreign_key_violation';
    END IF;
    PERFORM set_config('amparo.reach', reach, true);
    RETURN NEW;
END $$;
CREATE TRIGGER a_recorded BEFORE INSERT ON custody_fact FOR EACH ROW EXECUTE FUNCTION protection.custody_recorded();
CREATE TRIGGER a_recorded BEFORE INSERT ON custody_clearance FOR EACH ROW EXECUTE FUNCTION protection.custody_recorded();
CREATE TRIGGER a_recorded BEFORE INSERT ON custody_return FOR EACH ROW EXECUTE FUNCTION protection.custody_recorded();
"""

# What stands now: confirmed, in time, neither withdrawn nor spent, and still free as the Guide judged the case last.
STANDING = f"""
CREATE FUNCTION migration.standing_clearance(asked text)
RETURNS TABLE (clearance uuid, token text, valid_until timestamptz, confirmed_at timestamptz)
LANGUAGE plpgsql {_AS_OWNER} AS $$
DECLARE reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    PERFORM set_config('amparo.reach', 'node', true);
    RETURN QUERY
    SELECT c.id, s.token, c.valid_until, s.recorded_at
      FROM custody_clearance c
      JOIN custody_clearancestep s ON s.clearance_id = c.id AND s.kind = 'confirmed'
     WHERE c.reference = asked AND c.valid_until > clock_timestamp()
       AND NOT EXISTS (SELECT FROM custody_clearancestep o WHERE o.clearance_id = c.id AND o.kind <> 'confirmed')
       AND NOT EXISTS (SELECT FROM custody_return r WHERE r.clearance_id = c.id)
       AND EXISTS (
           SELECT FROM cases_case k JOIN cases_standing g ON g.case_id = k.id
            WHERE k.reference = asked AND NOT jsonb_exists(g.blocked, 'return-child'))
     ORDER BY s.recorded_at DESC LIMIT 1;
    PERFORM set_config('amparo.reach', reach, true);
END $$;
"""

STEPS = f"""
CREATE FUNCTION protection.custody_step_free() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
DECLARE found record; reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    NEW.recorded_at := clock_timestamp();
    PERFORM set_config('amparo.reach', 'node', true);
    SELECT c.reference, c.valid_until INTO found FROM custody_clearance c WHERE c.id = NEW.clearance_id;
    PERFORM pg_advisory_xact_lock(724004, hashtext(found.reference));
    IF EXISTS (SELECT FROM custody_return r WHERE r.clearance_id = NEW.clearance_id) THEN
        RAISE EXCEPTION 'this clearance is spent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM custody_clearancestep s WHERE s.clearance_id = NEW.clearance_id AND s.kind <> 'confirmed'
    ) THEN
        RAISE EXCEPTION 'this clearance is over' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.kind = 'confirmed' AND (found.valid_until <= clock_timestamp() OR NOT EXISTS (
        SELECT FROM cases_case k JOIN cases_standing g ON g.case_id = k.id
         WHERE k.reference = found.reference AND NOT jsonb_exists(g.blocked, 'return-child'))
    ) THEN
        RAISE EXCEPTION 'the Guide bars this return, or its time is over' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('amparo.reach', reach, true);
    RETURN NEW;
END $$;
CREATE TRIGGER free_clearance BEFORE INSERT ON custody_clearancestep
FOR EACH ROW EXECUTE FUNCTION protection.custody_step_free();
"""

# Whoever writes, the owner too: no clearance that stands, no return. People write moments to the minute.
CLEARED = f"""
CREATE FUNCTION protection.custody_cleared() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM migration.standing_clearance(NEW.reference) s
         WHERE s.clearance = NEW.clearance_id AND NEW.at >= date_trunc('minute', s.confirmed_at)
    ) THEN
        RAISE EXCEPTION 'no clearance stands for this return' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cleared_return BEFORE INSERT ON custody_return
FOR EACH ROW EXECUTE FUNCTION protection.custody_cleared();
"""

# A row is linked when its transaction ends, and its place and hash go on the audit trail, which others witness: so the
# end of this chain cannot be cut unseen either. `custody/chain.py` builds the same text.
FACT_TEXT = (
    "e.id, e.reference, e.kind, protection.custody_utc(e.at), protection.custody_utc(e.recorded_at), e.place,"
    " e.place_kind, e.may_leave, e.holder, e.ends, e.goes_to, e.document_kind, e.document_number, e.document_sha256,"
    " e.corrects, e.why, e.actor, e.role, e.agency"
)
CLEARANCE_TEXT = (
    "e.id, e.reference, protection.custody_utc(e.recorded_at), e.determined_on, e.appeal_over_on,"
    " protection.custody_utc(e.valid_until), e.accepted_by, e.accepted_node, e.acceptance, e.acceptance_sha256,"
    " e.actor, e.role, e.agency"
)
STEP_TEXT = (
    "e.id, e.clearance_id, e.first_actor, e.kind, e.because, e.token, protection.custody_utc(e.recorded_at), e.actor,"
    " e.role, e.agency"
)
RETURN_TEXT = (
    "e.id, e.reference, e.clearance_id, protection.custody_utc(e.at), protection.custody_utc(e.recorded_at), e.place,"
    " e.actor, e.role, e.agency"
)
CHAIN = f"""
CREATE FUNCTION protection.custody_utc(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE FUNCTION protection.custody_chain() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
DECLARE
    last record; said text; event text; link bytea; number bigint; moment timestamptz;
    reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    PERFORM set_config('amparo.reach', 'node', true);
    PERFORM pg_advisory_xact_lock(724003);
    SELECT l.number, l.hash INTO last FROM custody_link l ORDER BY l.number DESC LIMIT 1;
    moment := clock_timestamp();
    number := coalesce(last.number, 0) + 1;
    CASE TG_TABLE_NAME
    WHEN 'custody_fact' THEN
        SELECT jsonb_build_array({FACT_TEXT})::text INTO said FROM custody_fact e WHERE e.id = NEW.id;
        event := 'custody.recorded';
    WHEN 'custody_clearance' THEN
        SELECT jsonb_build_array({CLEARANCE_TEXT})::text INTO said FROM custody_clearance e WHERE e.id = NEW.id;
        event := 'clearance.proposed';
    WHEN 'custody_clearancestep' THEN
        SELECT jsonb_build_array({STEP_TEXT})::text INTO said FROM custody_clearancestep e WHERE e.id = NEW.id;
        event := 'clearance.' || NEW.kind;
    ELSE
        SELECT jsonb_build_array({RETURN_TEXT})::text INTO said FROM custody_return e WHERE e.id = NEW.id;
        event := 'return.recorded';
    END CASE;
    link := sha256(coalesce(last.hash, ''::bytea) || convert_to(
        jsonb_build_array(number, TG_TABLE_NAME, protection.custody_utc(moment))::text || said, 'UTF8'));
    INSERT INTO custody_link (number, kind, entry, at, hash) VALUES (number, TG_TABLE_NAME, NEW.id, moment, link);
    INSERT INTO access_auditentry (id, at, event, allowed, actor, role, agency, subject, purpose, reasons)
    VALUES (gen_random_uuid(), moment, event, true, NEW.actor, NEW.role, NEW.agency, 'custody:' || NEW.id, '',
        jsonb_build_array(number || ':' || encode(link, 'hex')));
    PERFORM set_config('amparo.reach', reach, true);
    RETURN NULL;
END $$;
"""
CHAINED = "".join(
    f"CREATE CONSTRAINT TRIGGER z_chained AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION protection.custody_chain();\n"
    for table in ("custody_fact", "custody_clearance", "custody_clearancestep", "custody_return")
)

# A correction, an end and a spent clearance stay with the child they are about; who proposed cannot be told falsely.
TIED = """
ALTER TABLE custody_fact ADD CONSTRAINT custody_corrects_same_child
    FOREIGN KEY (corrects, reference) REFERENCES custody_fact (id, reference);
ALTER TABLE custody_fact ADD CONSTRAINT custody_ends_same_child
    FOREIGN KEY (ends, reference) REFERENCES custody_fact (id, reference);
ALTER TABLE custody_clearancestep ADD CONSTRAINT clearance_first_is_first
    FOREIGN KEY (clearance_id, first_actor) REFERENCES custody_clearance (id, actor);
ALTER TABLE custody_return ADD CONSTRAINT return_of_cleared_child
    FOREIGN KEY (clearance_id, reference) REFERENCES custody_clearance (id, reference);
"""


def _crossing(table: str) -> tuple[str, ...]:
    """Who sees a table of the migration side: that side one child at a time, protection its cases, oversight all."""
    seen = f"{NODE} OR {OVERSIGHT} OR {OF_OUR_CASE.format(table=table)}"
    return (
        f"CREATE POLICY of_the_case ON {table} FOR SELECT TO {{owner}}, {{app}}, {{worker}} USING ({seen})",
        f"CREATE POLICY at_the_gate ON {table} FOR SELECT TO {{migration}}"
        " USING (reference = (SELECT nullif(current_setting('amparo.gate_reference', true), '')))",
        f"CREATE POLICY by_migration ON {table} FOR INSERT TO {{migration}}"
        f" WITH CHECK ({SECTOR} = 'migration' AND EXISTS ("
        "SELECT FROM access_agency a WHERE a.code = agency AND a.sector = 'migration'))",
    )


OF_A_SEEN_CLEARANCE = "EXISTS (SELECT FROM custody_clearance c WHERE c.id = clearance_id)"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0005_two_sides"), ("cases", "0008_gate_view")]
    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('entry', models.UUIDField(unique=True)),
                ('at', models.DateTimeField()),
                ('hash', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('entry', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=32)),
                ('recorded_at', models.DateTimeField(editable=False, null=True)),
                ('determined_on', models.DateField()),
                ('appeal_over_on', models.DateField()),
                ('valid_until', models.DateTimeField()),
                ('accepted_by', models.CharField(max_length=60)),
                ('accepted_node', models.CharField(max_length=60)),
                ('acceptance', models.TextField()),
                ('acceptance_sha256', models.CharField(max_length=64)),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['reference', 'recorded_at'], name='clearance_of_child')],
                'constraints': [models.UniqueConstraint(fields=('id', 'reference'), name='clearance_and_child'), models.UniqueConstraint(fields=('id', 'actor'), name='clearance_and_first'), models.CheckConstraint(condition=models.Q(('appeal_over_on__gte', models.F('determined_on'))), name='clearance_appeal_after'), models.CheckConstraint(condition=models.Q(('role__in', ['caseworker', 'supervisor'])), name='clearance_of_protection')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(editable=False, null=True)),
                ('place', models.CharField(default='', max_length=120)),
                ('place_kind', models.CharField(default='', max_length=20)),
                ('may_leave', models.CharField(default='', max_length=10)),
                ('holder', models.CharField(default='', max_length=20)),
                ('ends', models.UUIDField(null=True)),
                ('goes_to', models.CharField(default='', max_length=20)),
                ('document_kind', models.CharField(default='', max_length=20)),
                ('document_number', models.CharField(default='', max_length=60)),
                ('document_sha256', models.CharField(default='', max_length=64)),
                ('corrects', models.UUIDField(null=True)),
                ('why', models.CharField(default='', max_length=20)),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
            ],
            options={
                'indexes': [models.Index(fields=['reference', 'recorded_at'], name='custody_fact_of_child')],
                'constraints': [models.UniqueConstraint(fields=('id', 'reference'), name='custody_fact_and_child'), models.UniqueConstraint(fields=('corrects',), name='custody_corrected_once'), models.CheckConstraint(condition=models.Q(('kind', 'hearing'), ('at__lte', django.db.models.expressions.CombinedExpression(models.F('recorded_at'), '+', models.Value(datetime.timedelta(seconds=600)))), _connector='OR'), name='custody_not_ahead'), models.CheckConstraint(condition=models.Q(('recorded_at__isnull', False)), name='custody_recorded'), models.CheckConstraint(condition=models.Q(('kind__in', ['held', 'let-out', 'hearing', 'decision', 'void'])), name='custody_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'held'), _negated=True), models.Q(models.Q(('place', ''), _negated=True), models.Q(('place_kind', ''), _negated=True), models.Q(('may_leave', ''), _negated=True), models.Q(('holder', ''), _negated=True)), _connector='OR'), name='custody_held_somewhere'), models.CheckConstraint(condition=models.Q(models.Q(('ends__isnull', False), ('kind', 'let-out')), models.Q(models.Q(('kind', 'let-out'), _negated=True), ('ends__isnull', True)), _connector='OR'), name='custody_end_of_something'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'decision'), _negated=True), models.Q(models.Q(('document_kind', ''), _negated=True), models.Q(('document_number', ''), _negated=True)), _connector='OR'), name='custody_decision_on_paper'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('why', ''), models.Q(('kind', 'void'), _negated=True)), models.Q(('corrects__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='custody_correction_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=32)),
                ('clearance_id', models.UUIDField(unique=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(editable=False, null=True)),
                ('place', models.CharField(max_length=120)),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('at__lte', django.db.models.expressions.CombinedExpression(models.F('recorded_at'), '+', models.Value(datetime.timedelta(seconds=600))))), name='return_not_ahead'), models.CheckConstraint(condition=models.Q(('recorded_at__isnull', False)), name='return_recorded')],
            },
        ),
        migrations.CreateModel(
            name='ClearanceStep',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('first_actor', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('because', models.CharField(default='', max_length=30)),
                ('token', models.TextField(default='')),
                ('recorded_at', models.DateTimeField(editable=False, null=True)),
                ('actor', models.UUIDField()),
                ('role', models.CharField(max_length=30)),
                ('agency', models.CharField(max_length=60)),
                ('clearance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='custody.clearance')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clearance', 'kind'), name='clearance_step_once'), models.UniqueConstraint(condition=models.Q(('kind__in', ['confirmed', 'declined'])), fields=('clearance',), name='clearance_decided_once'), models.CheckConstraint(condition=models.Q(('kind', 'withdrawn'), models.Q(models.Q(('actor', models.F('first_actor')), _negated=True), ('role', 'supervisor')), _connector='OR'), name='clearance_second_is_another'), models.CheckConstraint(condition=models.Q(models.Q(('because', ''), ('kind', 'confirmed'), models.Q(('token', ''), _negated=True)), models.Q(models.Q(('kind', 'confirmed'), _negated=True), ('token', ''), models.Q(('because', ''), _negated=True)), _connector='OR'), name='clearance_token_of_second'), models.CheckConstraint(condition=models.Q(('kind__in', ['confirmed', 'declined', 'withdrawn'])), name='clearance_step_kind')],
            },
        ),
        on_the_migration_side("custody_fact", migration="SELECT, INSERT", app="SELECT", worker="SELECT"),
        on_the_migration_side("custody_return", migration="SELECT, INSERT", app="SELECT", worker="SELECT"),
        for_logins(
            *_crossing("custody_fact"),
            *_crossing("custody_return"),
            "REVOKE UPDATE, DELETE, TRUNCATE ON custody_clearance, custody_clearancestep, custody_told"
            " FROM {app}, {worker}",
            "REVOKE INSERT ON custody_clearance, custody_clearancestep FROM {worker}",
            "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON custody_link FROM {app}, {worker}",
        ),
        force(
            "custody_clearance",
            using=f"({NODE} OR {OVERSIGHT} OR {OF_OUR_CASE.format(table='custody_clearance')})",
            check=OF_OUR_CASE.format(table="custody_clearance"),
        ),
        force("custody_clearancestep", using=OF_A_SEEN_CLEARANCE),
        force("custody_told", using=NODE),
        migrations.RunSQL(TIED + RECORDED + STANDING + STEPS + CLEARED + CHAIN + CHAINED),
        for_logins(
            "REVOKE ALL ON FUNCTION migration.standing_clearance(text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION migration.standing_clearance(text) TO {app}, {worker}, {migration}",
            "REVOKE ALL ON FUNCTION protection.custody_recorded(), protection.custody_step_free(),"
            " protection.custody_cleared(), protection.custody_chain() FROM PUBLIC, {app}, {worker}",
        ),
        *(
            append_only(table)
            for table in (
                "custody_fact",
                "custody_clearance",
                "custody_clearancestep",
                "custody_return",
                "custody_link",
                "custody_told",
            )
        ),
    ]
