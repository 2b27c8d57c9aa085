"""Every type as it is becomes its first version; every plan as it is, one step after the other."""

from django.db import migrations

FIRST_VERSIONS = """
INSERT INTO interactions_typeversion (
    type_id, number, fields, plan_id, self_service, asks_confirmation, reopen_within_days, resolution_codes,
    cancel_consequence, has_survey, published_at
)
SELECT id, 1, fields, plan_id, '', true, reopen_within_days, '[]', '', false, now() FROM interactions_interactiontype;
UPDATE interactions_interaction AS interaction SET type_version_id = version.id
    FROM interactions_typeversion AS version
    WHERE version.type_id = interaction.type_id AND interaction.type_version_id IS NULL;
"""

ONE_AFTER_THE_OTHER = """
UPDATE interactions_planstep AS step SET after = before.positions FROM (
    SELECT id, array_remove(ARRAY[lag(position) OVER (PARTITION BY plan_id ORDER BY position)], NULL) AS positions
    FROM interactions_planstep
) AS before WHERE before.id = step.id;
UPDATE interactions_step AS step SET after = before.positions FROM (
    SELECT id, array_remove(ARRAY[lag(position) OVER (PARTITION BY interaction_id ORDER BY position)], NULL) AS positions
    FROM interactions_step
) AS before WHERE before.id = step.id;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0006_type_versions")]

    operations = [
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_AFTER_THE_OTHER, migrations.RunSQL.noop),
    ]
