import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0007_channels_and_deliveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="most_per_minute",
            field=models.PositiveIntegerField(
                default=0,
                help_text="0 为不限；群机器人最多 20 条。",
                validators=[django.core.validators.MaxValueValidator(6000)],
                verbose_name="每分钟最多（条）",
            ),
        ),
        migrations.AddIndex(
            model_name="deliveryattempt",
            index=models.Index(fields=["at"], name="delivery_attempt_by_moment"),
        ),
    ]
