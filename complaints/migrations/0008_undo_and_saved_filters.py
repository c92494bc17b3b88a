"""What may be taken back for a short time, and filters of the list under a name."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_desk_working_places"),
        ("governance", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("query", models.CharField(max_length=300)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="saved_filter_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Undo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step_number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("before", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undo",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["by", "until"], name="undo_open_of_a_person")],
            },
        ),
        migrations.AddField(
            model_name="caserules",
            name="undo_minutes",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="受理、派单、转出后多久内本人可以撤销；0 表示不允许。",
                validators=[django.core.validators.MaxValueValidator(30)],
                verbose_name="可撤销时间（分钟）",
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="end_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("finished", "办结"),
                    ("redispatched", "改派"),
                    ("handed_on", "转出（不属于本网格）"),
                    ("reworked", "重办"),
                    ("stopped", "撤诉或并单"),
                    ("returned", "退单"),
                    ("undone", "派错撤销"),
                ],
                max_length=12,
            ),
        ),
    ]
