import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0006_requests"),
        ("governance", "0004_leaves_and_deputies"),
        ("grids", "0001_first_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallPlan",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="call_plan",
                        serialize=False,
                        to="complaints.complaint",
                    ),
                ),
                ("call_at", models.DateTimeField(null=True)),
                ("is_agreed", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CallScript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="可用的占位：【街道】【标题】【办结日期】【承办单位】。",
                        max_length=600,
                        verbose_name="话术",
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "回访话术",
                "verbose_name_plural": "回访话术",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("prepared", "待核对"),
                            ("returned", "退回修改"),
                            ("released", "已公开"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("place", models.CharField(max_length=60, verbose_name="地点")),
                ("category", models.CharField(max_length=60, verbose_name="类别")),
                ("what_was_done", models.TextField(max_length=500, verbose_name="办理结果")),
                ("day_count", models.PositiveSmallIntegerField(verbose_name="用时（天）")),
                ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("checked_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "结果公开",
                "verbose_name_plural": "结果公开",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SendBackReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, verbose_name="代码")),
                ("label", models.CharField(max_length=40, verbose_name="理由")),
                ("text", models.CharField(max_length=200, verbose_name="写给承办人的话")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="排序")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "退回理由",
                "verbose_name_plural": "退回理由",
                "ordering": ["position", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SupervisionSlip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="督办编号")),
                ("demand", models.CharField(max_length=300, verbose_name="督办要求")),
                ("due_at", models.DateTimeField(verbose_name="反馈期限")),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="caserules",
            name="callback_share",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="30–100；热线工单、重办、督办、黄红牌和未完全解决的一律回访，不参加抽样。",
                validators=[
                    django.core.validators.MinValueValidator(30),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="回访抽样比例（%）",
            ),
        ),
        migrations.AlterField(
            model_name="callback",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("reached", "已接通"),
                    ("unreached", "未接通"),
                    ("later", "约定再打"),
                    ("wrong", "号码有误"),
                    ("refused", "拒绝评价"),
                    ("source", "来源单位反馈"),
                    ("link", "居民扫码评价"),
                ],
                max_length=10,
                verbose_name="回访结果",
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(fields=["at"], name="callback_by_moment"),
        ),
        migrations.AddField(
            model_name="callplan",
            name="taken_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="callscript",
            name="category",
            field=models.ForeignKey(
                blank=True,
                help_text="留空则用于其他没有专门话术的诉求；选大类则其下各类都适用。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.category",
                verbose_name="诉求分类",
            ),
        ),
        migrations.AddField(
            model_name="callscript",
            name="subdistrict",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="街道",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="checked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="complaints.complaint",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="公开单位",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sendbackreason",
            name="subdistrict",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="街道",
            ),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slips",
                to="complaints.complaint",
            ),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="issued_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="被督办单位",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("stage", "released")),
                fields=["organisation", "-id"],
                name="publication_released",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["stage", "-id"], name="publication_by_stage"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "withdrawn"), _negated=True),
                fields=("complaint",),
                name="publication_one_at_a_time",
            ),
        ),
    ]
