import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0012_phases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("cancel", "Cancel it"), ("date", "Another date"), ("content", "Other content")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("wanted", models.TextField(blank=True, verbose_name="what is wanted")),
                ("wanted_at", models.DateTimeField(blank=True, null=True, verbose_name="wanted date")),
                ("reason", models.TextField(verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("asked_label", models.CharField(blank=True, max_length=254, verbose_name="asked by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "It ended before"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decision", models.TextField(blank=True, help_text="Told to the partner.", verbose_name="decision")),
                (
                    "consequence",
                    models.TextField(
                        blank=True, help_text="What follows, such as a charge.", verbose_name="consequence"
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a change",
                "verbose_name_plural": "requests for changes",
            },
        ),
        migrations.RemoveConstraint(
            model_name="link",
            name="one_link_of_a_kind",
        ),
        migrations.AddField(
            model_name="link",
            name="at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="since"),
        ),
        migrations.AddField(
            model_name="link",
            name="ended_at",
            field=models.DateTimeField(
                blank=True, help_text="A link is ended, never removed.", null=True, verbose_name="ended"
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("parent", "Parent"),
                    ("handover", "Handover"),
                    ("response-to", "Response to"),
                    ("follow-up", "Follow-up"),
                    ("merged-into", "Merged into"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("interaction", "other", "kind"),
                name="one_link_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("kind", "merged-into")),
                fields=("interaction",),
                name="merged_into_one_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="interaction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="change_requests",
                to="interactions.interaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("interaction", "kind"),
                name="one_open_change_request_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="change_request_is_open_or_decided",
            ),
        ),
    ]
