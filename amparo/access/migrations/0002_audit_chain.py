"""Chain the audit rows inside the database, and let nobody change them.

Each row is linked when its transaction commits (a deferred trigger), so that the lock of the chain is held only then.
The function runs with the owner's rights: the application may add a row, and can neither write a link nor touch a row.
`access/chain.py` checks the same text row by row. It is a JSON list, so that no value can be moved to another column.
"""

from django.db import migrations

CHAIN = """
CREATE FUNCTION access_chain_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(724001);
    SELECT number, hash INTO last FROM access_auditlink ORDER BY number DESC LIMIT 1;
    INSERT INTO access_auditlink (number, entry, hash)
    SELECT coalesce(last.number, 0) + 1, e.id, sha256(coalesce(last.hash, ''::bytea) || convert_to(jsonb_build_array(
        e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.event, e.allowed,
        e.actor, e.role, e.agency, e.subject, e.purpose, e.reasons)::text, 'UTF8'))
    FROM access_auditentry e WHERE e.id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER chain_audit AFTER INSERT ON access_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_chain_audit();

CREATE FUNCTION access_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON access_auditentry FOR EACH ROW EXECUTE FUNCTION access_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON access_auditlink FOR EACH ROW EXECUTE FUNCTION access_append_only();

DO $$
DECLARE part text; server text;
BEGIN
    FOREACH part IN ARRAY ARRAY['app', 'worker'] LOOP
        server := regexp_replace(current_user, '_owner$', '_' || part);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON access_auditentry FROM %I', server);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON access_auditlink FROM %I', server);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN)]
