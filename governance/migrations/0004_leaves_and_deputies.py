import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0003_name_the_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_on", models.DateField(verbose_name="开始")),
                ("ended_on", models.DateField(verbose_name="结束")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="事由")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to="governance.person",
                        verbose_name="代理人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="任职单位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="governance.person",
                        verbose_name="请假人",
                    ),
                ),
            ],
            options={
                "verbose_name": "请假与代理",
                "verbose_name_plural": "请假与代理",
                "ordering": ["-started_on", "-id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="appointment",
            name="leave",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="governance.leave",
                verbose_name="请假",
            ),
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(fields=["ended_on"], name="leave_by_end"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on__gte", models.F("started_on"))),
                name="leave_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("deputy")), _negated=True),
                name="leave_deputy_is_somebody_else",
            ),
        ),
    ]
