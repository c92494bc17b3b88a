import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_language_of_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="例如：区数据平台每日同步。", max_length=60, verbose_name="用途"
                    ),
                ),
                ("words", models.JSONField(default=list, verbose_name="权限")),
                ("areas", models.JSONField(default=list, verbose_name="可读内容")),
                (
                    "requests_per_minute",
                    models.PositiveSmallIntegerField(default=120, verbose_name="每分钟请求上限"),
                ),
                (
                    "expires_on",
                    models.DateField(help_text="从这一天起不能再用。", verbose_name="到期日期"),
                ),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "hint",
                    models.CharField(
                        blank=True, editable=False, max_length=16, verbose_name="开头"
                    ),
                ),
                (
                    "granted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="批准时间"
                    ),
                ),
                (
                    "collected_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="领取时间"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="最近使用"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="吊销时间"),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="governance.appointment",
                        verbose_name="以谁的任职读取",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                        verbose_name="范围",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口令牌",
                "verbose_name_plural": "接口令牌",
                "ordering": ["-id"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("collected_at__isnull", True), ("digest", "")),
                            models.Q(
                                ("collected_at__isnull", False),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="api_token_has_a_secret_once_collected",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("digest", ""), _negated=True),
                        fields=("digest",),
                        name="api_token_secret_once",
                    ),
                ],
            },
        ),
    ]
