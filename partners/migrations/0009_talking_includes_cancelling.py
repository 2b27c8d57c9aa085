"""Everybody who could raise a matter could cancel it and send documents; from now on a role says so."""

from django.db import migrations

ALLOW = """
UPDATE partners_rolekind SET permissions = array_append(permissions, '{permission}')
WHERE 'interaction.raise' = ANY(permissions) AND NOT '{permission}' = ANY(permissions);
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0008_policies_keep_their_name")]

    operations = [
        migrations.RunSQL(ALLOW.format(permission=permission), migrations.RunSQL.noop)
        for permission in ("interaction.cancel", "documents.submit")
    ]
