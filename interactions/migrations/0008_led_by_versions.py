"""Every interaction is led by a version of its type; the type itself holds no rules any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0007_first_versions")]

    operations = [
        migrations.AlterField(
            model_name="interaction",
            name="type_version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="interactions.typeversion",
            ),
        ),
        migrations.RemoveField(model_name="interactiontype", name="fields"),
        migrations.RemoveField(model_name="interactiontype", name="plan"),
        migrations.RemoveField(model_name="interactiontype", name="reopen_within_days"),
    ]
