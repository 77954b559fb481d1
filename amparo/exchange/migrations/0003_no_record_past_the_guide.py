"""Refuse in the database a proposal that would send a child's record, or the child, while the Guide blocks it.

The second lock behind `propose_transfer`, as migration 0007 of cases is behind the acts.
"""

from django.db import migrations

NO_BLOCKED_PROPOSAL = """
CREATE FUNCTION exchange_free_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.stage = NEW.stage AND OLD.sealed_proposal IS NOT DISTINCT FROM NEW.sealed_proposal THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT FROM cases_standing s
        WHERE s.case_id = NEW.case_id AND (s.blocked ? 'send-record' OR s.blocked ? 'hand-over')
    ) THEN
        RAISE EXCEPTION 'the Guide blocks sending this record' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER free_proposal BEFORE INSERT OR UPDATE OF stage, sealed_proposal ON exchange_transfer FOR EACH ROW
WHEN (NEW.side = 'sender' AND NEW.stage = 'proposed' AND NEW.sealed_proposal IS NOT NULL)
EXECUTE FUNCTION exchange_free_proposal();
"""
UNDO = """
DROP TRIGGER free_proposal ON exchange_transfer;
DROP FUNCTION exchange_free_proposal();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_row_security"), ("cases", "0007_no_act_past_the_guide")]
    operations = [migrations.RunSQL(NO_BLOCKED_PROPOSAL, UNDO)]
