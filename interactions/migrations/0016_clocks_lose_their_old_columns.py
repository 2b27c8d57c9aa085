"""What segments and thresholds replaced goes, and the new rules hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0015_clocks_count_on")]

    operations = [
        migrations.RemoveField(
            model_name="clock",
            name="left",
        ),
        migrations.RemoveField(
            model_name="clock",
            name="paused_at",
        ),
        migrations.RemoveField(
            model_name="clock",
            name="warn_at",
        ),
        migrations.RemoveField(
            model_name="clock",
            name="warned_at",
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["interaction"], name="clock_of_interaction"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="clock_to_tell"
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status__in", ("closed", "cancelled", "annulled")), _negated=True),
                    models.Q(("jeopardy", "on_track"), _negated=True),
                ),
                fields=["jeopardy", "due_at", "id"],
                name="interaction_in_jeopardy",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("step", None),
                    models.Q(("stopped_at", None), ("kind__in", ("first_response", "resolution")), _connector="OR"),
                ),
                fields=("interaction", "kind"),
                name="one_clock_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "step"), ("step__isnull", False)),
                    models.Q(models.Q(("kind", "step"), _negated=True), ("step", None)),
                    _connector="OR",
                ),
                name="clock_of_a_step_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_at", None), ("since", None), ("stopped_at__isnull", False)),
                    models.Q(("due_at", None), ("next_at", None), ("since__isnull", False), ("stopped_at", None)),
                    models.Q(
                        ("due_at__isnull", False), ("paused_why", ""), ("since__isnull", False), ("stopped_at", None)
                    ),
                    _connector="OR",
                ),
                name="clock_runs_is_paused_or_stopped",
            ),
        ),
    ]
