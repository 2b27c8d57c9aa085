import django.contrib.postgres.fields
from django.db import migrations, models

import partners.validators


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_append_only_record"),
    ]

    operations = [
        migrations.AddField(
            model_name="rolekind",
            name="demands",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Where a permission needs more in this role than it needs everywhere.",
                validators=[partners.validators.validate_demands],
                verbose_name="levels of permissions",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60, validators=[partners.validators.validate_permission]),
                blank=True,
                default=list,
                help_text="What a representative may do beyond everyday work: what moves money.",
                size=None,
                verbose_name="may also",
            ),
        ),
        migrations.AlterField(
            model_name="rolekind",
            name="permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60, validators=[partners.validators.validate_permission]),
                blank=True,
                default=list,
                size=None,
                verbose_name="permissions",
            ),
        ),
    ]
