"""Oversight as data: reminder rules, quiet hours, cards, slips that want an answer, the digest."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_questions_to_outsiders"),
        ("governance", "0009_who_wants_the_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="DigestRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IssuedCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("unit_path", models.CharField(editable=False, max_length=30)),
                ("rule_code", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=300, verbose_name="事由")),
                (
                    "issued_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="挂牌时间"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤牌时间")),
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
            },
        ),
        migrations.CreateModel(
            name="OversightRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(default=datetime.time(21, 0), verbose_name="夜间不打扰：从"),
                ),
                (
                    "quiet_to",
                    models.TimeField(default=datetime.time(7, 30), verbose_name="夜间不打扰：至"),
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
                    models.TimeField(default=datetime.time(8, 0), verbose_name="每日提要时间"),
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
                    models.JSONField(blank=True, default=list, verbose_name="每日提要外发渠道"),
                ),
            ],
            options={
                "verbose_name": "督促与提要",
                "verbose_name_plural": "督促与提要",
                "default_permissions": (),
            },
        ),
        migrations.AlterModelOptions(
            name="supervisionslip",
            options={
                "default_permissions": (),
                "ordering": ["-id"],
                "verbose_name": "督办单",
                "verbose_name_plural": "督办单",
            },
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_once_per_rule_and_dispatch",
        ),
        migrations.RenameField("reminderrule", "workdays_after", "amount"),
        migrations.AddField(
            model_name="assignment",
            name="planned_with",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="reminder",
            name="occasion",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AlterField(
            model_name="reminderrule",
            name="amount",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="数值"),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="channels",
            field=models.JSONField(blank=True, default=list, verbose_name="外发渠道"),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="drafts_slip",
            field=models.BooleanField(default=False, verbose_name="自动拟督办单"),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="hush",
            field=models.CharField(
                choices=[("none", "随时提醒"), ("night", "夜间不打扰"), ("office", "只在上班时间")],
                default="night",
                max_length=6,
                verbose_name="提醒时段",
            ),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="left_percent",
            field=models.PositiveSmallIntegerField(
                default=20,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(99),
                ],
                verbose_name="按小时计的时限：剩余比例（%）",
            ),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="measure",
            field=models.CharField(blank=True, max_length=100, verbose_name="要求"),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="supervision",
            field=models.CharField(
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
        migrations.AddField(
            model_name="reminderrule",
            name="unit",
            field=models.CharField(
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
        migrations.AddField(
            model_name="supervisionslip",
            name="answer",
            field=models.CharField(blank=True, max_length=300, verbose_name="反馈内容"),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="answered_at",
            field=models.DateTimeField(null=True, verbose_name="反馈时间"),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="drafted_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="level",
            field=models.CharField(
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
        migrations.AddField(
            model_name="supervisionslip",
            name="raised_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="supervisionslip",
            name="raised_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="complaints.supervisionslip",
            ),
        ),
        migrations.AlterField(
            model_name="reminderrule",
            name="audience",
            field=models.JSONField(default=list, verbose_name="提醒对象"),
        ),
        migrations.AlterField(
            model_name="reminderrule",
            name="trigger",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="supervisionslip",
            name="issued_at",
            field=models.DateTimeField(null=True, verbose_name="签发时间"),
        ),
        migrations.AlterField(
            model_name="supervisionslip",
            name="number",
            field=models.CharField(blank=True, max_length=30, verbose_name="督办编号"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["planned_with"],
                name="assignment_by_planning",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("complaint", "assignment_number", "rule_code", "due_at", "occasion"),
                name="reminder_once_per_rule_and_dispatch",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionslip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number",),
                name="slip_numbered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionslip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("issued_at__isnull", True)),
                fields=("complaint", "level"),
                name="slip_one_draft_per_level",
            ),
        ),
        migrations.AddField(
            model_name="dailydigest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="governance.person",
            ),
        ),
        migrations.AddField(
            model_name="digestrun",
            name="subdistrict",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="governance.organisation",
            ),
        ),
        migrations.AddField(
            model_name="issuedcard",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cards",
                to="complaints.complaint",
            ),
        ),
        migrations.AddField(
            model_name="issuedcard",
            name="issued_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="issuedcard",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="被挂牌单位",
            ),
        ),
        migrations.AddField(
            model_name="issuedcard",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="oversightrules",
            name="subdistrict",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.organisation",
                verbose_name="街道",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailydigest",
            constraint=models.UniqueConstraint(
                fields=("person", "on"), name="digest_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="digestrun",
            constraint=models.UniqueConstraint(
                fields=("subdistrict", "on"), name="digest_once_per_day"
            ),
        ),
        migrations.AddIndex(
            model_name="issuedcard",
            index=models.Index(fields=["unit_path", "issued_at"], name="card_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="issuedcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("complaint", "assignment_number", "card"),
                name="card_one_standing_per_dispatch",
            ),
        ),
    ]
