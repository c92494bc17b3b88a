"""Requests are counted in the unit their rule names: workdays and calendar days as before."""

from typing import Any

from django.db import migrations, models

UNITS = [("wm", "分钟"), ("wh", "小时"), ("kh", "工作时"), ("wd", "工作日"), ("cd", "自然日")]
UNITS_OF_RULES = [*UNITS, ("own", "与诉求时限相同")]


def suspensions_count_calendar_days(apps: Any, schema_editor: Any) -> None:
    for name in ("RequestRule", "CaseRequest"):
        rows = apps.get_model("complaints", name).objects.filter(kind="suspension")
        rows.update(amount_unit="cd")


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0017_photos_for_the_resident"),
    ]

    operations = [
        migrations.RenameField("requestrule", "ask_within_workdays", "ask_within"),
        migrations.AlterField(
            model_name="requestrule",
            name="ask_within",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="留空表示到期前均可。",
                null=True,
                verbose_name="派单后多久内可申请",
            ),
        ),
        migrations.AddField(
            model_name="requestrule",
            name="ask_within_unit",
            field=models.CharField(
                choices=UNITS_OF_RULES,
                default="wd",
                max_length=3,
                verbose_name="申请时限单位",
            ),
        ),
        migrations.AddField(
            model_name="requestrule",
            name="amount_unit",
            field=models.CharField(
                choices=UNITS_OF_RULES,
                default="wd",
                help_text="延期、挂起按此单位申请和累计；修改后只影响以后的申请。",
                max_length=3,
                verbose_name="计量单位",
            ),
        ),
        migrations.AlterField(
            model_name="requestrule",
            name="most_amount",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="多次合计。留空表示不限。",
                null=True,
                verbose_name="合计上限",
            ),
        ),
        migrations.AlterField(
            model_name="requestrule",
            name="check_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="用于挂起。",
                null=True,
                verbose_name="每几个自然日复核一次",
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="amount_unit",
            field=models.CharField(choices=UNITS, default="wd", max_length=2),
        ),
        migrations.RunPython(suspensions_count_calendar_days, migrations.RunPython.noop),
    ]
