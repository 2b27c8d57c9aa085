"""What was counted before knew no times of each side: without a day the next count begins with the first of all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_times_of_each_side")]

    operations = [migrations.RunSQL("DELETE FROM reporting_day", migrations.RunSQL.noop)]
