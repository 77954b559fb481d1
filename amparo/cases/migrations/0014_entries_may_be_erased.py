"""Let the erasure of a whole case take its entries with it, which the guard of sealed entries had come to refuse.

From within the function that erases (0012) and nowhere else; nothing else about an entry changes. Decision: 0022.
"""

from django.db import migrations

from amparo.access.row_security import for_logins

ENTRY_KEPT = """
CREATE OR REPLACE FUNCTION cases_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = {owner_text} AND current_setting('amparo.erasing', true) = 'yes' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.sealed IS NOT NULL AND OLD.told->>'protection' = 'P3'
        AND to_jsonb(NEW) - 'sealed' = to_jsonb(OLD) - 'sealed'
        AND EXISTS (SELECT FROM cases_sealedpart s WHERE s.entry_id = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of %% are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_broken_glass")]
    operations = [for_logins(ENTRY_KEPT)]
