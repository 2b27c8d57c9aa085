import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0017_caller_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("what", models.CharField(max_length=200, verbose_name="what")),
                ("quantity", models.DecimalField(decimal_places=3, default=1, max_digits=12, verbose_name="quantity")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="id elsewhere")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("acknowledged", "Acknowledged"),
                            ("in_progress", "In progress"),
                            ("held", "Held"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="acknowledged",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("requested_date", models.DateField(blank=True, null=True, verbose_name="wanted on")),
                ("expected_date", models.DateField(blank=True, null=True, verbose_name="expected on")),
                ("done_date", models.DateField(blank=True, null=True, verbose_name="done on")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("changed_at", models.DateTimeField(verbose_name="last change")),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
            },
        ),
        migrations.RemoveConstraint(
            model_name="planstep",
            name="one_plan_step_per_position",
        ),
        migrations.AddField(
            model_name="typeversion",
            name="has_lines",
            field=models.BooleanField(default=False, verbose_name="has order lines"),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("plan", "position"),
                name="one_plan_step_per_position",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="interaction",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="order_lines",
                to="interactions.interaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(fields=("interaction", "number"), name="one_order_line_per_number"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="order_line_asks_for_some"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_date__isnull", False), ("state", "completed")),
                    models.Q(models.Q(("state", "completed"), _negated=True), ("done_date", None)),
                    _connector="OR",
                ),
                name="completed_order_line_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("held", "cancelled", "failed")), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="order_line_says_why_it_stops",
            ),
        ),
    ]
