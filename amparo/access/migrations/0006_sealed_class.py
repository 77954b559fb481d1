"""Keep the keys of class P3: an agency's pairs, officers' keys, who is let in, and what is open in a session.

Officers see what belongs to their agency and the node its own work; every private half in these rows is wrapped.
"""

import amparo.access.sealed_rules
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from amparo.access.row_security import AGENCY, NODE, PROTECTION, force

OURS = f"({NODE} OR ({PROTECTION} AND agency_id = {AGENCY}))"
HERS = f"({NODE} OR person_id = (SELECT nullif(current_setting('amparo.actor', true), '')::uuid))"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_two_sides'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencySeal',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('key_id', models.CharField(max_length=22, unique=True)),
                ('public', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('rotate_since', models.DateTimeField(null=True)),
                ('share_number', models.PositiveIntegerField()),
                ('keepers', models.JSONField(default=list)),
                ('drill', models.BinaryField()),
                ('drill_sha256', models.CharField(max_length=64)),
                ('drilled_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='access.agency')),
            ],
        ),
        migrations.CreateModel(
            name='OfficerKey',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='officer_key', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('public', models.BinaryField()),
                ('salt', models.BinaryField()),
                ('wrapped', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('wrong_tries', models.PositiveSmallIntegerField(default=0)),
                ('wait_until', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.agency')),
            ],
        ),
        migrations.CreateModel(
            name='OpenSeal',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('session', models.CharField(max_length=64)),
                ('sealed', models.BinaryField()),
                ('opened_at', models.DateTimeField()),
                ('used_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SealGrant',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(choices=[('ceremony', 'ceremony'), ('two-people', 'two-people'), ('recovery', 'recovery')], max_length=12)),
                ('asked_by', models.UUIDField()),
                ('asked_at', models.DateTimeField()),
                ('granted_by', models.UUIDField(null=True)),
                ('granted_at', models.DateTimeField(null=True)),
                ('wrapped', models.BinaryField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seal_grants', to=settings.AUTH_USER_MODEL)),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='access.agencyseal')),
            ],
        ),
        migrations.AddConstraint(
            model_name='agencyseal',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('agency',), name='one_seal_in_use'),
        ),
        migrations.AddConstraint(
            model_name='openseal',
            constraint=models.UniqueConstraint(fields=('person', 'session'), name='open_once_per_session'),
        ),
        migrations.AddConstraint(
            model_name='sealgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('seal', 'person'), name='one_grant_per_officer'),
        ),
        migrations.AddConstraint(
            model_name='sealgrant',
            constraint=models.CheckConstraint(condition=models.Q(('wrapped', None), models.Q(('ended_at', None), ('granted_by__isnull', False)), _connector='OR'), name='grant_opens_only_while_it_lasts'),
        ),
        migrations.AddConstraint(
            model_name='sealgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', amparo.access.sealed_rules.How['TWO_PEOPLE']), _negated=True), models.Q(models.Q(('asked_by', models.F('person_id')), _negated=True), models.Q(('granted_by', None), models.Q(models.Q(('granted_by', models.F('asked_by')), _negated=True), models.Q(('granted_by', models.F('person_id')), _negated=True)), _connector='OR')), _connector='OR'), name='grant_by_two_others'),
        ),
        # Whoever of the protection side writes about a child seals to the agency that leads her case.
        force("access_agencyseal", using=f"({NODE} OR {PROTECTION})", check=OURS),
        force("access_officerkey", using=OURS),
        force("access_sealgrant", using=OURS),
        force("access_openseal", using=HERS),
    ]
