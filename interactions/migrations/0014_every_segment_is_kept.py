"""Clocks keep every while they ran or were paused, tell each threshold once, and measure both sides."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import interactions.models.team
import partners.models.policy_version


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0013_changes_and_parts"),
        ("partners", "0009_talking_includes_cancelling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockSegment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("paused", "Paused")], max_length=10, verbose_name="state"
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(verbose_name="until")),
                ("counted", models.DurationField(verbose_name="business time")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
            ],
            options={
                "verbose_name": "clock segment",
                "verbose_name_plural": "clock segments",
            },
        ),
        migrations.CreateModel(
            name="ClockWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="times moved")),
                ("share", models.PositiveSmallIntegerField(help_text="0: the forecast.", verbose_name="per cent")),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("owner", "Whoever it is with"),
                                ("leads", "Leads of the team"),
                                ("above", "Leads of the team above"),
                                ("partner", "People of the partner"),
                                ("partner_escalation", "Escalation contacts of the partner"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="told",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "warning",
                "verbose_name_plural": "warnings",
            },
        ),
        migrations.CreateModel(
            name="StepPace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="step")),
                ("usual", models.DurationField(help_text="Business time, the median.", verbose_name="usually takes")),
                ("steps", models.PositiveIntegerField(verbose_name="steps looked at")),
                ("learned_at", models.DateTimeField(verbose_name="learned")),
            ],
            options={
                "verbose_name": "usual duration",
                "verbose_name_plural": "usual durations",
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("enterprise", "Us"), ("partner", "Partner"), ("third_party", "Third party")],
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(verbose_name="until")),
                ("counted", models.DurationField(verbose_name="business time")),
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "turns",
            },
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="one_clock_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_runs_or_is_paused",
        ),
        migrations.RemoveIndex(
            model_name="clock",
            name="clock_to_breach",
        ),
        migrations.RemoveIndex(
            model_name="clock",
            name="clock_to_warn",
        ),
        migrations.AddField(
            model_name="clock",
            name="counted",
            field=models.DurationField(
                db_default=datetime.timedelta(0), default=datetime.timedelta(0), verbose_name="counted"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="extension",
            field=models.DurationField(
                db_default=datetime.timedelta(0), default=datetime.timedelta(0), verbose_name="moved by"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="is_forewarned",
            field=models.BooleanField(db_default=False, default=False, verbose_name="forecast told"),
        ),
        migrations.AddField(
            model_name="clock",
            name="next_at",
            field=models.DateTimeField(null=True, verbose_name="next threshold"),
        ),
        migrations.AddField(
            model_name="clock",
            name="next_share",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="per cent then"),
        ),
        migrations.AddField(
            model_name="clock",
            name="risk_at",
            field=models.DateTimeField(null=True, verbose_name="in jeopardy from"),
        ),
        migrations.AddField(
            model_name="clock",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="times moved"),
        ),
        migrations.AddField(
            model_name="clock",
            name="since",
            field=models.DateTimeField(null=True, verbose_name="since"),
        ),
        migrations.AddField(
            model_name="clock",
            name="step",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="clock", to="interactions.step"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="told_share",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="per cent told"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="ball_since",
            field=models.DateTimeField(null=True, verbose_name="whose turn since"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="calendar",
            field=models.ForeignKey(
                db_index=False,
                help_text="What business time is counted on here, as it was when it began.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.calendarversion",
            ),
        ),
        migrations.AddField(
            model_name="interaction",
            name="enterprise_elapsed",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="with us, in seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="enterprise_seconds",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="with us, in business seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="hand_over_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="times handed over"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="jeopardy",
            field=models.CharField(
                choices=[("on_track", "On track"), ("at_risk", "At risk"), ("late", "Late")],
                db_default="on_track",
                default="on_track",
                max_length=10,
                verbose_name="jeopardy",
            ),
        ),
        migrations.AddField(
            model_name="interaction",
            name="partner_elapsed",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="with the partner, in seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="partner_seconds",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, verbose_name="with the partner, in business seconds"
            ),
        ),
        migrations.AddField(
            model_name="interaction",
            name="paused_elapsed",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="paused, in seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="paused_seconds",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="paused, in business seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="resolution_elapsed",
            field=models.PositiveBigIntegerField(null=True, verbose_name="to the solution, in seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="resolution_seconds",
            field=models.PositiveBigIntegerField(null=True, verbose_name="to the solution, in business seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="response_elapsed",
            field=models.PositiveBigIntegerField(null=True, verbose_name="to the first response, in seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="response_seconds",
            field=models.PositiveBigIntegerField(null=True, verbose_name="to the first response, in business seconds"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="third_party_elapsed",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, verbose_name="with a third party, in seconds"
            ),
        ),
        migrations.AddField(
            model_name="interaction",
            name="third_party_seconds",
            field=models.PositiveBigIntegerField(
                db_default=0, default=0, verbose_name="with a third party, in business seconds"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="worked",
            field=models.DurationField(null=True, verbose_name="took, in business time"),
        ),
        migrations.AddField(
            model_name="team",
            name="escalation",
            field=models.JSONField(
                default=interactions.models.team.usual_escalation,
                validators=[partners.models.policy_version.validate_escalation],
                verbose_name="escalation",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_response", "First response"),
                    ("next_response", "Next response"),
                    ("resolution", "Resolution"),
                    ("step", "Step"),
                    ("partner_answer", "Answer of the partner"),
                    ("third_party_answer", "Answer of a third party"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.policyversion",
            ),
        ),
        migrations.AddField(
            model_name="clocksegment",
            name="clock",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="segments",
                to="interactions.clock",
            ),
        ),
        migrations.AddField(
            model_name="clockwarning",
            name="clock",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="warnings",
                to="interactions.clock",
            ),
        ),
        migrations.AddField(
            model_name="steppace",
            name="type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="paces",
                to="interactions.interactiontype",
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="interaction",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="turns",
                to="interactions.interaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="clocksegment",
            constraint=models.UniqueConstraint(fields=("clock", "began_at"), name="one_segment_at_a_time"),
        ),
        migrations.AddConstraint(
            model_name="clocksegment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__gt", models.F("began_at"))), name="segment_ends_after_it_began"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockwarning",
            constraint=models.UniqueConstraint(fields=("clock", "round", "share"), name="one_warning_per_threshold"),
        ),
        migrations.AddConstraint(
            model_name="steppace",
            constraint=models.UniqueConstraint(fields=("type", "name"), name="one_pace_per_step_of_a_type"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("interaction", "began_at"), name="one_turn_at_a_time"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__gt", models.F("began_at"))), name="turn_ends_after_it_began"
            ),
        ),
    ]
