"""An account remembers the language its owner chose."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_leaves_and_deputies")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, max_length=10, verbose_name="语言"),
        ),
    ]
