from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # made while others write; a run that was cut off leaves an invalid index, see docs/operations.md

    dependencies = [
        ("interactions", "0007_put_back"),
        ("partners", "0005_panes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", False), ("status__in", ("resolved", "closed", "cancelled", "annulled"))
                ),
                fields=["assignee", "-status_changed_at"],
                name="interaction_done_by_person",
            ),
        ),
        AddIndexConcurrently(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status__in", ("closed", "cancelled", "annulled")), _negated=True),
                    ("assignee__isnull", True),
                ),
                fields=["team", "due_at", "id"],
                name="interaction_of_nobody",
            ),
        ),
    ]
