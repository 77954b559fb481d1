"""Put every table on its side: what leads to a child in `protection`, what both sides need in `public`.

Works on a fresh database, where all was made in `protection`, and on one that had everything in `public`. The
migration login gets rights on the shared tables one by one, and sees there only people of migration authorities: row
security asks which login it is, not what a setting says. Its sign-ins stand in a table of its own. Decision: 0017.
"""

from django.db import migrations, models

from amparo.access.row_security import OF_SEEN_PEOPLE, for_logins

SHARED = (
    "access_agency", "access_person", "access_auditentry", "access_auditlink", "account_emailaddress",
    "account_emailconfirmation", "mfa_authenticator", "usersessions_usersession",
    "access_chain_audit", "access_append_only",
)  # fmt: skip

# Everything that is no part of an extension goes where it belongs; a migration may be run on either arrangement.
ARRANGE = f"""
DO $$
DECLARE found record; side text;
BEGIN
    FOR found IN
        SELECT 'pg_class'::regclass AS kind, c.oid, c.relname AS name, n.nspname AS schema,
               CASE c.relkind WHEN 'c' THEN 'TYPE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                    ELSE 'TABLE' END AS what, '' AS arguments
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'protection') AND c.relkind IN ('r', 'p', 'v', 'm', 'c')
        UNION ALL
        SELECT 'pg_proc'::regclass, p.oid, p.proname, n.nspname, 'ROUTINE', pg_get_function_identity_arguments(p.oid)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('public', 'protection')
        UNION ALL
        SELECT 'pg_type'::regclass, t.oid, t.typname, n.nspname, 'TYPE', ''
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE n.nspname IN ('public', 'protection') AND t.typtype IN ('e', 'd')
    LOOP
        side := CASE WHEN found.name = ANY (ARRAY[{", ".join(f"'{name}'" for name in SHARED)}])
                     THEN 'public' ELSE 'protection' END;
        CONTINUE WHEN side = found.schema OR EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = found.kind AND d.objid = found.oid AND d.deptype = 'e');
        EXECUTE format('ALTER %s %I.%I%s SET SCHEMA %I', found.what, found.schema, found.name,
            CASE found.what WHEN 'ROUTINE' THEN '(' || found.arguments || ')' ELSE '' END, side);
    END LOOP;
END $$;
"""

# The side of an account follows from its agency, whoever writes it. Two people of two sides may use one e-mail
# address: were it refused, the refusal would tell one side who has an account on the other.
SIDE = """
CREATE FUNCTION public.access_person_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.side := (SELECT CASE a.sector WHEN 'migration' THEN 'migration' ELSE 'protection' END
                   FROM public.access_agency a WHERE a.id = NEW.agency_id);
    RETURN NEW;
END $$;
CREATE TRIGGER side_of_agency BEFORE INSERT OR UPDATE ON access_person
FOR EACH ROW EXECUTE FUNCTION public.access_person_side();
UPDATE access_person SET side = '';
"""

ACCOUNT_TABLES = ("account_emailaddress", "mfa_authenticator", "usersessions_usersession")
MIGRATION_AGENCY = "(agency = '' OR EXISTS (SELECT FROM access_agency a WHERE a.code = agency AND a.sector = 'migration'))"

RIGHTS = (
    "GRANT SELECT ON access_agency TO {migration}",
    "GRANT SELECT, INSERT, UPDATE ON access_person TO {migration}",
    "GRANT INSERT ON access_auditentry TO {migration}",
    *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {{migration}}" for table in ACCOUNT_TABLES),
    "CREATE TABLE migration.django_session (LIKE django_session INCLUDING ALL)",
    "REVOKE ALL ON migration.django_session FROM PUBLIC, {app}, {worker}, {migration}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON migration.django_session TO {migration}",
)


def _locked(table: str) -> tuple[str, str]:
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    )


POLICIES = (
    *_locked("access_person"),
    "CREATE POLICY of_protection ON access_person TO {owner}, {app}, {worker} USING (true)",
    "CREATE POLICY of_migration ON access_person TO {migration} USING (side = 'migration')",
    *_locked("access_auditentry"),
    "CREATE POLICY of_the_node ON access_auditentry TO {owner}, {app}, {worker} USING (true)",
    "CREATE POLICY of_migration ON access_auditentry FOR INSERT TO {migration}"
    f" WITH CHECK ({MIGRATION_AGENCY})",
    *(one for table in ACCOUNT_TABLES for one in _locked(table)),
    *(
        f"CREATE POLICY of_seen_people ON {table} TO {{owner}}, {{app}}, {{worker}} USING ({OF_SEEN_PEOPLE})"
        for table in ACCOUNT_TABLES
    ),
    *(
        f"CREATE POLICY of_migration ON {table} TO {{migration}} USING ({OF_SEEN_PEOPLE})"
        for table in ACCOUNT_TABLES[1:]
    ),
    # A verified address is unique on the whole node: this side may not verify one, and so cannot ask who has it.
    f"CREATE POLICY of_migration ON account_emailaddress TO {{migration}} USING ({OF_SEEN_PEOPLE})"
    f" WITH CHECK (NOT verified AND {OF_SEEN_PEOPLE})",
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_more_roles"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(ARRANGE, migrations.RunSQL.noop),
        migrations.AddField("person", "side", models.CharField(default="", editable=False, max_length=10)),
        migrations.AlterField("person", "email", models.EmailField(max_length=254)),
        migrations.AddConstraint(
            "person", models.UniqueConstraint(fields=("email", "side"), name="one_account_per_email_and_side")
        ),
        migrations.RunSQL(SIDE),
        for_logins(*RIGHTS, *POLICIES),
    ]
