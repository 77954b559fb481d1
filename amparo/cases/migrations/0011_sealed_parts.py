"""Keep what is sealed to an agency beside its entry, and let an entry give it up once it is sealed there.

Entries stay append-only but for that: the bytes under the case's key may leave an entry of class P3 whose words are
sealed to the agency. Nothing else of an entry changes, whoever asks. Decision: 0022.
"""

import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import force

OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
ENTRY_KEPT = """
CREATE FUNCTION cases_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sealed IS NOT NULL AND OLD.told->>'protection' = 'P3'
        AND to_jsonb(NEW) - 'sealed' = to_jsonb(OLD) - 'sealed'
        AND EXISTS (SELECT FROM cases_sealedpart s WHERE s.entry_id = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER append_only ON cases_entry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cases_entry FOR EACH ROW EXECUTE FUNCTION cases_entry_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_ties'),
        ('access', '0006_sealed_class'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedPart',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sealed_part', serialize=False, to='cases.entry')),
                ('key_id', models.CharField(max_length=22)),
                ('content', models.BinaryField()),
                ('place', models.CharField(max_length=80)),
                ('things', models.PositiveSmallIntegerField()),
                ('mark', models.BinaryField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_parts', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['key_id'], name='sealed_part_key')],
            },
        ),
        force("cases_sealedpart", using=OF_OUR_CASE),
        migrations.RunSQL(ENTRY_KEPT),
    ]
