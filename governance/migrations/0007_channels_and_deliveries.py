import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

POSTGRESQL = [
    """
    CREATE TRIGGER governance_delivery_attempt_is_appended
    BEFORE UPDATE OR DELETE ON governance_deliveryattempt
    FOR EACH ROW EXECUTE FUNCTION governance_refuse_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER governance_delivery_attempt_is_appended ON governance_deliveryattempt",
]
SQLITE = [
    """CREATE TRIGGER governance_delivery_attempt_is_not_changed
    BEFORE UPDATE ON governance_deliveryattempt BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
    """CREATE TRIGGER governance_delivery_attempt_is_not_deleted
    BEFORE DELETE ON governance_deliveryattempt BEGIN
    SELECT RAISE(ABORT, 'CHECK constraint failed: history_is_appended'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER governance_delivery_attempt_is_not_deleted",
    "DROP TRIGGER governance_delivery_attempt_is_not_changed",
]


def run(statements):
    """Only the statements of the database at hand."""

    def each(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, []):
            schema_editor.execute(statement, params=None)

    return each


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0006_api_tokens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="personsecret",
            name="kind",
            field=models.CharField(
                choices=[("phone", "电话"), ("id_number", "证件号码"), ("email", "邮箱")],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Channel",
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
                            ("sms", "短信网关"),
                            ("email", "邮件"),
                            ("wecom", "企业微信群机器人"),
                            ("dingtalk", "钉钉群机器人"),
                            ("feishu", "飞书群机器人"),
                            ("file", "本机文件（演示）"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="例如：街道短信、热线工作群。", max_length=40, verbose_name="名称"
                    ),
                ),
                ("sealed", models.TextField(editable=False)),
                (
                    "hint",
                    models.CharField(
                        blank=True, editable=False, max_length=100, verbose_name="地址"
                    ),
                ),
                (
                    "portal_address",
                    models.URLField(
                        blank=True,
                        help_text="收到消息的人打开本系统的网址；留空则消息不带链接。",
                        max_length=120,
                        verbose_name="消息中的网址",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("is_urgent_only", models.BooleanField(default=False, verbose_name="只发特急")),
                (
                    "timeout_seconds",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="等待对方应答（秒）",
                    ),
                ),
                (
                    "most_attempts",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="最多尝试次数",
                    ),
                ),
                (
                    "first_pause_seconds",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="之后每次加倍。",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(3600),
                        ],
                        verbose_name="第一次重试间隔（秒）",
                    ),
                ),
                (
                    "longest_pause_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="最长重试间隔（分钟）",
                    ),
                ),
                (
                    "gives_up_after_hours",
                    models.PositiveIntegerField(
                        default=24,
                        help_text="到时仍未送达的，列入“未送达”。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(168),
                        ],
                        verbose_name="最多等待（小时）",
                    ),
                ),
                (
                    "failures_before_rest",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="连续失败几次后暂停",
                    ),
                ),
                (
                    "rest_minutes",
                    models.PositiveIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="每次暂停（分钟）",
                    ),
                ),
                ("failure_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "rests_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="暂停至"),
                ),
                (
                    "last_sent_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="最近送达"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="该组织及其下级的提醒经此渠道发出。",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="适用组织",
                    ),
                ),
            ],
            options={
                "verbose_name": "外发渠道",
                "verbose_name_plural": "外发渠道",
                "ordering": ["organisation__path", "kind", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=160, verbose_name="消息")),
                ("link", models.CharField(blank=True, max_length=120)),
                ("message_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_test", models.BooleanField(default=False, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发送"),
                            ("sent", "已送达"),
                            ("gave_up", "未送达"),
                            ("void", "已作废"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("wanted_at", models.DateTimeField(verbose_name="应发时间")),
                ("due_at", models.DateTimeField(verbose_name="下次尝试")),
                ("attempt_count", models.PositiveIntegerField(default=0, verbose_name="尝试次数")),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="governance.channel",
                        verbose_name="渠道",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="governance.notice",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="governance.person",
                        verbose_name="接收人",
                    ),
                ),
            ],
            options={
                "verbose_name": "外发消息",
                "verbose_name_plural": "外发消息",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_success", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("took_milliseconds", models.PositiveIntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="governance.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("organisation", "name"), name="channel_name_once"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["channel", "due_at"],
                name="delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "gave_up")),
                fields=["channel", "-id"],
                name="delivery_not_delivered",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("notice", "channel"), name="delivery_once_per_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(("state", "sent"), _negated=True),
                    _connector="OR",
                ),
                name="delivery_sent_has_its_moment",
            ),
        ),
        migrations.RunPython(
            run({"postgresql": POSTGRESQL, "sqlite": SQLITE}),
            run({"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}),
        ),
    ]
