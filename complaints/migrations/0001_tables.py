"""The tables of this floor."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Tables(migrations.SeparateDatabaseAndState):
    """Many tables at once: Django draws the models up anew once, not once for each table."""

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.state_operations:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in reversed(self.state_operations):
            table.database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    replaces = [
        ("complaints", "0001_first_tables"),
        ("complaints", "0003_city_orders"),
        ("complaints", "0004_index_the_figures"),
        ("complaints", "0005_name_the_import_fields"),
        ("complaints", "0006_requests"),
        ("complaints", "0007_desk_working_places"),
        ("complaints", "0008_undo_and_saved_filters"),
        ("complaints", "0009_residents_entrance"),
        ("complaints", "0010_index_the_steps"),
        ("complaints", "0011_where_the_first_round_ended"),
        ("complaints", "0012_questions_to_outsiders"),
        ("complaints", "0013_oversight_as_data"),
        ("complaints", "0014_rules_in_new_words"),
        ("complaints", "0015_assistance"),
        ("complaints", "0016_words_taken_back"),
        ("complaints", "0017_photos_for_the_resident"),
        ("complaints", "0018_units_of_requests"),
        ("complaints", "0019_slips_are_withdrawn"),
        ("complaints", "0020_photos_for_outsiders"),
        ("complaints", "0021_reply_templates"),
    ]

    initial = True

    dependencies = [
        ("residents", "0001_tables"),
    ]

    operations = [
        Tables(
            state_operations=[
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="complaints.category",
                                verbose_name="上级分类",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="代码")),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        (
                            "full_name",
                            models.CharField(editable=False, max_length=160, verbose_name="全称"),
                        ),
                        ("is_leaf", models.BooleanField(default=True, verbose_name="末级")),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("critical", "特急"),
                                    ("urgent", "紧急"),
                                    ("ordinary", "一般"),
                                    ("complex", "复杂"),
                                ],
                                default="ordinary",
                                max_length=10,
                                verbose_name="紧急程度",
                            ),
                        ),
                        (
                            "limit_amount",
                            models.PositiveSmallIntegerField(default=5, verbose_name="办理时限"),
                        ),
                        (
                            "limit_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                default="wd",
                                max_length=2,
                                verbose_name="时限单位",
                            ),
                        ),
                        (
                            "solving_level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "街道党工委"),
                                    (2, "社区大党委"),
                                    (3, "网格党支部"),
                                    (4, "楼宇党小组"),
                                    (5, "居民党员户"),
                                ],
                                default=3,
                                verbose_name="最低解决层级",
                            ),
                        ),
                        (
                            "first_action_amount",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="先期处置时限"
                            ),
                        ),
                        (
                            "first_action_unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="先期处置单位",
                            ),
                        ),
                        (
                            "needs_photo",
                            models.BooleanField(default=False, verbose_name="答复须附照片"),
                        ),
                        (
                            "needs_callback",
                            models.BooleanField(default=True, verbose_name="须回访"),
                        ),
                        (
                            "default_handler",
                            models.CharField(
                                blank=True,
                                help_text="部门名称；留空则派给覆盖该地址的网格。",
                                max_length=40,
                                verbose_name="默认承办",
                            ),
                        ),
                        (
                            "filing_rule",
                            models.CharField(blank=True, max_length=200, verbose_name="立案条件"),
                        ),
                        (
                            "closing_rule",
                            models.CharField(blank=True, max_length=200, verbose_name="结案条件"),
                        ),
                        (
                            "keywords",
                            models.CharField(blank=True, max_length=200, verbose_name="关键词"),
                        ),
                        (
                            "four_isation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("clean", "清洁化"),
                                    ("ordered", "秩序化"),
                                    ("beautiful", "优美化"),
                                    ("lit", "明亮化"),
                                ],
                                max_length=10,
                                verbose_name="四化",
                            ),
                        ),
                        (
                            "gbt39666_top",
                            models.CharField(blank=True, max_length=2, verbose_name="国标大类"),
                        ),
                        (
                            "season_from",
                            models.CharField(
                                blank=True, max_length=5, verbose_name="季节起（月-日）"
                            ),
                        ),
                        (
                            "season_to",
                            models.CharField(
                                blank=True, max_length=5, verbose_name="季节止（月-日）"
                            ),
                        ),
                        (
                            "is_confidential",
                            models.BooleanField(
                                default=False,
                                help_text="按保密件办理，被反映人不可见。",
                                verbose_name="涉及工作人员",
                            ),
                        ),
                        ("basis", models.CharField(blank=True, max_length=80, verbose_name="依据")),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "诉求分类",
                        "verbose_name_plural": "诉求分类",
                        "ordering": ["code"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("subdistrict__isnull", True)),
                                fields=("code",),
                                name="category_code_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("subdistrict__isnull", False)),
                                fields=("code", "subdistrict"),
                                name="category_code_once_per_street",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UrgencyLimit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("critical", "特急"),
                                    ("urgent", "紧急"),
                                    ("ordinary", "一般"),
                                    ("complex", "复杂"),
                                ],
                                max_length=10,
                                verbose_name="紧急程度",
                            ),
                        ),
                        ("sign_amount", models.PositiveSmallIntegerField(verbose_name="签收时限")),
                        (
                            "sign_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="签收单位",
                            ),
                        ),
                        (
                            "contact_amount",
                            models.PositiveSmallIntegerField(verbose_name="首次联系时限"),
                        ),
                        (
                            "contact_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="首次联系单位",
                            ),
                        ),
                        (
                            "on_site_amount",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="到场时限"
                            ),
                        ),
                        (
                            "on_site_unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="到场单位",
                            ),
                        ),
                        (
                            "progress_amount",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="进展说明间隔"
                            ),
                        ),
                        (
                            "progress_unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="进展单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "紧急程度时限",
                        "verbose_name_plural": "紧急程度时限",
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="LevelBox",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "街道党工委"),
                                    (2, "社区大党委"),
                                    (3, "网格党支部"),
                                    (4, "楼宇党小组"),
                                    (5, "居民党员户"),
                                ],
                                verbose_name="层级",
                            ),
                        ),
                        (
                            "amount",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="停留上限"
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="单位",
                            ),
                        ),
                        (
                            "climbs_by_itself",
                            models.BooleanField(default=True, verbose_name="到时自动上报"),
                        ),
                    ],
                    options={
                        "verbose_name": "层级时限",
                        "verbose_name_plural": "层级时限",
                        "ordering": ["-level"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CaseRules",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "city_default_workdays",
                            models.PositiveSmallIntegerField(
                                default=5, verbose_name="热线默认时限（工作日）"
                            ),
                        ),
                        (
                            "buffer_workdays",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="内部提前量（工作日）"
                            ),
                        ),
                        (
                            "least_work_hours",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="最短承办时间（工作时）"
                            ),
                        ),
                        (
                            "least_share_percent",
                            models.PositiveSmallIntegerField(
                                default=50,
                                help_text="内部提前量不得使承办单位的时间少于这个比例。",
                                verbose_name="提前量至少留给承办单位的比例（%）",
                            ),
                        ),
                        (
                            "least_box_minutes",
                            models.PositiveSmallIntegerField(
                                default=120,
                                help_text="时限很短时，每级至少停留这么久，但不超过剩余时间的一半。",
                                verbose_name="各级最短停留（工作分钟）",
                            ),
                        ),
                        (
                            "source_return_workdays",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="退回来源时限（工作日）"
                            ),
                        ),
                        (
                            "auto_sign_factor",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="自动签收为签收时限的倍数"
                            ),
                        ),
                        (
                            "supplement_workdays",
                            models.PositiveSmallIntegerField(
                                default=5, verbose_name="待补充时限（工作日）"
                            ),
                        ),
                        (
                            "unreached_attempts",
                            models.PositiveSmallIntegerField(
                                default=3, verbose_name="回访未接通次数"
                            ),
                        ),
                        (
                            "unreached_days",
                            models.PositiveSmallIntegerField(
                                default=2, verbose_name="回访须跨天数"
                            ),
                        ),
                        (
                            "callback_share",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="30–100；热线工单、重办、督办、黄红牌和未完全解决的一律回访，不参加抽样。",
                                validators=[
                                    django.core.validators.MinValueValidator(30),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="回访抽样比例（%）",
                            ),
                        ),
                        (
                            "reopen_days",
                            models.PositiveSmallIntegerField(default=30, verbose_name="可重办天数"),
                        ),
                        (
                            "restore_days",
                            models.PositiveSmallIntegerField(default=30, verbose_name="可恢复天数"),
                        ),
                        (
                            "archive_days",
                            models.PositiveSmallIntegerField(default=30, verbose_name="归档天数"),
                        ),
                        (
                            "least_reply_characters",
                            models.PositiveSmallIntegerField(
                                default=10, verbose_name="公开答复最少字数"
                            ),
                        ),
                        (
                            "undo_minutes",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="受理、派单、转出后多久内本人可以撤销；0 表示不允许。",
                                validators=[django.core.validators.MaxValueValidator(30)],
                                verbose_name="可撤销时间（分钟）",
                            ),
                        ),
                        (
                            "long_overdue_workdays",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="超过到期日这么多个工作日仍未办结的，列入长期超期。",
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="长期超期（工作日）",
                            ),
                        ),
                        (
                            "highest_self_climbing_level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "街道党工委"),
                                    (2, "社区大党委"),
                                    (3, "网格党支部"),
                                    (4, "楼宇党小组"),
                                    (5, "居民党员户"),
                                ],
                                default=2,
                                verbose_name="自动上报止于",
                            ),
                        ),
                        (
                            "cut_off",
                            models.CharField(
                                choices=[
                                    ("end_of_day", "当日 23:59:59"),
                                    ("business_close", "下班时间"),
                                ],
                                default="end_of_day",
                                max_length=16,
                                verbose_name="工作日截止",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "办理规则",
                        "verbose_name_plural": "办理规则",
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CallScript",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "category",
                            models.ForeignKey(
                                blank=True,
                                help_text="留空则用于其他没有专门话术的诉求；选大类则其下各类都适用。",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.category",
                                verbose_name="诉求分类",
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
                    name="SendBackReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        ("code", models.SlugField(max_length=30, verbose_name="代码")),
                        ("label", models.CharField(max_length=40, verbose_name="理由")),
                        ("text", models.CharField(max_length=200, verbose_name="写给承办人的话")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                        ),
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
                    name="ReplyTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "category",
                            models.ForeignKey(
                                blank=True,
                                help_text="留空则用于各类诉求；选大类则其下各类都适用。",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.category",
                                verbose_name="诉求分类",
                            ),
                        ),
                        (
                            "result_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("solved", "已解决"),
                                    ("partly", "部分解决"),
                                    ("explained", "已解释说明"),
                                    ("not_accepted", "诉求不成立"),
                                ],
                                help_text="留空则不限。",
                                max_length=12,
                                verbose_name="办理结果",
                            ),
                        ),
                        ("label", models.CharField(max_length=20, verbose_name="名称")),
                        (
                            "text",
                            models.TextField(
                                help_text="要填的地方写两个全角下划线（＿＿）；没填完的答复不能提交。",
                                max_length=600,
                                verbose_name="范例",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                        ),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "答复范例",
                        "verbose_name_plural": "答复范例",
                        "ordering": ["position", "id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="PlaceCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                condition=models.Q(
                                    ("building__isnull", False), ("ended_at__isnull", True)
                                ),
                                fields=("building",),
                                name="place_code_one_current_per_building",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True), ("grid__isnull", False)
                                ),
                                fields=("grid",),
                                name="place_code_one_current_per_grid",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrivacyNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            models.PositiveIntegerField(
                                default=1, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("title", models.CharField(max_length=60, verbose_name="标题")),
                        ("text", models.TextField(max_length=4000, verbose_name="告知内容")),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="发布时间",
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
                    },
                ),
                migrations.CreateModel(
                    name="PlainKind",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "position",
                            models.PositiveSmallIntegerField(default=50, verbose_name="顺序"),
                        ),
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
                    },
                ),
                migrations.CreateModel(
                    name="ResidentRules",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            models.PositiveSmallIntegerField(
                                default=3, verbose_name="填写至少几秒"
                            ),
                        ),
                        (
                            "link_days",
                            models.PositiveSmallIntegerField(
                                default=180, verbose_name="查询链接有效天数"
                            ),
                        ),
                        (
                            "outside_day",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="一次征询发出一个一次性链接。",
                                verbose_name="每人每天最多征询外单位",
                            ),
                        ),
                        (
                            "outside_link_days",
                            models.PositiveSmallIntegerField(
                                default=15, verbose_name="外单位链接在答复期限后仍有效的天数"
                            ),
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
                        (
                            "host",
                            models.CharField(blank=True, max_length=60, verbose_name="主办单位"),
                        ),
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
                    },
                ),
                migrations.CreateModel(
                    name="BudgetUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                fields=("name", "digest", "period"),
                                name="budget_use_once_per_period",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(max_length=24, unique=True, verbose_name="编号"),
                        ),
                        (
                            "subdistrict",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="街道",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("hotline", "12345热线"),
                                    ("platform", "上级平台"),
                                    ("phone", "街道电话"),
                                    ("counter", "窗口来访"),
                                    ("web", "网络"),
                                    ("qr", "居民扫码"),
                                    ("patrol", "网格巡查"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        (
                            "source_number",
                            models.CharField(blank=True, max_length=40, verbose_name="来源单号"),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        ("text", models.TextField(verbose_name="诉求内容")),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.category",
                                verbose_name="分类",
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[
                                    ("critical", "特急"),
                                    ("urgent", "紧急"),
                                    ("ordinary", "一般"),
                                    ("complex", "复杂"),
                                ],
                                default="ordinary",
                                max_length=10,
                                verbose_name="紧急程度",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("draft", "待登记"),
                                    ("pending_acceptance", "待受理"),
                                    ("pending_supplement", "待补充"),
                                    ("pending_dispatch", "待派单"),
                                    ("pending_sign", "待签收"),
                                    ("handling", "办理中"),
                                    ("pending_review", "待审核"),
                                    ("pending_callback", "待回访"),
                                    ("closed", "已办结"),
                                    ("archived", "已归档"),
                                    ("rejected", "不予受理"),
                                    ("withdrawn", "已撤诉"),
                                    ("merged", "已并单"),
                                    ("voided", "作废"),
                                    ("returned_to_source", "已退回来源"),
                                ],
                                default="draft",
                                max_length=20,
                                verbose_name="状态",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=True, editable=False)),
                        (
                            "hint",
                            models.CharField(blank=True, max_length=200, verbose_name="派单提示"),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=160, verbose_name="地址"),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grids.residentialcompound",
                            ),
                        ),
                        (
                            "building",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grids.building",
                            ),
                        ),
                        (
                            "dwelling",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="grids.dwelling",
                            ),
                        ),
                        ("lng", models.FloatField(blank=True, null=True, verbose_name="经度")),
                        ("lat", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="所属网格",
                            ),
                        ),
                        ("place_path", models.CharField(blank=True, editable=False, max_length=30)),
                        (
                            "main_unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="承办单位",
                            ),
                        ),
                        (
                            "main_unit_path",
                            models.CharField(blank=True, editable=False, max_length=30),
                        ),
                        (
                            "holder",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="当前办理",
                            ),
                        ),
                        (
                            "holder_path",
                            models.CharField(blank=True, editable=False, max_length=30),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.person",
                                verbose_name="承办人",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                        (
                            "transfer_count",
                            models.PositiveSmallIntegerField(default=0, verbose_name="转派次数"),
                        ),
                        ("step_count", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "last_step_hash",
                            models.CharField(blank=True, editable=False, max_length=64),
                        ),
                        (
                            "supervision",
                            models.CharField(
                                choices=[
                                    ("none", "无"),
                                    ("urged", "催办"),
                                    ("supervised", "督办"),
                                    ("elevated", "提级督办"),
                                ],
                                default="none",
                                max_length=10,
                                verbose_name="督办",
                            ),
                        ),
                        (
                            "card",
                            models.CharField(
                                choices=[("none", "无"), ("yellow", "黄牌"), ("red", "红牌")],
                                default="none",
                                max_length=8,
                                verbose_name="黄红牌",
                            ),
                        ),
                        (
                            "is_confidential",
                            models.BooleanField(default=False, verbose_name="保密件"),
                        ),
                        (
                            "discipline_only",
                            models.BooleanField(default=False, verbose_name="仅纪检查阅"),
                        ),
                        (
                            "is_collective",
                            models.BooleanField(default=False, verbose_name="群体诉求"),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "part_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "repeat_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="complaints.complaint",
                            ),
                        ),
                        ("part_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "merged_count",
                            models.PositiveSmallIntegerField(default=0, editable=False),
                        ),
                        (
                            "assist_count",
                            models.PositiveSmallIntegerField(default=0, editable=False),
                        ),
                        ("limit_amount", models.PositiveSmallIntegerField(null=True)),
                        (
                            "limit_unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                            ),
                        ),
                        ("calendar_version", models.PositiveIntegerField(default=0)),
                        ("is_city_deadline", models.BooleanField(default=False)),
                        ("due_is_provisional", models.BooleanField(default=False)),
                        ("original_due_at", models.DateTimeField(null=True)),
                        ("case_due_at", models.DateTimeField(null=True, verbose_name="到期时间")),
                        ("first_due_at", models.DateTimeField(editable=False, null=True)),
                        ("assignment_due_at", models.DateTimeField(null=True)),
                        ("sign_due_at", models.DateTimeField(null=True)),
                        ("contact_due_at", models.DateTimeField(null=True)),
                        ("box_due_at", models.DateTimeField(null=True)),
                        ("source_return_due_at", models.DateTimeField(null=True)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("suspended_at", models.DateTimeField(null=True)),
                        (
                            "happened_at",
                            models.DateTimeField(null=True, verbose_name="来源派发时间"),
                        ),
                        (
                            "filed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="登记时间"
                            ),
                        ),
                        ("accepted_at", models.DateTimeField(null=True, verbose_name="受理时间")),
                        ("dispatched_at", models.DateTimeField(null=True, verbose_name="派单时间")),
                        (
                            "finished_at",
                            models.DateTimeField(null=True, verbose_name="办结答复时间"),
                        ),
                        ("first_finished_at", models.DateTimeField(null=True)),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="结案时间")),
                        (
                            "result_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("solved", "已解决"),
                                    ("partly", "部分解决"),
                                    ("explained", "已解释说明"),
                                    ("not_accepted", "诉求不成立"),
                                ],
                                max_length=14,
                                verbose_name="办理结果",
                            ),
                        ),
                        (
                            "solved_level",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[
                                    (1, "街道党工委"),
                                    (2, "社区大党委"),
                                    (3, "网格党支部"),
                                    (4, "楼宇党小组"),
                                    (5, "居民党员户"),
                                ],
                                null=True,
                                verbose_name="解决层级",
                            ),
                        ),
                        ("is_unreached", models.BooleanField(default=False)),
                        ("leaves_rates", models.BooleanField(default=False, editable=False)),
                        (
                            "solved",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "已解决"),
                                    ("partly", "部分解决"),
                                    ("no", "未解决"),
                                ],
                                max_length=8,
                                verbose_name="是否解决",
                            ),
                        ),
                        (
                            "satisfaction",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("very_satisfied", "很满意"),
                                    ("satisfied", "满意"),
                                    ("basically", "基本满意"),
                                    ("dissatisfied", "不满意"),
                                    ("very_dissatisfied", "很不满意"),
                                ],
                                max_length=20,
                                verbose_name="满意度",
                            ),
                        ),
                        (
                            "filed_by",
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
                        "verbose_name": "诉求",
                        "verbose_name_plural": "诉求",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["-id"],
                                name="complaint_open",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["due_at", "id"],
                                name="complaint_open_by_due",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["stage", "-id"],
                                name="complaint_open_by_stage",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["place_path"],
                                name="complaint_open_place",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["main_unit_path"],
                                name="complaint_open_unit",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["holder_path"],
                                name="complaint_open_holder",
                            ),
                            models.Index(fields=["place_path", "-id"], name="complaint_place"),
                            models.Index(fields=["main_unit_path", "-id"], name="complaint_unit"),
                            models.Index(fields=["holder_path", "-id"], name="complaint_holder"),
                            models.Index(fields=["case_due_at"], name="complaint_by_due"),
                            models.Index(fields=["accepted_at"], name="complaint_by_acceptance"),
                            models.Index(
                                fields=["source_number"], name="complaint_by_source_number"
                            ),
                            models.Index(
                                django.db.models.functions.comparison.Least(
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("first_finished_at"),
                                        models.Case(
                                            models.When(
                                                round__gt=1,
                                                then=django.db.models.functions.comparison.Coalesce(
                                                    models.F("first_due_at"),
                                                    models.F("original_due_at"),
                                                ),
                                            ),
                                            default=models.F("case_due_at"),
                                        ),
                                    ),
                                    models.Case(
                                        models.When(
                                            round__gt=1,
                                            then=django.db.models.functions.comparison.Coalesce(
                                                models.F("first_due_at"),
                                                models.F("original_due_at"),
                                            ),
                                        ),
                                        default=models.F("case_due_at"),
                                    ),
                                ),
                                name="complaint_by_reckoning",
                            ),
                            models.Index(
                                fields=["first_finished_at"], name="complaint_by_first_finish"
                            ),
                            models.Index(fields=["closed_at"], name="complaint_by_closing"),
                            models.Index(
                                condition=models.Q(
                                    ("is_open", True),
                                    ("is_confidential", True),
                                    ("suspended_at__isnull", False),
                                    models.Q(("holder_path", ""), ("main_unit_path", "")),
                                    _connector="OR",
                                ),
                                fields=["main_unit_path"],
                                name="complaint_unsettled",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("is_open", True),
                                    models.Q(
                                        ("round__gte", 2),
                                        ("supervision", "elevated"),
                                        _connector="OR",
                                    ),
                                ),
                                fields=["due_at"],
                                name="complaint_open_to_watch",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("source_number", ""), _negated=True),
                                fields=("subdistrict", "source", "source_number"),
                                name="complaint_one_per_source_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Caller",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="caller",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.person",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(blank=True, max_length=50, verbose_name="诉求人"),
                        ),
                        ("phone_sealed", models.CharField(blank=True, max_length=200)),
                        (
                            "phone_digest",
                            models.CharField(blank=True, db_index=True, max_length=64),
                        ),
                        (
                            "phone_masked",
                            models.CharField(blank=True, max_length=24, verbose_name="电话"),
                        ),
                        ("phone_tail", models.CharField(blank=True, db_index=True, max_length=4)),
                        ("is_secret", models.BooleanField(default=False, verbose_name="要求保密")),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Accused",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="accused",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.person",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "named_by",
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person__isnull", False),
                                    ("organisation__isnull", False),
                                    _connector="OR",
                                ),
                                name="accused_is_a_person_or_an_organisation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Photo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="complaints.complaint",
                            ),
                        ),
                        ("group", models.CharField(default="report", max_length=12)),
                        ("file", models.ImageField(upload_to="photos/%Y/%m/")),
                        ("checksum", models.CharField(max_length=64)),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        ("taken_at", models.DateTimeField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="complaints.complaint",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        (
                            "dispatched_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rule",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("handler", "分类默认承办单位"),
                                    ("hint", "来单提示"),
                                    ("place", "地址所属网格或社区"),
                                    ("unit_kind", "职能单位"),
                                    ("by_hand", "人工选择"),
                                    ("reporter", "发现人自办"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("dispatched_at", models.DateTimeField()),
                        ("sign_due_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("is_auto_signed", models.BooleanField(default=False)),
                        ("contact_due_at", models.DateTimeField(null=True)),
                        ("contacted_at", models.DateTimeField(null=True)),
                        ("due_at", models.DateTimeField()),
                        ("replied_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "end_kind",
                            models.CharField(
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
                        ("planned_with", models.PositiveBigIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "ordering": ["complaint", "number"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                fields=["unit", "dispatched_at"], name="assignment_by_unit"
                            ),
                            models.Index(fields=["dispatched_at"], name="assignment_by_dispatch"),
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["planned_with"],
                                name="assignment_by_planning",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("complaint", "number"), name="assignment_numbered_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("complaint",),
                                name="assignment_one_current",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="complaints.complaint",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("verb", models.CharField(max_length=24)),
                        (
                            "stage_before",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("draft", "待登记"),
                                    ("pending_acceptance", "待受理"),
                                    ("pending_supplement", "待补充"),
                                    ("pending_dispatch", "待派单"),
                                    ("pending_sign", "待签收"),
                                    ("handling", "办理中"),
                                    ("pending_review", "待审核"),
                                    ("pending_callback", "待回访"),
                                    ("closed", "已办结"),
                                    ("archived", "已归档"),
                                    ("rejected", "不予受理"),
                                    ("withdrawn", "已撤诉"),
                                    ("merged", "已并单"),
                                    ("voided", "作废"),
                                    ("returned_to_source", "已退回来源"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "stage_after",
                            models.CharField(
                                choices=[
                                    ("draft", "待登记"),
                                    ("pending_acceptance", "待受理"),
                                    ("pending_supplement", "待补充"),
                                    ("pending_dispatch", "待派单"),
                                    ("pending_sign", "待签收"),
                                    ("handling", "办理中"),
                                    ("pending_review", "待审核"),
                                    ("pending_callback", "待回访"),
                                    ("closed", "已办结"),
                                    ("archived", "已归档"),
                                    ("rejected", "不予受理"),
                                    ("withdrawn", "已撤诉"),
                                    ("merged", "已并单"),
                                    ("voided", "作废"),
                                    ("returned_to_source", "已退回来源"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "holder_before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        (
                            "holder_after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("due_before", models.DateTimeField(null=True)),
                        ("due_after", models.DateTimeField(null=True)),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.appointment",
                            ),
                        ),
                        ("reason_code", models.CharField(blank=True, max_length=30)),
                        ("note", models.TextField(blank=True)),
                        ("note_salt", models.CharField(blank=True, max_length=32)),
                        ("note_digest", models.CharField(blank=True, max_length=64)),
                        ("at", models.DateTimeField()),
                        ("previous_hash", models.CharField(blank=True, max_length=64)),
                        ("step_hash", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["complaint", "number"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["at", "complaint"], name="step_by_moment")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("complaint", "number"), name="step_numbered_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Undo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        ("step_number", models.PositiveIntegerField()),
                        ("verb", models.CharField(max_length=30)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        ("before", models.JSONField(default=dict)),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["by", "until"], name="undo_open_of_a_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        ("name", models.CharField(max_length=20, verbose_name="名称")),
                        ("query", models.CharField(max_length=300)),
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
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "name"), name="saved_filter_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="complaints.complaint",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone", "电话"),
                                    ("visit", "上门"),
                                    ("message", "短信或微信"),
                                    ("none", "无法联系"),
                                ],
                                max_length=10,
                                verbose_name="方式",
                            ),
                        ),
                        ("is_reached", models.BooleanField(verbose_name="已联系上")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="情况")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="complaints.complaint",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField()),
                        (
                            "result_kind",
                            models.CharField(
                                choices=[
                                    ("solved", "已解决"),
                                    ("partly", "部分解决"),
                                    ("explained", "已解释说明"),
                                    ("not_accepted", "诉求不成立"),
                                ],
                                max_length=14,
                                verbose_name="办理结果",
                            ),
                        ),
                        ("public_text", models.TextField(verbose_name="公开答复")),
                        (
                            "internal_text",
                            models.TextField(blank=True, verbose_name="办理情况（内部）"),
                        ),
                        ("is_true", models.BooleanField(default=True, verbose_name="诉求是否属实")),
                        (
                            "unsolved_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="未解决原因"),
                        ),
                        (
                            "shows_photos",
                            models.BooleanField(default=False, verbose_name="照片给诉求人看"),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(null=True)),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("is_approved", models.BooleanField(null=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Callback",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="callbacks",
                                to="complaints.complaint",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("reached", "已接通"),
                                    ("unreached", "未接通"),
                                    ("later", "约定再打"),
                                    ("wrong", "号码有误"),
                                    ("refused", "拒绝评价"),
                                    ("source", "来源单位反馈"),
                                    ("link", "居民扫码评价"),
                                    ("undone", "已撤销"),
                                ],
                                max_length=10,
                                verbose_name="回访结果",
                            ),
                        ),
                        (
                            "solved",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "已解决"),
                                    ("partly", "部分解决"),
                                    ("no", "未解决"),
                                ],
                                max_length=8,
                                verbose_name="是否解决",
                            ),
                        ),
                        (
                            "satisfaction",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("very_satisfied", "很满意"),
                                    ("satisfied", "满意"),
                                    ("basically", "基本满意"),
                                    ("dissatisfied", "不满意"),
                                    ("very_dissatisfied", "很不满意"),
                                ],
                                max_length=20,
                                verbose_name="满意度",
                            ),
                        ),
                        (
                            "was_contacted_in_time",
                            models.BooleanField(null=True, verbose_name="是否及时联系"),
                        ),
                        (
                            "note",
                            models.CharField(blank=True, max_length=300, verbose_name="回访记录"),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["at"], name="callback_by_moment")],
                    },
                ),
                migrations.CreateModel(
                    name="Instruction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instructions",
                                to="complaints.complaint",
                            ),
                        ),
                        ("text", models.CharField(max_length=300, verbose_name="批示内容")),
                        (
                            "due_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="落实期限"),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=300, verbose_name="落实情况"),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="complaints.complaint",
                            ),
                        ),
                        ("assignment_number", models.PositiveSmallIntegerField()),
                        ("rule_code", models.CharField(max_length=40)),
                        ("label", models.CharField(max_length=60)),
                        ("occasion", models.CharField(blank=True, max_length=30)),
                        ("due_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField()),
                        ("told_count", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "complaint",
                                    "assignment_number",
                                    "rule_code",
                                    "due_at",
                                    "occasion",
                                ),
                                name="reminder_once_per_rule_and_dispatch",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("return", "退单"),
                                    ("extension", "延期"),
                                    ("suspension", "挂起"),
                                    ("out_of_duty", "超职责"),
                                    ("source_return", "退回来源"),
                                ],
                                max_length=13,
                                verbose_name="申请",
                            ),
                        ),
                        (
                            "decider",
                            models.CharField(
                                choices=[("desk_above", "上一级派单台"), ("street", "街道热线办")],
                                default="desk_above",
                                max_length=10,
                                verbose_name="由谁审批",
                            ),
                        ),
                        (
                            "ask_within",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="留空表示到期前均可。",
                                null=True,
                                verbose_name="派单后多久内可申请",
                            ),
                        ),
                        (
                            "ask_within_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                    ("own", "与诉求时限相同"),
                                ],
                                default="wd",
                                max_length=3,
                                verbose_name="申请时限单位",
                            ),
                        ),
                        (
                            "most_count",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="留空表示不限。退单超过这个次数，由再上一级审批；其他申请不再受理。",
                                null=True,
                                verbose_name="次数上限",
                            ),
                        ),
                        (
                            "most_amount",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="多次合计。留空表示不限。",
                                null=True,
                                verbose_name="合计上限",
                            ),
                        ),
                        (
                            "amount_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                    ("own", "与诉求时限相同"),
                                ],
                                default="wd",
                                help_text="延期、挂起按此单位申请和累计；修改后只影响以后的申请。",
                                max_length=3,
                                verbose_name="计量单位",
                            ),
                        ),
                        (
                            "check_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="用于挂起。",
                                null=True,
                                verbose_name="每几个自然日复核一次",
                            ),
                        ),
                        (
                            "needs_evidence",
                            models.BooleanField(default=False, verbose_name="须附依据或照片"),
                        ),
                        (
                            "leaves_rates",
                            models.BooleanField(
                                default=False,
                                help_text="用于超职责；诉求量照常计算。",
                                verbose_name="认定后不计入解决率、满意率",
                            ),
                        ),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "申请规则",
                        "verbose_name_plural": "申请规则",
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="RequestReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("return", "退单"),
                                    ("extension", "延期"),
                                    ("suspension", "挂起"),
                                    ("out_of_duty", "超职责"),
                                    ("source_return", "退回来源"),
                                ],
                                max_length=13,
                                verbose_name="申请",
                            ),
                        ),
                        ("code", models.SlugField(max_length=30, verbose_name="代码")),
                        ("label", models.CharField(max_length=60, verbose_name="理由")),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "申请理由",
                        "verbose_name_plural": "申请理由",
                        "ordering": ["kind", "id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CaseRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requests",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requests",
                                to="complaints.assignment",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("return", "退单"),
                                    ("extension", "延期"),
                                    ("suspension", "挂起"),
                                    ("out_of_duty", "超职责"),
                                    ("source_return", "退回来源"),
                                ],
                                max_length=13,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "待审批"),
                                    ("granted", "已同意"),
                                    ("refused", "未同意"),
                                    ("taken_back", "已撤回"),
                                    ("lapsed", "已失效"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="complaints.requestreason",
                            ),
                        ),
                        ("note", models.CharField(max_length=500, verbose_name="说明")),
                        (
                            "evidence",
                            models.CharField(blank=True, max_length=300, verbose_name="依据"),
                        ),
                        (
                            "photo",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="complaints.photo",
                            ),
                        ),
                        ("amount", models.PositiveSmallIntegerField(null=True)),
                        (
                            "amount_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                default="wd",
                                max_length=2,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decider",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("decider_path", models.CharField(editable=False, max_length=30)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decision_note", models.CharField(blank=True, max_length=500)),
                        ("until", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("case_left", models.BigIntegerField(null=True)),
                        ("assignment_left", models.BigIntegerField(null=True)),
                        (
                            "city_answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("waiting", "待来源批复"),
                                    ("approved", "来源已同意"),
                                    ("refused", "来源不同意"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "city_number",
                            models.CharField(blank=True, max_length=40, verbose_name="批复文号"),
                        ),
                        ("city_answered_on", models.DateField(null=True)),
                        (
                            "city_recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "申请",
                        "verbose_name_plural": "申请",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "pending")),
                                fields=["decider_path"],
                                name="request_pending_by_decider",
                            ),
                            models.Index(
                                condition=models.Q(("city_answer", "waiting")),
                                fields=["asked_at"],
                                name="request_at_the_city",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("ended_at", None), ("kind", "suspension"), ("state", "granted")
                                ),
                                fields=["until"],
                                name="request_standing_still",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "pending")),
                                fields=("complaint", "kind"),
                                name="request_one_pending_per_kind",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AssistRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("assist", "协办"),
                                    ("enforcement", "综合执法哨"),
                                    ("priority", "重点工作哨"),
                                    ("emergency", "应急处置哨"),
                                ],
                                max_length=12,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "answer_amount",
                            models.PositiveSmallIntegerField(verbose_name="答复时限"),
                        ),
                        (
                            "answer_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                max_length=2,
                                verbose_name="答复时限单位",
                            ),
                        ),
                        (
                            "respond_amount",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="吹哨用；协办留空。",
                                null=True,
                                verbose_name="响应时限",
                            ),
                        ),
                        (
                            "respond_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                default="wd",
                                max_length=2,
                                verbose_name="响应时限单位",
                            ),
                        ),
                        (
                            "arrive_amount",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="吹哨用；吹哨时另定时间的，按另定的。",
                                null=True,
                                verbose_name="到场时限",
                            ),
                        ),
                        (
                            "arrive_unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                default="wd",
                                max_length=2,
                                verbose_name="到场时限单位",
                            ),
                        ),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "协办与吹哨规则",
                        "verbose_name_plural": "协办与吹哨规则",
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="WhistleCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="whistles",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("assist", "协办"),
                                    ("enforcement", "综合执法哨"),
                                    ("priority", "重点工作哨"),
                                    ("emergency", "应急处置哨"),
                                ],
                                max_length=12,
                                verbose_name="哨别",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="吹哨单位",
                            ),
                        ),
                        ("unit_path", models.CharField(editable=False, max_length=30)),
                        ("reason", models.CharField(max_length=500, verbose_name="吹哨事由")),
                        (
                            "place",
                            models.CharField(blank=True, max_length=160, verbose_name="报到地点"),
                        ),
                        ("called_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "called_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "吹哨",
                        "verbose_name_plural": "吹哨",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["called_at"], name="whistle_by_call")],
                    },
                ),
                migrations.CreateModel(
                    name="Assist",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assists",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "whistle",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assists",
                                to="complaints.whistlecall",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("assist", "协办"),
                                    ("enforcement", "综合执法哨"),
                                    ("priority", "重点工作哨"),
                                    ("emergency", "应急处置哨"),
                                ],
                                max_length=12,
                                verbose_name="方式",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "待答复"),
                                    ("responded", "已响应"),
                                    ("arrived", "已报到"),
                                    ("answered", "已答复"),
                                    ("declined", "说明不承担"),
                                    ("released", "已取消"),
                                    ("unanswered", "未答复，已办结"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="协办单位",
                            ),
                        ),
                        ("unit_path", models.CharField(editable=False, max_length=30)),
                        ("task", models.CharField(max_length=500, verbose_name="协办事项")),
                        (
                            "asker",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("asker_path", models.CharField(editable=False, max_length=30)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("respond_due_at", models.DateTimeField(null=True)),
                        ("responded_at", models.DateTimeField(null=True)),
                        (
                            "responded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("arrive_due_at", models.DateTimeField(null=True)),
                        ("arrived_at", models.DateTimeField(null=True)),
                        (
                            "arrived_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="答复期限")),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=1000, verbose_name="办理情况"),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
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
                        "verbose_name": "协办",
                        "verbose_name_plural": "协办",
                        "ordering": ["id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["asked", "responded", "arrived"])
                                ),
                                fields=["unit_path"],
                                name="assist_awaited_by_unit",
                            ),
                            models.Index(fields=["unit_path", "complaint"], name="assist_by_unit"),
                            models.Index(fields=["asker_path"], name="assist_by_asker"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["asked", "responded", "arrived"])
                                ),
                                fields=("complaint", "unit"),
                                name="assist_one_awaited_per_unit",
                            )
                        ],
                    },
                ),
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
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("taken_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="ReminderRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        ("code", models.SlugField(max_length=40, verbose_name="代码")),
                        ("label", models.CharField(max_length=60, verbose_name="名称")),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("sign_share", "签收时限已用比例"),
                                    ("sign_passed", "签收超时"),
                                    ("contact_passed", "首次联系超时"),
                                    ("share", "办理时限已用比例"),
                                    ("left", "临近到期"),
                                    ("overdue", "超期"),
                                    ("round", "进入第几轮"),
                                    ("transfers", "转派达到次数"),
                                    ("collective", "群体诉求"),
                                    ("box", "本级停留超时"),
                                    ("request", "申请待审批"),
                                    ("unreached", "回访未接通"),
                                    ("instruction", "批示逾期未落实"),
                                    ("slip", "督办逾期未反馈"),
                                ],
                                max_length=14,
                                verbose_name="触发",
                            ),
                        ),
                        (
                            "amount",
                            models.PositiveSmallIntegerField(default=0, verbose_name="数值"),
                        ),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("wm", "分钟"),
                                    ("wh", "小时"),
                                    ("kh", "工作时"),
                                    ("wd", "工作日"),
                                    ("cd", "自然日"),
                                ],
                                default="wd",
                                max_length=2,
                                verbose_name="单位",
                            ),
                        ),
                        (
                            "left_percent",
                            models.PositiveSmallIntegerField(
                                default=20,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="按小时计的时限：剩余比例（%）",
                            ),
                        ),
                        ("audience", models.JSONField(default=list, verbose_name="提醒对象")),
                        (
                            "channels",
                            models.JSONField(blank=True, default=list, verbose_name="外发渠道"),
                        ),
                        (
                            "hush",
                            models.CharField(
                                choices=[
                                    ("none", "随时提醒"),
                                    ("night", "夜间不打扰"),
                                    ("office", "只在上班时间"),
                                ],
                                default="night",
                                max_length=6,
                                verbose_name="提醒时段",
                            ),
                        ),
                        (
                            "card",
                            models.CharField(
                                choices=[("none", "无"), ("yellow", "黄牌"), ("red", "红牌")],
                                default="none",
                                max_length=8,
                                verbose_name="挂牌",
                            ),
                        ),
                        (
                            "supervision",
                            models.CharField(
                                choices=[
                                    ("none", "无"),
                                    ("urged", "催办"),
                                    ("supervised", "督办"),
                                    ("elevated", "提级督办"),
                                ],
                                default="none",
                                max_length=10,
                                verbose_name="督办级别",
                            ),
                        ),
                        (
                            "drafts_slip",
                            models.BooleanField(default=False, verbose_name="自动拟督办单"),
                        ),
                        (
                            "measure",
                            models.CharField(blank=True, max_length=100, verbose_name="要求"),
                        ),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "提醒规则",
                        "verbose_name_plural": "提醒规则",
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="OversightRules",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            "quiet_from",
                            models.TimeField(
                                default=datetime.time(21, 0), verbose_name="夜间不打扰：从"
                            ),
                        ),
                        (
                            "quiet_to",
                            models.TimeField(
                                default=datetime.time(7, 30), verbose_name="夜间不打扰：至"
                            ),
                        ),
                        (
                            "slip_workdays",
                            models.PositiveSmallIntegerField(
                                default=1,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(30),
                                ],
                                verbose_name="督办反馈期限（工作日）",
                            ),
                        ),
                        (
                            "digest_at",
                            models.TimeField(
                                default=datetime.time(8, 0), verbose_name="每日提要时间"
                            ),
                        ),
                        (
                            "digest_on_rest_days",
                            models.BooleanField(default=False, verbose_name="休息日也发每日提要"),
                        ),
                        (
                            "digest_roles",
                            models.JSONField(
                                blank=True, default=list, verbose_name="默认接收每日提要的岗位"
                            ),
                        ),
                        (
                            "digest_channels",
                            models.JSONField(
                                blank=True, default=list, verbose_name="每日提要外发渠道"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "督促与提要",
                        "verbose_name_plural": "督促与提要",
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="IssuedCard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cards",
                                to="complaints.complaint",
                            ),
                        ),
                        ("assignment_number", models.PositiveSmallIntegerField(default=0)),
                        (
                            "card",
                            models.CharField(
                                choices=[("none", "无"), ("yellow", "黄牌"), ("red", "红牌")],
                                max_length=8,
                                verbose_name="颜色",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="被挂牌单位",
                            ),
                        ),
                        ("unit_path", models.CharField(editable=False, max_length=30)),
                        ("rule_code", models.CharField(blank=True, max_length=40)),
                        ("reason", models.CharField(max_length=300, verbose_name="事由")),
                        (
                            "issued_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="挂牌时间"
                            ),
                        ),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤牌时间")),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_note",
                            models.CharField(blank=True, max_length=300, verbose_name="撤牌理由"),
                        ),
                    ],
                    options={
                        "verbose_name": "黄红牌",
                        "verbose_name_plural": "黄红牌",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["unit_path", "issued_at"], name="card_by_unit")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("complaint", "assignment_number", "card"),
                                name="card_one_standing_per_dispatch",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DigestRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "subdistrict",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("on", models.DateField()),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("told_count", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subdistrict", "on"), name="digest_once_per_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DailyDigest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="governance.person",
                            ),
                        ),
                        ("on", models.DateField()),
                        ("waiting_count", models.PositiveIntegerField(default=0)),
                        ("today_count", models.PositiveIntegerField(default=0)),
                        ("late_count", models.PositiveIntegerField(default=0)),
                        ("request_count", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "on"), name="digest_once_per_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionSlip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="slips",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("none", "无"),
                                    ("urged", "催办"),
                                    ("supervised", "督办"),
                                    ("elevated", "提级督办"),
                                ],
                                default="supervised",
                                max_length=10,
                                verbose_name="级别",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(blank=True, max_length=30, verbose_name="督办编号"),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="被督办单位",
                            ),
                        ),
                        ("demand", models.CharField(max_length=300, verbose_name="督办要求")),
                        ("due_at", models.DateTimeField(verbose_name="反馈期限")),
                        ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("issued_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "raised_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="complaints.supervisionslip",
                            ),
                        ),
                        ("raised_at", models.DateTimeField(null=True)),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=300, verbose_name="反馈内容"),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="反馈时间")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supervision_before",
                            models.CharField(
                                choices=[
                                    ("none", "无"),
                                    ("urged", "催办"),
                                    ("supervised", "督办"),
                                    ("elevated", "提级督办"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_note",
                            models.CharField(blank=True, max_length=300, verbose_name="撤回理由"),
                        ),
                    ],
                    options={
                        "verbose_name": "督办单",
                        "verbose_name_plural": "督办单",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number", ""), _negated=True),
                                fields=("number",),
                                name="slip_numbered_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("issued_at__isnull", True)),
                                fields=("complaint", "level"),
                                name="slip_one_draft_per_level",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publications",
                                to="complaints.complaint",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="公开单位",
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
                        (
                            "what_was_done",
                            models.TextField(max_length=500, verbose_name="办理结果"),
                        ),
                        ("day_count", models.PositiveSmallIntegerField(verbose_name="用时（天）")),
                        (
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("released_at", models.DateTimeField(null=True)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                    ],
                    options={
                        "verbose_name": "结果公开",
                        "verbose_name_plural": "结果公开",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", "released")),
                                fields=["organisation", "-id"],
                                name="publication_released",
                            ),
                            models.Index(fields=["stage", "-id"], name="publication_by_stage"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "withdrawn"), _negated=True),
                                fields=("complaint",),
                                name="publication_one_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                    },
                ),
                migrations.CreateModel(
                    name="ResidentLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="resident_links",
                                to="complaints.complaint",
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
                    },
                ),
                migrations.CreateModel(
                    name="OutsideQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        (
                            "complaint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outside_questions",
                                to="complaints.complaint",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        (
                            "to_kind",
                            models.CharField(
                                choices=[
                                    ("property", "物业服务企业"),
                                    ("department", "职能部门"),
                                    ("utility", "水电气热等单位"),
                                    ("other", "其他单位"),
                                ],
                                max_length=12,
                                verbose_name="对方类型",
                            ),
                        ),
                        ("to_name", models.CharField(max_length=60, verbose_name="对方单位")),
                        (
                            "question",
                            models.TextField(max_length=500, verbose_name="需要对方答复的事项"),
                        ),
                        ("shown_text", models.TextField(blank=True, max_length=1000)),
                        ("shown_place", models.CharField(blank=True, max_length=160)),
                        ("shown_category", models.CharField(blank=True, max_length=160)),
                        ("due_at", models.DateTimeField(verbose_name="答复期限")),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.CharField(blank=True, max_length=30, verbose_name="答复人"),
                        ),
                        (
                            "answer",
                            models.TextField(blank=True, max_length=2000, verbose_name="答复"),
                        ),
                        (
                            "shown_photos",
                            models.ManyToManyField(related_name="+", to="complaints.photo"),
                        ),
                        ("photos", models.ManyToManyField(related_name="+", to="complaints.photo")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at", None), ("ended_at", None)),
                                fields=["complaint"],
                                name="outside_question_waiting",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="outside_question_answered_with_words",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("accepted_count", models.PositiveIntegerField(default=0)),
                        ("finished_count", models.PositiveIntegerField(default=0)),
                        ("closed_count", models.PositiveIntegerField(default=0)),
                        ("open_count", models.PositiveIntegerField(default=0)),
                        ("overdue_count", models.PositiveIntegerField(default=0)),
                        ("due_count", models.PositiveIntegerField(default=0)),
                        ("on_time_count", models.PositiveIntegerField(default=0)),
                        ("stored_at", models.DateTimeField()),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["day"], name="day_figure_by_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "day"), name="day_figure_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("street", models.BigIntegerField()),
                        ("day", models.DateField()),
                        ("accepted", models.IntegerField(default=0)),
                        ("from_hotline", models.IntegerField(default=0)),
                        ("repeated", models.IntegerField(default=0)),
                        ("due", models.IntegerField(default=0)),
                        ("finished", models.IntegerField(default=0)),
                        ("on_time", models.IntegerField(default=0)),
                        ("asked", models.IntegerField(default=0)),
                        ("satisfied", models.IntegerField(default=0)),
                        ("at_level_1", models.IntegerField(default=0)),
                        ("at_level_2", models.IntegerField(default=0)),
                        ("at_level_3", models.IntegerField(default=0)),
                        ("at_level_4", models.IntegerField(default=0)),
                        ("at_level_5", models.IntegerField(default=0)),
                        ("path", models.CharField(max_length=18)),
                        ("category", models.BigIntegerField()),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="UnitCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("street", models.BigIntegerField()),
                        ("day", models.DateField()),
                        ("accepted", models.IntegerField(default=0)),
                        ("from_hotline", models.IntegerField(default=0)),
                        ("repeated", models.IntegerField(default=0)),
                        ("due", models.IntegerField(default=0)),
                        ("finished", models.IntegerField(default=0)),
                        ("on_time", models.IntegerField(default=0)),
                        ("asked", models.IntegerField(default=0)),
                        ("satisfied", models.IntegerField(default=0)),
                        ("at_level_1", models.IntegerField(default=0)),
                        ("at_level_2", models.IntegerField(default=0)),
                        ("at_level_3", models.IntegerField(default=0)),
                        ("at_level_4", models.IntegerField(default=0)),
                        ("at_level_5", models.IntegerField(default=0)),
                        ("is_month", models.BooleanField()),
                        ("path", models.CharField(max_length=18)),
                    ],
                    options={
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("street", "is_month", "day", "path"), name="unit_count_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KindCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("street", models.BigIntegerField()),
                        ("path", models.CharField(max_length=12)),
                        ("is_month", models.BooleanField()),
                        ("day", models.DateField()),
                        ("category", models.BigIntegerField()),
                        ("accepted", models.IntegerField()),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("street", "path", "is_month", "day", "category"),
                                name="kind_count_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeaderSynonym",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "field",
                            models.CharField(
                                choices=[
                                    ("source_number", "工单编号"),
                                    ("city_number", "市级编号"),
                                    ("source_name", "来源名称"),
                                    ("title", "诉求主题"),
                                    ("text", "诉求内容"),
                                    ("caller_name", "诉求人"),
                                    ("caller_phone", "诉求人电话"),
                                    ("secret", "要求保密"),
                                    ("happened_at", "派发时间"),
                                    ("city_due_at", "承诺完成时间"),
                                    ("unit", "承办单位"),
                                    ("section", "承办科室"),
                                    ("category_type", "问题类型"),
                                    ("category_main", "事项大类"),
                                    ("category_sub", "事项小类"),
                                    ("nature", "诉求性质"),
                                    ("urgency", "紧急程度"),
                                    ("region", "所属街道"),
                                    ("district", "所属区域"),
                                    ("community", "所属社区"),
                                    ("address", "地址"),
                                    ("reply", "处理结果"),
                                    ("status", "办件状态"),
                                ],
                                max_length=30,
                                verbose_name="字段",
                            ),
                        ),
                        (
                            "heading",
                            models.CharField(max_length=40, unique=True, verbose_name="表头"),
                        ),
                    ],
                    options={
                        "verbose_name": "表头同义词",
                        "verbose_name_plural": "表头同义词",
                        "ordering": ["field", "heading"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CityOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "complaint",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="city_order",
                                to="complaints.complaint",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("cells", models.JSONField(default=dict)),
                        (
                            "job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.job",
                            ),
                        ),
                        ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
            ]
        )
    ]
