"""Let a case be erased in one way only: two people decided it, no hold stands, and its mark stays in the ledger.

`cases_erase` is the only way by which rows that are otherwise never removed go: it runs with the owner's rights, looks
for the confirmed change of two people itself, and removes every row in the schema of protection that leads to the case
by a foreign key, whatever room it belongs to. Without such a change only the owner may call it, to bring a restored
database up to the ledger. Trails of what was decided and who read stay: they have no content. Decision: 0021.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import append_only, for_logins, force

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"

REMOVE = """
CREATE FUNCTION cases_erased_parts(child uuid) RETURNS TABLE (kind text, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = protection, public, pg_temp AS $$
DECLARE reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    PERFORM set_config('amparo.reach', 'node', true);
    RETURN QUERY WITH sent AS (
        SELECT DISTINCT f.agency_id, f.instance_id FROM cases_entry e
        JOIN forms_submission f ON e.source = 'submission:' || f.id WHERE e.case_id = child)
    SELECT 'submission'::text, f.id::text FROM forms_submission f JOIN sent USING (agency_id, instance_id)
    UNION ALL SELECT 'transfer', t.id::text FROM exchange_transfer t WHERE t.case_id = child
    UNION ALL SELECT 'instance', s.agency_id || '/' || s.instance_id FROM sent s;
    PERFORM set_config('amparo.reach', reach, true);
END $$;

CREATE FUNCTION cases_stands_against_erasing(child uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = protection, public, pg_temp AS $$
DECLARE reach text := coalesce(current_setting('amparo.reach', true), ''); against text;
BEGIN
    PERFORM set_config('amparo.reach', 'node', true);
    against := CASE
        WHEN NOT EXISTS (SELECT FROM cases_case c WHERE c.id = child) THEN 'no-such-case'
        WHEN EXISTS (SELECT FROM cases_legalhold h WHERE h.case_id = child AND NOT EXISTS (
            SELECT FROM cases_legalholdend l WHERE l.hold_id = h.id)) THEN 'legal-hold'
        WHEN EXISTS (SELECT FROM exchange_transfer t WHERE t.case_id = child
            AND t.stage NOT IN ('closed', 'released', 'declined', 'cancelled')
            AND NOT (t.side = 'receiver' AND t.stage = 'taken-over')) THEN 'transfer-open'
        WHEN EXISTS (SELECT FROM exchange_outgoing o JOIN exchange_transfer t ON t.id = o.transfer_id
            WHERE t.case_id = child AND o.answered_at IS NULL) THEN 'letter-on-its-way'
        ELSE '' END;
    PERFORM set_config('amparo.reach', reach, true);
    RETURN against;
END $$;

CREATE FUNCTION cases_remove_with_all_that_hangs_on(root regclass, which text, depth int) RETURNS void
LANGUAGE plpgsql SET search_path = protection, public, pg_temp AS $$
DECLARE link record;
BEGIN
    IF depth > 8 THEN RAISE EXCEPTION 'the tables lead in a circle'; END IF;
    FOR link IN
        SELECT c.conrelid::regclass AS child, a.attname AS below, f.attname AS above
          FROM pg_constraint c
          JOIN pg_class r ON r.oid = c.conrelid
          JOIN pg_namespace n ON n.oid = r.relnamespace AND n.nspname = 'protection'
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
          JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
         WHERE c.contype = 'f' AND c.confrelid = root AND c.conrelid <> root AND c.conparentid = 0
    LOOP
        PERFORM cases_remove_with_all_that_hangs_on(link.child,
            format('%%I IN (SELECT %%I FROM %%s WHERE %%s)', link.below, link.above, root, which), depth + 1);
    END LOOP;
    EXECUTE format('DELETE FROM %%s WHERE %%s', root, which);
END $$;

CREATE FUNCTION cases_erase(child uuid, marks text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = protection, public, pg_temp AS $$
DECLARE against text; parts uuid[]; reach text := coalesce(current_setting('amparo.reach', true), '');
BEGIN
    IF session_user <> {owner_text} THEN
        against := cases_stands_against_erasing(child);
        IF against <> '' THEN
            RAISE EXCEPTION 'this case is not erased: %%', against USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (SELECT FROM access_change c WHERE c.kind = 'case-erase' AND c.state = 'confirmed'
            AND c.what->>'case' = child::text AND c.proposed_by_id <> c.settled_by_id
            AND c.settled_in = pg_current_xact_id()::text::bigint) THEN
            RAISE EXCEPTION 'a case is erased when two people say so' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    PERFORM set_config('amparo.reach', 'node', true), set_config('amparo.erasing', 'yes', true);
    INSERT INTO cases_erasedmark (mark, at) SELECT m, now() FROM unnest(marks) m ON CONFLICT DO NOTHING;
    SELECT coalesce(array_agg(p.name::uuid), '{{}}') INTO parts FROM cases_erased_parts(child) p WHERE p.kind = 'submission';
    UPDATE cases_case SET wrapped_key = '', sealed_label = '', sealed_identity = '', sealed_names = '' WHERE id = child;
    PERFORM cases_remove_with_all_that_hangs_on('cases_case', format('id = %%L', child), 0);
    PERFORM cases_remove_with_all_that_hangs_on('forms_submission', format('id = ANY (%%L)', parts), 0);
    IF EXISTS (SELECT FROM cases_case WHERE id = child)
        OR EXISTS (SELECT FROM forms_submission WHERE id = ANY (parts)) THEN
        RAISE EXCEPTION 'this case was not erased: rows are left';
    END IF;
    PERFORM set_config('amparo.reach', reach, true), set_config('amparo.erasing', '', true);
END $$;

-- Rows that are never changed or removed go only from within the function above, and only on the side of protection.
CREATE OR REPLACE FUNCTION public.access_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_SCHEMA = 'protection' AND current_user = {owner_text}
        AND current_setting('amparo.erasing', true) = 'yes' AND TG_TABLE_NAME <> 'cases_erasedmark' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of %% are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# The migration login reads the gate through a view with the owner's rights: it must not open this way by a setting.
GATE = (
    "CREATE POLICY cases_gate_erasing ON cases_gate TO {owner} USING (session_user IN ({app_text}, {owner_text})"
    " AND (SELECT current_setting('amparo.erasing', true)) = 'yes')"
)
RIGHTS = (
    GATE,
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON cases_erasedmark FROM {app}, {worker}",
    "REVOKE EXECUTE ON FUNCTION cases_remove_with_all_that_hangs_on(regclass, text, int) FROM {app}, {worker}",
    "REVOKE EXECUTE ON FUNCTION cases_erase(uuid, text[]) FROM {worker}",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_sealed_parts"),
        ("access", "0008_reading_traces"),
        ("forms", "0002_row_security"),
    ]
    operations = [
        migrations.CreateModel(
            name="ErasedMark",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("because", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="cases.case")),
            ],
        ),
        migrations.CreateModel(
            name="LegalHoldEnd",
            fields=[
                ("hold", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="end", serialize=False, to="cases.legalhold")),
                ("at", models.DateTimeField()),
                ("actor", models.UUIDField()),
            ],
        ),
        append_only("cases_erasedmark"),
        force("cases_erasedmark", using="true"),
        force("cases_legalhold", using=OF_OUR_CASE),
        append_only("cases_legalhold"),
        force("cases_legalholdend", using="EXISTS (SELECT FROM cases_legalhold h WHERE h.id = hold_id)"),
        append_only("cases_legalholdend"),
        for_logins(REMOVE, *RIGHTS),
    ]
