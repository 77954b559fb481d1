"""Let the people related to a case reach it, whatever agency they work for; hide it from whom its marks exclude.

The related cases of a reader and the names under which a mark can exclude her are asked once for each query, and the
agency of a list still decides first, by its index. Guardians, representatives, panel and oversight never write in a case,
whatever else allows: a restrictive policy says so. Decision: 0019.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, PROTECTION, SECTOR, append_only, force

ACTOR = "(SELECT nullif(current_setting('amparo.actor', true), '')::uuid)"
# The same names as `amparo.cases.tie_rules.names_of`.
MY_NAMES = (
    "(SELECT ARRAY['person:' || current_setting('amparo.actor', true),"
    " 'agency:' || current_setting('amparo.agency', true), 'sector:' || current_setting('amparo.sector', true)])"
)
KEPT_BACK = f"(withheld_from <> '{{}}' AND withheld_from::text[] && {MY_NAMES})"
CURRENT = (
    "t.since <= statement_timestamp() AND (t.until IS NULL OR t.until > statement_timestamp())"
    " AND NOT EXISTS (SELECT FROM cases_tieend e WHERE e.tie_id = t.id)"
)
RELATED = f"ARRAY(SELECT t.case_id FROM cases_tie t WHERE t.person_id = {ACTOR} AND {CURRENT})"
OF_OUR_AGENCY = f"({PROTECTION} AND (agency_id = {AGENCY} OR taken_in_by_id = {AGENCY}))"
# The migration side is related to nobody.
OF_MINE = f"({SECTOR} IN ('protection', 'oversight') AND {{id}} = ANY ({RELATED}))"
OF_OUR_CASE = "EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)"
TIE_READERS = (
    f"({NODE} OR person_id = {ACTOR} OR ({PROTECTION} AND (led_by_id = {AGENCY} OR taken_in_by_id = {AGENCY})))"
)
TIE_WRITERS = f"({NODE} OR ({PROTECTION} AND (led_by_id = {AGENCY} OR taken_in_by_id = {AGENCY})))"
OF_SEEN_TIE = "EXISTS (SELECT FROM cases_tie t WHERE t.id = tie_id)"
OF_SEEN_MARK = "EXISTS (SELECT FROM cases_mark m WHERE m.id = mark_id)"
WRITES = (
    f"({NODE} OR (SELECT current_setting('amparo.role', true))"
    " IN ('first-contact', 'caseworker', 'supervisor', 'device', 'system'))"
)
WRITTEN_IN = (
    "case", "entry", "standing", "gate", "tie", "tieend", "mark", "markend",
    "namekey", "override", "overridestep", "incident", "incidentend", "guidechange",
)  # fmt: skip


def _seen(column: str) -> str:
    mine = OF_MINE.format(id=column)
    return f"({NODE} OR (NOT {KEPT_BACK} AND ({OF_OUR_AGENCY} OR {mine})))"


def _may_write(column: str) -> str:
    return f"({NODE} OR {OF_OUR_AGENCY} OR {OF_MINE.format(id=column)})"


def _opened(table: str, column: str) -> str:
    seen, may_write = _seen(column), _may_write(column)
    return f"ALTER POLICY {table}_who ON {table} USING ({seen}) WITH CHECK ({may_write})"


def _only_workers_write(table: str) -> list[str]:
    policy = f"CREATE POLICY {table}_written"
    return [
        f"{policy}_new ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK ({WRITES})",
        f"{policy}_again ON {table} AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK ({WRITES})",
        f"{policy}_off ON {table} AS RESTRICTIVE FOR DELETE USING ({WRITES})",
    ]


def _to(model: str, related: str, *, index: bool = True) -> models.ForeignKey:
    kept = django.db.models.deletion.PROTECT
    return models.ForeignKey(db_index=index, on_delete=kept, related_name=related, to=model)


def _one_to(model: str) -> models.OneToOneField:
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT,
        primary_key=True,
        related_name="end",
        serialize=False,
        to=model,
    )


def _who() -> list[tuple[str, models.Field]]:
    return [
        ("actor", models.UUIDField()),
        ("role", models.CharField(max_length=30)),
        ("agency", models.CharField(max_length=60)),
        ("sealed_why", models.BinaryField()),
    ]


def _withheld_from() -> django.contrib.postgres.fields.ArrayField:
    inner = models.CharField(max_length=60)
    return django.contrib.postgres.fields.ArrayField(
        base_field=inner, blank=True, default=list, size=None, db_default=[]
    )


ID = ("id", models.UUIDField(editable=False, primary_key=True, serialize=False))
RELATIONS = [(one, one) for one in ("assigned", "guardian", "legal-representative", "oversight-sample")]


class Migration(migrations.Migration):
    dependencies = [("access", "0005_two_sides"), ("cases", "0009_name_keys")]
    operations = [
        migrations.AddField("case", "withheld_from", _withheld_from()),
        migrations.AddField("standing", "withheld_from", _withheld_from()),
        migrations.CreateModel(
            name="Tie",
            fields=[
                ID,
                ("relation", models.CharField(choices=RELATIONS, max_length=30)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                *_who(),
                ("case", _to("cases.case", "ties")),
                ("led_by", _to("access.agency", "+", index=False)),
                ("taken_in_by", _to("access.agency", "+", index=False)),
                ("person", _to("access.person", "+", index=False)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "case"], name="tie_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        name="tie_ends_after_it_begins",
                        condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TieEnd", fields=[("tie", _one_to("cases.tie")), ("at", models.DateTimeField()), *_who()]
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ID,
                ("excluded", models.CharField(max_length=60)),
                ("because", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                *_who(),
                ("case", _to("cases.case", "marks")),
            ],
        ),
        migrations.CreateModel(
            name="MarkEnd", fields=[("mark", _one_to("cases.mark")), ("at", models.DateTimeField()), *_who()]
        ),
        force("cases_tie", using=TIE_READERS, check=TIE_WRITERS),
        append_only("cases_tie"),
        force("cases_tieend", using=OF_SEEN_TIE),
        append_only("cases_tieend"),
        force("cases_mark", using=OF_OUR_CASE),
        append_only("cases_mark"),
        force("cases_markend", using=OF_SEEN_MARK),
        append_only("cases_markend"),
        migrations.RunSQL([_opened("cases_case", "id"), _opened("cases_standing", "case_id")]),
        migrations.RunSQL([one for table in WRITTEN_IN for one in _only_workers_write(f"cases_{table}")]),
    ]
