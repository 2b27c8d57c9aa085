from django.db import migrations, models

import partners.validators


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0004_mail_by_sender"),
    ]

    operations = [
        migrations.AddField(
            model_name="interactiontype",
            name="minimum_level",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Not signed in"), (1, "Single factor"), (2, "Two factors"), (3, "Phishing-resistant")],
                default=1,
                help_text="How strongly a partner must have proven who acts, to raise such a matter or work on it.",
                verbose_name="minimum assurance level",
            ),
        ),
        migrations.AddField(
            model_name="interactiontype",
            name="permission",
            field=models.CharField(
                blank=True,
                help_text="What a role must allow, beside raising matters at all, to raise such a matter or work on it.",
                max_length=60,
                validators=[partners.validators.validate_permission],
                verbose_name="permission",
            ),
        ),
    ]
