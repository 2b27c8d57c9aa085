"""What somebody has to do is found without reading what they ever did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0027_visits")]

    operations = [
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("status", "open")), fields=["assignee", "due_at", "id"], name="step_queue_of_person"
            ),
        ),
    ]
