"""An interaction and its clocks name the version of the policy that they were promised by."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0008_led_by_versions"),
        ("partners", "0007_first_versions_of_policies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.policyversion",
            ),
        ),
        migrations.AlterField(
            model_name="interaction",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.policyversion",
            ),
        ),
    ]
