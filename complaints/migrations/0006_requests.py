"""Requests beside the stage of a case, and the floors of the internal buffer."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_name_the_import_fields"),
        ("governance", "0003_name_the_audit"),
        ("governance", "__first__"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="rule",
            field=models.CharField(
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
        migrations.AddField(
            model_name="caserules",
            name="least_box_minutes",
            field=models.PositiveSmallIntegerField(
                default=120,
                help_text="时限很短时，每级至少停留这么久，但不超过剩余时间的一半。",
                verbose_name="各级最短停留（工作分钟）",
            ),
        ),
        migrations.AddField(
            model_name="caserules",
            name="least_share_percent",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="内部提前量不得使承办单位的时间少于这个比例。",
                verbose_name="提前量至少留给承办单位的比例（%）",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="leaves_rates",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="RequestReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
            options={
                "verbose_name": "申请理由",
                "verbose_name_plural": "申请理由",
                "ordering": ["kind", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RequestRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "ask_within_workdays",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="留空表示到期前均可。",
                        null=True,
                        verbose_name="派单后几个工作日内可申请",
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
                        help_text="延期为工作日，挂起为自然日；多次合计。留空表示不限。",
                        null=True,
                        verbose_name="合计上限",
                    ),
                ),
                (
                    "check_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="用于挂起。", null=True, verbose_name="每几天复核一次"
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
            ],
            options={
                "verbose_name": "申请规则",
                "verbose_name_plural": "申请规则",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CaseRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("note", models.CharField(max_length=500, verbose_name="说明")),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("amount", models.PositiveSmallIntegerField(null=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decider_path", models.CharField(editable=False, max_length=30)),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "city_recorded_by",
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
                        related_name="requests",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "decided_by",
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
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="complaints.photo",
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
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.requestreason",
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
    ]
