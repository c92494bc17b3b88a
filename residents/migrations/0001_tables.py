"""The tables of this floor."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("residents", "0001_first_tables"), ("residents", "0002_community_groups")]

    initial = True

    dependencies = [
        ("grids", "0001_first_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="grids.dwelling",
                    ),
                ),
                (
                    "party_household",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="household",
                        to="governance.organisation",
                    ),
                ),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "户",
                "verbose_name_plural": "户",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PersonHouse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="homes",
                        to="governance.person",
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="grids.dwelling",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="residents.household",
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("owner", "产权人"),
                            ("head", "户主"),
                            ("co_resident", "同住家属"),
                            ("tenant", "租客"),
                            ("sub_tenant", "转租客"),
                            ("staff_dorm", "集体宿舍"),
                            ("registered_only", "空挂户"),
                            ("resident_only", "人在户不在"),
                        ],
                        max_length=16,
                        verbose_name="人房关系",
                    ),
                ),
                (
                    "relation_to_head",
                    models.CharField(blank=True, max_length=12, verbose_name="与户主关系"),
                ),
                (
                    "residence_type",
                    models.CharField(
                        choices=[
                            ("registered", "户籍常住"),
                            ("permanent", "非户籍常住"),
                            ("floating", "流动"),
                            ("abroad", "境外"),
                            ("lodging", "寄住"),
                        ],
                        default="registered",
                        max_length=12,
                        verbose_name="居住类型",
                    ),
                ),
                ("is_head", models.BooleanField(default=False, verbose_name="户主")),
                ("is_living", models.BooleanField(default=True, verbose_name="现住")),
                ("started_on", models.DateField(verbose_name="起")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="止")),
            ],
            options={
                "verbose_name": "人房关系",
                "verbose_name_plural": "人房关系",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("is_head", True)),
                        fields=("household",),
                        name="household_one_current_head",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("is_living", True)),
                        fields=("person",),
                        name="person_lives_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="person_house_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunityGroup",
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
                            ("owners_committee", "业主委员会"),
                            ("volunteer_team", "志愿服务队"),
                            ("art_group", "文艺团队"),
                        ],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="governance.organisation",
                        verbose_name="社区",
                    ),
                ),
                (
                    "compound",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="grids.residentialcompound",
                        verbose_name="小区",
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.person",
                        verbose_name="负责人",
                    ),
                ),
                (
                    "member_count",
                    models.PositiveSmallIntegerField(default=0, verbose_name="成员人数"),
                ),
                ("founded_on", models.DateField(verbose_name="成立日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="解散日期")),
            ],
            options={
                "verbose_name": "群众队伍",
                "verbose_name_plural": "群众队伍",
                "ordering": ["kind", "community", "name"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "kind", "name"), name="group_name_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("kind", "owners_committee")
                        ),
                        fields=("compound",),
                        name="group_one_committee_in_a_compound",
                    ),
                ],
            },
        ),
    ]
