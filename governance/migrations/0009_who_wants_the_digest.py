"""Whether somebody wants the daily digest; empty means: as the office has set it for the post."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_channels_have_a_pace")]

    operations = [
        migrations.AddField(
            "user",
            "wants_digest",
            models.BooleanField(blank=True, null=True, verbose_name="每日提要"),
        ),
    ]
