"""The types that every installation starts with name what a role must allow, where nobody has decided otherwise."""

from django.db import migrations

NAME = """
UPDATE interactions_interactiontype AS type SET permission = named.permission, minimum_level = named.level
FROM (VALUES
    ('fault-report', 'fault.report', 1),
    ('planned-work', 'planned_work.announce', 1),
    ('bill-received', 'bill.submit', 1),
    ('settlement-approval', 'settlement.approve', 2),
    ('order', 'order.submit', 1),
    ('order-change', 'order.change', 1),
    ('number-porting', 'number.port', 1)
) AS named (code, permission, level)
WHERE type.code = named.code AND type.permission = '' AND type.minimum_level = 1;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0009_promised_by_version")]

    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]
