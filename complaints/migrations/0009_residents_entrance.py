"""The residents' entrance: codes on walls, notices, plain words, links, consents, budgets."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_undo_and_saved_filters"),
        ("governance", "0003_name_the_audit"),
        ("grids", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("period", models.CharField(max_length=13)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["period"], name="budget_use_by_period")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "digest", "period"), name="budget_use_once_per_period"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="代码")),
                (
                    "subdistrict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="grids.building",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="grids.grid",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="启用时间"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "网格公示牌",
                "verbose_name_plural": "网格公示牌",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("building__isnull", False), ("grid", None)),
                            models.Q(("building", None), ("grid__isnull", False)),
                            _connector="OR",
                        ),
                        name="place_code_of_one_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("building__isnull", False), ("ended_at__isnull", True)),
                        fields=("building",),
                        name="place_code_one_current_per_building",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("grid__isnull", False)),
                        fields=("grid",),
                        name="place_code_one_current_per_grid",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subdistrict",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="街道",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("text", models.TextField(max_length=4000, verbose_name="告知内容")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="发布时间"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息告知",
                "verbose_name_plural": "个人信息告知",
                "ordering": ["-id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subdistrict__isnull", True)),
                        fields=("version",),
                        name="privacy_notice_version_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("subdistrict__isnull", False)),
                        fields=("version", "subdistrict"),
                        name="privacy_notice_version_once_per_street",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlainKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subdistrict",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="街道",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=50, verbose_name="顺序")),
                ("name", models.CharField(max_length=20, verbose_name="居民看到的说法")),
                ("icon", models.CharField(blank=True, max_length=30, verbose_name="图标")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        help_text="留空表示由热线办受理时再定。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.category",
                        verbose_name="对应分类",
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "居民分类",
                "verbose_name_plural": "居民分类",
                "ordering": ["position", "id"],
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ResidentRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subdistrict",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="街道",
                    ),
                ),
                (
                    "address_hour",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="一栋楼的居民可能共用一个网络地址。",
                        verbose_name="同一网络每小时最多提交",
                    ),
                ),
                (
                    "address_day",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="同一网络每天最多提交"
                    ),
                ),
                (
                    "phone_day",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="同一电话每天最多提交"
                    ),
                ),
                (
                    "link_day",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="同一链接每天最多操作"
                    ),
                ),
                (
                    "least_seconds",
                    models.PositiveSmallIntegerField(default=3, verbose_name="填写至少几秒"),
                ),
                (
                    "link_days",
                    models.PositiveSmallIntegerField(default=180, verbose_name="查询链接有效天数"),
                ),
                (
                    "public_address",
                    models.URLField(
                        blank=True,
                        help_text="印在二维码里，例如 https://wangge.example.cn；留空则用工作台的网址。",
                        max_length=120,
                        verbose_name="居民访问的网址",
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=60, verbose_name="主办单位")),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=30, verbose_name="咨询电话"),
                ),
                (
                    "records",
                    models.CharField(
                        blank=True,
                        help_text="ICP备案号、公安联网备案号、网站标识码。",
                        max_length=160,
                        verbose_name="备案号",
                    ),
                ),
            ],
            options={
                "verbose_name": "居民页面规则",
                "verbose_name_plural": "居民页面规则",
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.privacynotice",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ResidentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resident_links",
                        to="complaints.complaint",
                    ),
                ),
                ("secret_digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="resident_link_one_per_case",
                    )
                ],
                "indexes": [],
            },
        ),
    ]
