from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # made while others write; a run that was cut off leaves an invalid index, see docs/operations.md

    dependencies = [
        ("interactions", "0009_words_in_slices"),
        ("partners", "0005_panes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(
                    ("partner_told_at", None),
                    ("enterprise_told_at__gte", models.F("partner_told_at")),
                    _connector="OR",
                ),
                fields=["-enterprise_told_at"],
                name="interaction_heard_last",
            ),
        ),
    ]
