"""Refuse in the database what the Guide blocks: an act, or letting a child go, that came by no door of ours.

The actions ask the Guide first and say why; this is the second lock, for code that forgot to. It reads how the case
stands as last judged, so an action judges again and writes that down before it acts. Acts under an override are tied to
their signatures by migration 0006; acts found or told by others are no acts of ours.
"""

from django.db import migrations

NO_BLOCKED_ACT = """
CREATE FUNCTION cases_free_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_standing s WHERE s.case_id = NEW.case_id AND s.blocked ? NEW.name) THEN
        RAISE EXCEPTION 'the Guide blocks this act for this case' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER free_act BEFORE INSERT ON cases_entry FOR EACH ROW
WHEN (
    NEW.kind = 'action'
    AND coalesce(NEW.value->>'override', 'none') = 'none'
    AND coalesce(NEW.value->>'found', 'false') <> 'true'
)
EXECUTE FUNCTION cases_free_act();
"""

# Nobody lets go of a child before her hand-over is on record: done here, where the Guide left it free, or found done.
NO_RELEASE_BEFORE = """
CREATE FUNCTION cases_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_entry e
        WHERE e.case_id = NEW.id AND e.kind = 'action' AND e.name = 'hand-over'
    ) THEN
        RAISE EXCEPTION 'a case is let go only after the hand-over' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handed_over BEFORE UPDATE OF released_at ON cases_case FOR EACH ROW
WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL)
EXECUTE FUNCTION cases_handed_over();
"""
UNDO = """
DROP TRIGGER free_act ON cases_entry;
DROP FUNCTION cases_free_act();
DROP TRIGGER handed_over ON cases_case;
DROP FUNCTION cases_handed_over();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_overrides")]
    operations = [migrations.RunSQL(NO_BLOCKED_ACT + NO_RELEASE_BEFORE, UNDO)]
