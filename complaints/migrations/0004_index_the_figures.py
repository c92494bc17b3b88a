from django.db import migrations, models
from django.db.models.functions import Coalesce, Least

EFFECTIVE_DUE = models.Case(
    models.When(round__gt=1, then=models.F("original_due_at")), default=models.F("case_due_at")
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_city_orders")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["dispatched_at"], name="assignment_by_dispatch"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                Least(Coalesce(models.F("first_finished_at"), EFFECTIVE_DUE), EFFECTIVE_DUE),
                name="complaint_by_reckoning",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["first_finished_at"], name="complaint_by_first_finish"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["closed_at"], name="complaint_by_closing"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                fields=["due_at"],
                condition=models.Q(is_open=True)
                & (models.Q(round__gte=2) | models.Q(supervision="elevated")),
                name="complaint_open_to_watch",
            ),
        ),
    ]
