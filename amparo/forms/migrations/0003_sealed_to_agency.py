"""Say to which pair of an agency a form as it came, or a file with it, is sealed. Decision: 0022."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forms', '0002_row_security'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='sealed_to',
            field=models.CharField(blank=True, default='', max_length=22),
        ),
        migrations.AddField(
            model_name='submission',
            name='sealed_to',
            field=models.CharField(blank=True, default='', max_length=22),
        ),
    ]
