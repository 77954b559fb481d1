"""Give each letter that waits a data key of its own, so that no table needs the key that wraps all others.

No released version kept letters under the node key, so no row has to be carried over.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_witnesses")]
    operations = [
        migrations.AddField(
            model_name="incoming", name="wrapped_key", field=models.BinaryField(null=True)
        ),
    ]
