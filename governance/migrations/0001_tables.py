"""The tables of this floor."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
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
        ("governance", "0001_first_tables"),
        ("governance", "0003_name_the_audit"),
        ("governance", "0004_leaves_and_deputies"),
        ("governance", "0005_language_of_accounts"),
        ("governance", "0006_api_tokens"),
        ("governance", "0007_channels_and_deliveries"),
        ("governance", "0008_channels_have_a_pace"),
        ("governance", "0009_who_wants_the_digest"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        Tables(
            state_operations=[
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.IntegerField(editable=False, primary_key=True, serialize=False),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="governance.organisation",
                                verbose_name="上级",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("party", "党组织"),
                                    ("department", "职能部门"),
                                    ("office", "街道科室"),
                                    ("squad", "执法中队"),
                                ],
                                default="party",
                                max_length=12,
                                verbose_name="类型",
                            ),
                        ),
                        (
                            "level",
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
                                verbose_name="层级",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="名称")),
                        (
                            "short_name",
                            models.CharField(blank=True, max_length=30, verbose_name="简称"),
                        ),
                        (
                            "short_code",
                            models.CharField(
                                blank=True,
                                help_text="街道的诉求编号以它开头，例如 SBS。",
                                max_length=8,
                                verbose_name="编号简码",
                            ),
                        ),
                        (
                            "division_code",
                            models.CharField(blank=True, max_length=12, verbose_name="区划代码"),
                        ),
                        (
                            "management_parent",
                            models.CharField(
                                blank=True,
                                help_text="例如淄博高新区；与统计上的上级区县可以不同。",
                                max_length=60,
                                verbose_name="管理上级",
                            ),
                        ),
                        (
                            "community_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("urban", "城市社区"),
                                    ("converted_village", "村改居社区"),
                                ],
                                max_length=20,
                                verbose_name="社区类型",
                            ),
                        ),
                        (
                            "branch_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("grid", "网格党支部"),
                                    ("joint", "联合党支部"),
                                    ("time_based", "时间党支部"),
                                    ("functional", "功能型党支部"),
                                ],
                                max_length=12,
                                verbose_name="支部类型",
                            ),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=20, verbose_name="办公电话"),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=120, verbose_name="办公地址"),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="排序")),
                        (
                            "path",
                            models.CharField(
                                editable=False, max_length=30, unique=True, verbose_name="路径"
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="成立日期")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="撤销日期"),
                        ),
                    ],
                    options={
                        "verbose_name": "组织",
                        "verbose_name_plural": "组织",
                        "ordering": ["position", "path"],
                        "permissions": [
                            ("see", "查看"),
                            ("handle", "办理"),
                            ("dispatch", "派单"),
                            ("review", "审核"),
                            ("callback", "回访"),
                            ("instruct", "批示"),
                            ("manage", "人员组织管理"),
                            ("care", "关爱档案"),
                            ("configure", "规则设置"),
                            ("secure", "安全管理"),
                            ("audit", "审计"),
                            ("discipline", "纪检查阅"),
                        ],
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "party"),
                                        ("level__isnull", False),
                                        ("level__range", (1, 5)),
                                        django.db.models.lookups.Exact(
                                            django.db.models.functions.text.Length("path"),
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("level"), "*", models.Value(6)
                                            ),
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "party"), _negated=True),
                                        ("level__isnull", True),
                                        django.db.models.lookups.Exact(
                                            django.db.models.functions.text.Length("path"), 12
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="organisation_path_is_as_long_as_its_level",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("level", 1),
                                        ("level__isnull", False),
                                        ("parent__isnull", True),
                                    ),
                                    models.Q(
                                        ("parent__isnull", False),
                                        models.Q(
                                            ("level__isnull", True),
                                            ("level__gt", 1),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="organisation_only_level_one_has_no_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on__isnull", True),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="organisation_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
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
                        ("name", models.CharField(max_length=50, verbose_name="姓名")),
                        (
                            "name_pinyin",
                            models.CharField(
                                blank=True, editable=False, max_length=120, verbose_name="拼音"
                            ),
                        ),
                        (
                            "name_initials",
                            models.CharField(
                                blank=True, editable=False, max_length=30, verbose_name="拼音首字母"
                            ),
                        ),
                        (
                            "gender",
                            models.CharField(
                                choices=[("male", "男"), ("female", "女"), ("unknown", "未登记")],
                                default="unknown",
                                max_length=8,
                                verbose_name="性别",
                            ),
                        ),
                        (
                            "birth_on",
                            models.DateField(blank=True, null=True, verbose_name="出生日期"),
                        ),
                        (
                            "is_party_member",
                            models.BooleanField(default=False, verbose_name="党员"),
                        ),
                        (
                            "home_organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residents",
                                to="governance.organisation",
                                verbose_name="居住地所属组织",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "人员",
                        "verbose_name_plural": "人员",
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["name"], name="person_by_name"),
                            models.Index(fields=["name_initials"], name="person_by_initials"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(max_length=40, unique=True, verbose_name="账号"),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="user",
                                to="governance.person",
                                verbose_name="人员",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="邮箱"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "must_change_password",
                            models.BooleanField(default=False, verbose_name="下次登录须改密码"),
                        ),
                        (
                            "password_changed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="密码修改时间"
                            ),
                        ),
                        (
                            "uses_large_type",
                            models.BooleanField(default=False, verbose_name="大字模式"),
                        ),
                        (
                            "language",
                            models.CharField(blank=True, max_length=10, verbose_name="语言"),
                        ),
                        (
                            "wants_digest",
                            models.BooleanField(blank=True, null=True, verbose_name="每日提要"),
                        ),
                        (
                            "joined_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="开通时间"
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "账号",
                        "verbose_name_plural": "账号",
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationChange",
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
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successors",
                                to="governance.organisation",
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="predecessors",
                                to="governance.organisation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("succession", "更替"),
                                    ("merger", "合并"),
                                    ("split", "拆分"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("changed_on", models.DateField()),
                        ("note", models.CharField(blank=True, max_length=200)),
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
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("before", "after"), name="organisation_change_once_per_pair"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationUserPermission",
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
                            "permission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "content_object",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="governance.organisation",
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("user", "permission", "content_object")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationGroupPermission",
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
                            "permission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.group"
                            ),
                        ),
                        (
                            "content_object",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="governance.organisation",
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("group", "permission", "content_object")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PersonSecret",
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
                                related_name="secrets",
                                to="governance.person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "电话"),
                                    ("id_number", "证件号码"),
                                    ("email", "邮箱"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("sealed", models.CharField(max_length=200)),
                        ("digest", models.CharField(db_index=True, max_length=64)),
                        ("masked", models.CharField(max_length=24)),
                        ("tail", models.CharField(blank=True, max_length=4)),
                        ("is_current", models.BooleanField(default=True)),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("kind", "phone")),
                                fields=["tail"],
                                name="person_secret_phone_tail",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True), ("kind", "id_number")),
                                fields=("digest",),
                                name="person_secret_one_person_per_id_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leave",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leaves",
                                to="governance.person",
                                verbose_name="请假人",
                            ),
                        ),
                        (
                            "deputy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stands_in",
                                to="governance.person",
                                verbose_name="代理人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="任职单位",
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="开始")),
                        ("ended_on", models.DateField(verbose_name="结束")),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="事由")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "请假与代理",
                        "verbose_name_plural": "请假与代理",
                        "ordering": ["-started_on", "-id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["ended_on"], name="leave_by_end")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ended_on__gte", models.F("started_on"))),
                                name="leave_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("person", models.F("deputy")), _negated=True),
                                name="leave_deputy_is_somebody_else",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Role",
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
                        ("code", models.SlugField(max_length=40, verbose_name="代码")),
                        ("label", models.CharField(max_length=40, verbose_name="名称")),
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
                        ("words", models.JSONField(default=list, verbose_name="权限")),
                        (
                            "levels",
                            models.JSONField(
                                default=list,
                                help_text="党组织层级 1–5；0 表示部门和科室。",
                                verbose_name="可任职层级",
                            ),
                        ),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("desk", "工作台"),
                                    ("phone", "手机端"),
                                    ("board", "领导看板"),
                                ],
                                default="desk",
                                max_length=8,
                                verbose_name="登录后进入",
                            ),
                        ),
                        (
                            "is_sole",
                            models.BooleanField(default=False, verbose_name="每个组织只有一人"),
                        ),
                        (
                            "is_technical",
                            models.BooleanField(default=False, verbose_name="技术岗位"),
                        ),
                        ("excludes", models.JSONField(default=list, verbose_name="不得兼任")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="排序"),
                        ),
                        ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "岗位",
                        "verbose_name_plural": "岗位",
                        "ordering": ["position", "code"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("subdistrict__isnull", True)),
                                fields=("code",),
                                name="role_code_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("subdistrict__isnull", False)),
                                fields=("code", "subdistrict"),
                                name="role_code_once_per_street",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="governance.person",
                                verbose_name="人员",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="governance.organisation",
                                verbose_name="组织",
                            ),
                        ),
                        (
                            "role",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="governance.role",
                                verbose_name="岗位",
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="任职日期")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="离任日期"),
                        ),
                        (
                            "deputises_for",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deputies",
                                to="governance.appointment",
                                verbose_name="代理",
                            ),
                        ),
                        (
                            "leave",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="governance.leave",
                                verbose_name="请假",
                            ),
                        ),
                        ("is_sole", models.BooleanField(default=False, editable=False)),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        (
                            "appointed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "任职",
                        "verbose_name_plural": "任职",
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on__isnull", True),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="appointment_ends_after_it_starts",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True), ("is_sole", True)),
                                fields=("organisation", "role"),
                                name="appointment_one_holder_of_a_sole_post",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=("person", "organisation", "role"),
                                name="appointment_once_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
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
                            "name",
                            models.CharField(
                                help_text="例如：区数据平台每日同步。",
                                max_length=60,
                                verbose_name="用途",
                            ),
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
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="范围",
                            ),
                        ),
                        ("words", models.JSONField(default=list, verbose_name="权限")),
                        ("areas", models.JSONField(default=list, verbose_name="可读内容")),
                        (
                            "requests_per_minute",
                            models.PositiveSmallIntegerField(
                                default=120, verbose_name="每分钟请求上限"
                            ),
                        ),
                        (
                            "expires_on",
                            models.DateField(
                                help_text="从这一天起不能再用。", verbose_name="到期日期"
                            ),
                        ),
                        ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "hint",
                            models.CharField(
                                blank=True, editable=False, max_length=16, verbose_name="开头"
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
                            "granted_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="批准时间",
                            ),
                        ),
                        (
                            "collected_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="领取时间"
                            ),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="最近使用"
                            ),
                        ),
                        (
                            "revoked_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="吊销时间"
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
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=60, primary_key=True, serialize=False),
                        ),
                        ("next_number", models.PositiveBigIntegerField(default=1)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
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
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("verb", models.CharField(max_length=60)),
                        ("subject", models.CharField(db_index=True, max_length=60)),
                        ("organisation_path", models.CharField(blank=True, max_length=30)),
                        ("detail", models.JSONField(default=dict)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("previous_hash", models.CharField(max_length=64)),
                        ("entry_hash", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "审计记录",
                        "verbose_name_plural": "审计记录",
                        "ordering": ["id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="AuditHead",
                    fields=[
                        (
                            "id",
                            models.PositiveSmallIntegerField(
                                default=1, primary_key=True, serialize=False
                            ),
                        ),
                        ("last_hash", models.CharField(default="", max_length=64)),
                        ("entry_count", models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Deed",
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
                        ("key", models.CharField(max_length=64, unique=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("answer", models.JSONField(default=dict)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Todo",
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
                        ("kind", models.CharField(max_length=40)),
                        ("key", models.CharField(max_length=80, unique=True)),
                        ("subject_id", models.PositiveBigIntegerField()),
                        ("detail", models.JSONField(default=dict)),
                        ("due_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(null=True)),
                        ("attempt_count", models.PositiveIntegerField(default=0)),
                        ("last_error", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=["due_at"],
                                name="todo_waiting_by_due",
                            ),
                            models.Index(fields=["kind", "subject_id"], name="todo_by_subject"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=40, primary_key=True, serialize=False),
                        ),
                        ("beaten_at", models.DateTimeField()),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
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
                                related_name="notices",
                                to="governance.person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("task", "待办"),
                                    ("reminder", "提醒"),
                                    ("warning", "预警"),
                                    ("news", "通知"),
                                ],
                                default="news",
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        ("body", models.CharField(blank=True, max_length=300, verbose_name="内容")),
                        ("subject", models.CharField(blank=True, max_length=60)),
                        ("key", models.CharField(max_length=80)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("read_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["person", "-id"], name="notice_inbox"),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["person"],
                                name="notice_unread",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "key"), name="notice_told_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                                help_text="该组织及其下级的提醒经此渠道发出。",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                                verbose_name="适用组织",
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
                                help_text="例如：街道短信、热线工作群。",
                                max_length=40,
                                verbose_name="名称",
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
                        (
                            "is_urgent_only",
                            models.BooleanField(default=False, verbose_name="只发特急"),
                        ),
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
                        (
                            "most_per_minute",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="0 为不限；群机器人最多 20 条。",
                                validators=[django.core.validators.MaxValueValidator(6000)],
                                verbose_name="每分钟最多（条）",
                            ),
                        ),
                        ("failure_count", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "rests_until",
                            models.DateTimeField(editable=False, null=True, verbose_name="暂停至"),
                        ),
                        (
                            "last_sent_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="最近送达"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "外发渠道",
                        "verbose_name_plural": "外发渠道",
                        "ordering": ["organisation__path", "kind", "pk"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "name"), name="channel_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="governance.notice",
                            ),
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
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="governance.person",
                                verbose_name="接收人",
                            ),
                        ),
                        ("text", models.CharField(max_length=160, verbose_name="消息")),
                        ("link", models.CharField(blank=True, max_length=120)),
                        (
                            "message_key",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
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
                        (
                            "attempt_count",
                            models.PositiveIntegerField(default=0, verbose_name="尝试次数"),
                        ),
                        ("leased_until", models.DateTimeField(editable=False, null=True)),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=200, verbose_name="原因"),
                        ),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                        (
                            "note",
                            models.CharField(blank=True, max_length=200, verbose_name="作废原因"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "外发消息",
                        "verbose_name_plural": "外发消息",
                        "ordering": ["-pk"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["channel", "due_at"],
                                name="delivery_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state", "gave_up")),
                                fields=["channel", "-id"],
                                name="delivery_not_delivered",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notice", "channel"), name="delivery_once_per_channel"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(("state", "sent"), _negated=True),
                                    _connector="OR",
                                ),
                                name="delivery_sent_has_its_moment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryAttempt",
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
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="governance.delivery",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("is_success", models.BooleanField(default=False)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("took_milliseconds", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["at"], name="delivery_attempt_by_moment")],
                    },
                ),
                migrations.CreateModel(
                    name="Job",
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
                        ("kind", models.CharField(max_length=40, verbose_name="类型")),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="governance.organisation",
                            ),
                        ),
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "排队中"),
                                    ("running", "进行中"),
                                    ("done", "已完成"),
                                    ("failed", "失败"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("parameters", models.JSONField(default=dict)),
                        ("file", models.FileField(blank=True, upload_to="jobs/")),
                        ("file_name", models.CharField(blank=True, max_length=120)),
                        ("total_count", models.PositiveIntegerField(default=0)),
                        ("done_count", models.PositiveIntegerField(default=0)),
                        ("error_count", models.PositiveIntegerField(default=0)),
                        ("result", models.JSONField(default=dict)),
                        ("failure", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("leased_until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="JobError",
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
                            "job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="errors",
                                to="governance.job",
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        ("column", models.CharField(blank=True, max_length=40)),
                        ("reason", models.CharField(max_length=200)),
                        ("is_refusal", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ["row", "id"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CalendarYear",
                    fields=[
                        (
                            "year",
                            models.PositiveSmallIntegerField(
                                primary_key=True, serialize=False, verbose_name="年份"
                            ),
                        ),
                        ("source", models.CharField(max_length=200, verbose_name="来源")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                        (
                            "loaded_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="导入时间"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "日历年度",
                        "verbose_name_plural": "日历年度",
                        "ordering": ["-year"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "day",
                            models.DateField(
                                primary_key=True, serialize=False, verbose_name="日期"
                            ),
                        ),
                        (
                            "is_workday",
                            models.BooleanField(
                                help_text="勾选为调休上班，不勾为放假。", verbose_name="上班"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=40, verbose_name="名称")),
                        (
                            "source",
                            models.CharField(blank=True, max_length=200, verbose_name="来源"),
                        ),
                    ],
                    options={
                        "verbose_name": "日历日",
                        "verbose_name_plural": "日历日",
                        "ordering": ["day"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="OfficeHours",
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
                            "season_from",
                            models.CharField(
                                default="01-01", max_length=5, verbose_name="起（月-日）"
                            ),
                        ),
                        (
                            "season_to",
                            models.CharField(
                                default="12-31", max_length=5, verbose_name="止（月-日）"
                            ),
                        ),
                        ("morning_from", models.TimeField(verbose_name="上午上班")),
                        ("morning_to", models.TimeField(verbose_name="上午下班")),
                        ("afternoon_from", models.TimeField(verbose_name="下午上班")),
                        ("afternoon_to", models.TimeField(verbose_name="下午下班")),
                    ],
                    options={
                        "verbose_name": "办公时间",
                        "verbose_name_plural": "办公时间",
                        "ordering": ["season_from"],
                        "default_permissions": (),
                    },
                ),
            ]
        )
    ]
