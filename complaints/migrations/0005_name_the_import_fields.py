from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_index_the_figures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="headersynonym",
            name="field",
            field=models.CharField(
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
    ]
