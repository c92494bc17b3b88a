"""Copies outside the house ask for what has changed since a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_residents_entrance")]

    operations = [
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["at", "complaint"], name="step_by_moment"),
        ),
    ]
