"""What a type asks for becomes its versions; steps follow each other as a graph."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import interactions.models.interaction_type

KEEP = """
CREATE FUNCTION refuse_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a type is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER type_version_is_fixed BEFORE UPDATE ON interactions_typeversion
    FOR EACH ROW EXECUTE FUNCTION refuse_new_version();
"""

RELEASE = """
DROP TRIGGER type_version_is_fixed ON interactions_typeversion;
DROP FUNCTION refuse_new_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0005_level_and_permission_of_types"),
        ("partners", "0002_append_only_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="close_due_at",
            field=models.DateTimeField(null=True, verbose_name="closes by itself"),
        ),
        migrations.AddField(
            model_name="interaction",
            name="resolution_code",
            field=models.CharField(blank=True, max_length=60, verbose_name="kind of resolution"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="action",
            field=models.CharField(
                blank=True, help_text="What an automatic step does.", max_length=60, verbose_name="action"
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="after",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=list,
                help_text="The positions of the steps that end before this one opens; empty: it opens at once.",
                size=None,
                verbose_name="after",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="comparison",
            field=models.CharField(
                blank=True,
                choices=[
                    ("is", "is"),
                    ("is_not", "is not"),
                    ("one_of", "is one of"),
                    ("filled", "is filled in"),
                    ("empty", "is empty"),
                    ("at_least", "is at least"),
                    ("below", "is below"),
                ],
                max_length=20,
                verbose_name="compares",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="condition_field",
            field=models.CharField(blank=True, max_length=60, verbose_name="only if the field"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="condition_value",
            field=models.CharField(blank=True, max_length=200, verbose_name="with"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="form",
            field=models.JSONField(blank=True, default=list, verbose_name="asked at finishing"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("work", "Work of a team"),
                    ("approval", "Approval"),
                    ("wait", "Wait for somebody outside"),
                    ("automatic", "Automatic"),
                ],
                default="work",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="waits_for",
            field=models.CharField(
                blank=True,
                choices=[("enterprise", "Us"), ("partner", "Partner"), ("third_party", "Third party")],
                max_length=20,
                verbose_name="waits for",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="action",
            field=models.CharField(blank=True, max_length=60, verbose_name="action"),
        ),
        migrations.AddField(
            model_name="step",
            name="after",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name="after"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="comparison",
            field=models.CharField(
                blank=True,
                choices=[
                    ("is", "is"),
                    ("is_not", "is not"),
                    ("one_of", "is one of"),
                    ("filled", "is filled in"),
                    ("empty", "is empty"),
                    ("at_least", "is at least"),
                    ("below", "is below"),
                ],
                max_length=20,
                verbose_name="compares",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="condition_field",
            field=models.CharField(blank=True, max_length=60, verbose_name="only if the field"),
        ),
        migrations.AddField(
            model_name="step",
            name="condition_value",
            field=models.CharField(blank=True, max_length=200, verbose_name="with"),
        ),
        migrations.AddField(
            model_name="step",
            name="form",
            field=models.JSONField(blank=True, default=list, verbose_name="asked at finishing"),
        ),
        migrations.AddField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("work", "Work of a team"),
                    ("approval", "Approval"),
                    ("wait", "Wait for somebody outside"),
                    ("automatic", "Automatic"),
                ],
                default="work",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="values",
            field=models.JSONField(blank=True, default=dict, verbose_name="answers"),
        ),
        migrations.AddField(
            model_name="step",
            name="waits_for",
            field=models.CharField(
                blank=True,
                choices=[("enterprise", "Us"), ("partner", "Partner"), ("third_party", "Third party")],
                max_length=20,
                verbose_name="waits for",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Not yet"),
                    ("open", "Open"),
                    ("done", "Done"),
                    ("skipped", "Left out"),
                    ("cancelled", "Cancelled"),
                ],
                default="pending",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.CreateModel(
            name="TypeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                (
                    "fields",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[interactions.models.interaction_type.validate_fields],
                        verbose_name="fields",
                    ),
                ),
                (
                    "self_service",
                    models.CharField(
                        blank=True,
                        help_text="The action that answers it without staff.",
                        max_length=60,
                        verbose_name="self-service",
                    ),
                ),
                ("asks_confirmation", models.BooleanField(default=True, verbose_name="asks for confirmation")),
                (
                    "close_after_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="closes after (business days)"
                    ),
                ),
                (
                    "reopen_within_days",
                    models.PositiveSmallIntegerField(default=14, verbose_name="may be reopened for (days)"),
                ),
                ("resolution_codes", models.JSONField(blank=True, default=list, verbose_name="resolution codes")),
                ("cancel_consequence", models.TextField(blank=True, verbose_name="consequence of cancelling")),
                ("has_survey", models.BooleanField(default=False, verbose_name="asks how it was")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="type_versions",
                        to="interactions.plan",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="interactions.interactiontype",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a type",
                "verbose_name_plural": "versions of types",
            },
        ),
        migrations.AddField(
            model_name="interaction",
            name="type_version",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="interactions.typeversion",
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("close_due_at__isnull", False)),
                fields=["close_due_at"],
                name="interaction_to_close",
            ),
        ),
        migrations.AddConstraint(
            model_name="typeversion",
            constraint=models.UniqueConstraint(fields=("type", "number"), name="one_type_version_per_number"),
        ),
        migrations.RunSQL(KEEP, RELEASE),
    ]
