from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0010_single_sign_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="acting_as",
            field=models.CharField(blank=True, default="", editable=False, max_length=40),
        ),
    ]
