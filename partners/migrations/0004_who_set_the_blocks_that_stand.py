"""Blocks that were set before say who set them, as the record has it."""

from django.db import migrations

FROM_THE_RECORD = """
UPDATE partners_membership AS place
    SET blocked_by_id = entry.actor_id, is_blocked_by_enterprise = entry.actor_kind IN ('representative', 'system')
    FROM (
        SELECT DISTINCT ON (facts ->> 'membership') facts ->> 'membership' AS membership, actor_id, actor_kind
        FROM partners_recordentry
        WHERE event = 'person.blocked'
            AND partner_id IN (SELECT partner_id FROM partners_membership WHERE blocked_at IS NOT NULL)
        ORDER BY facts ->> 'membership', id DESC
    ) AS entry
    WHERE place.blocked_at IS NOT NULL AND entry.membership = place.id::text
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_blocks_say_who_set_them")]

    operations = [migrations.RunSQL(FROM_THE_RECORD, migrations.RunSQL.noop)]
