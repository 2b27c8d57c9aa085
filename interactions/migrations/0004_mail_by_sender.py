from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_search_reads_the_beginning")]

    operations = [
        migrations.AddIndex(
            "inboundmessage",
            models.Index(
                fields=["sender", "-received_at"],
                condition=models.Q(channel="email", state="accepted"),
                name="mail_of_sender",
            ),
        ),
    ]
