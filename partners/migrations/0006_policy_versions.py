"""What a policy promises gets versions of its own, so that an edit never moves a promise made."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import partners.models.policy_version


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0005_absences"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("interaction_type", models.SlugField(blank=True, max_length=60, verbose_name="interaction type")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")],
                        null=True,
                        verbose_name="priority",
                    ),
                ),
                (
                    "first_response",
                    models.DurationField(
                        help_text="Business time, such as 4:00:00.", verbose_name="first response within"
                    ),
                ),
                (
                    "next_response",
                    models.DurationField(
                        blank=True,
                        help_text="Business time after the partner said something; empty: nothing is promised.",
                        null=True,
                        verbose_name="each further response within",
                    ),
                ),
                (
                    "resolution",
                    models.DurationField(
                        help_text="Business time, such as 16:00:00.", verbose_name="resolution within"
                    ),
                ),
                (
                    "silence_limit",
                    models.DurationField(
                        help_text="Business time without news to a side.", verbose_name="longest silence"
                    ),
                ),
                (
                    "answer",
                    models.DurationField(
                        blank=True,
                        help_text="Business time, where we ask for something and name no date.",
                        null=True,
                        verbose_name="answer of the partner within",
                    ),
                ),
                (
                    "escalation",
                    models.JSONField(
                        default=partners.models.policy_version.usual_escalation,
                        validators=[partners.models.policy_version.validate_escalation],
                        verbose_name="escalation",
                    ),
                ),
                (
                    "reminders",
                    models.JSONField(
                        default=partners.models.policy_version.usual_reminders,
                        validators=[partners.models.policy_version.validate_escalation],
                        verbose_name="reminders",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="effective from")),
                ("effective_until", models.DateField(blank=True, null=True, verbose_name="effective until")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "policy version",
                "verbose_name_plural": "policy versions",
            },
        ),
        migrations.AddField(
            model_name="policyversion",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="policies", to="partners.businesscalendar"
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="created_by",
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
            model_name="policyversion",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policies",
                to="partners.partner",
                verbose_name="partner",
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="partners.servicepolicy"
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="role_kind",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policies",
                to="partners.rolekind",
                verbose_name="role kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(fields=("policy", "number"), name="one_policy_version_per_number"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_response", None), ("next_response__gt", datetime.timedelta(0)), _connector="OR"),
                    models.Q(("answer", None), ("answer__gt", datetime.timedelta(0)), _connector="OR"),
                    ("first_response__gt", datetime.timedelta(0)),
                    ("resolution__gte", models.F("first_response")),
                    ("silence_limit__gt", datetime.timedelta(0)),
                ),
                name="version_promises_some_time",
                violation_error_message="Promise more than no time, and no resolution before the first response.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_until", None), ("effective_until__gte", models.F("effective_from")), _connector="OR"
                ),
                name="version_ends_after_it_starts",
                violation_error_message="A policy cannot end before it starts.",
            ),
        ),
    ]
