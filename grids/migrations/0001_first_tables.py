"""The tables of this floor."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("governance", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tier",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "大党委网格"), (2, "社区网格"), (3, "责任网格")],
                        verbose_name="层次",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("general", "综合网格"), ("dedicated", "专属网格")],
                        default="general",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="grids.grid",
                        verbose_name="上级网格",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grids",
                        to="governance.organisation",
                        verbose_name="组织",
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="网格编码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("boundary", models.JSONField(blank=True, null=True, verbose_name="边界")),
                ("started_on", models.DateField(verbose_name="启用日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
            ],
            options={
                "verbose_name": "网格",
                "verbose_name_plural": "网格",
                "ordering": ["code"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ResidentialCompound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compounds",
                        to="governance.organisation",
                        verbose_name="社区",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=60)),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                ("lng", models.FloatField(blank=True, null=True, verbose_name="经度")),
                ("lat", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
            ],
            options={
                "verbose_name": "小区",
                "verbose_name_plural": "小区",
                "ordering": ["name"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("community", "name"), name="compound_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "compound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
                        to="grids.residentialcompound",
                        verbose_name="小区",
                    ),
                ),
                ("number", models.CharField(max_length=12, verbose_name="楼号")),
                ("unit_count", models.PositiveSmallIntegerField(default=1, verbose_name="单元数")),
                ("floor_count", models.PositiveSmallIntegerField(default=6, verbose_name="层数")),
                ("lng", models.FloatField(blank=True, null=True, verbose_name="经度")),
                ("lat", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="拆除日期")),
            ],
            options={
                "verbose_name": "楼栋",
                "verbose_name_plural": "楼栋",
                "ordering": ["compound", "id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("compound", "number"), name="building_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dwellings",
                        to="grids.building",
                    ),
                ),
                ("unit_no", models.CharField(blank=True, max_length=6, verbose_name="单元")),
                ("floor_no", models.SmallIntegerField(blank=True, null=True, verbose_name="楼层")),
                ("room_no", models.CharField(max_length=12, verbose_name="室号")),
                ("room_key", models.CharField(editable=False, max_length=100, unique=True)),
            ],
            options={
                "verbose_name": "户室",
                "verbose_name_plural": "户室",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("building", "unit_no", "room_no"), name="dwelling_room_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="governance.organisation",
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="grids.building",
                    ),
                ),
                ("unit_no", models.CharField(blank=True, max_length=6)),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "覆盖关系",
                "verbose_name_plural": "覆盖关系",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("building", "unit_no"),
                        name="coverage_one_organisation_per_door",
                    )
                ],
            },
        ),
    ]
