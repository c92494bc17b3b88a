"""A second round no longer hides an extension of the first: its due moment has its own column."""

from django.db import migrations, models
from django.db.models.functions import Coalesce, Least

EFFECTIVE_DUE = models.Case(
    models.When(
        round__gt=1,
        then=Coalesce(models.F("first_due_at"), models.F("original_due_at")),
    ),
    default=models.F("case_due_at"),
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0010_index_the_steps")]

    operations = [
        migrations.RemoveIndex(model_name="complaint", name="complaint_by_reckoning"),
        migrations.AddField(
            model_name="complaint",
            name="first_due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                Least(Coalesce(models.F("first_finished_at"), EFFECTIVE_DUE), EFFECTIVE_DUE),
                name="complaint_by_reckoning",
            ),
        ),
    ]
