"""All that a policy says stands in its versions now; the policy itself keeps only its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_first_versions_of_policies"), ("interactions", "0009_promised_by_version")]

    operations = [
        migrations.RemoveConstraint(
            model_name="servicepolicy",
            name="policy_promises_some_time",
        ),
        migrations.RemoveConstraint(
            model_name="servicepolicy",
            name="policy_ends_after_it_starts",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="calendar",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="effective_from",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="effective_until",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="first_response",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="interaction_type",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="partner",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="priority",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="resolution",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="role_kind",
        ),
        migrations.RemoveField(
            model_name="servicepolicy",
            name="silence_limit",
        ),
    ]
