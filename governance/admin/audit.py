"""The audit at the desk: read by the audit administrator alone, and proved by its chain."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.admin.audit_words import deed_words, subject_words
from governance.admin.base import ScopedAdmin
from governance.choices import Word
from governance.models import AuditEntry
from governance.models.reach import roots
from governance.selectors import audit_within
from governance.services.audit import first_broken_entry

# The words of the deeds that an audit looks for most; others show their own word.
VERBS = {
    "reveal_phone": gettext_lazy("查看居民电话"),
    "reveal_id_number": gettext_lazy("查看证件号码"),
    "reveal_caller": gettext_lazy("查看诉求人电话（工作台）"),
    "reveal_caller_phone": gettext_lazy("查看诉求人电话（手机）"),
    "see_complaint": gettext_lazy("打开保密件"),
    "appoint": gettext_lazy("任命"),
    "appoint_many": gettext_lazy("批量任命"),
    "end_appointment": gettext_lazy("离任"),
    "leave": gettext_lazy("离职"),
    "open_account": gettext_lazy("开通账号"),
    "reset_password": gettext_lazy("重设密码"),
    "change_role": gettext_lazy("修改岗位权限"),
    "register_person": gettext_lazy("登记人员"),
    "register_people": gettext_lazy("批量登记人员"),
    "set_phone": gettext_lazy("更换电话"),
    "found_organisation": gettext_lazy("设立组织"),
    "found_organisations": gettext_lazy("批量设立组织"),
    "close_organisation": gettext_lazy("撤销组织"),
    "import_calendar": gettext_lazy("导入放假安排"),
    "set_calendar_day": gettext_lazy("调整日历日"),
    "clear_calendar_day": gettext_lazy("取消日历日"),
    "start_import_orders": gettext_lazy("发起工单导入"),
    "import_orders": gettext_lazy("导入工单"),
    "add_photos": gettext_lazy("上传照片"),
    "cover_photo": gettext_lazy("遮盖照片"),
    "grant_api_token": gettext_lazy("批准接口令牌"),
    "collect_api_token": gettext_lazy("领取接口密钥"),
    "revoke_api_token": gettext_lazy("吊销接口令牌"),
    "refuse_api_address": gettext_lazy("无效令牌过多，暂停该地址"),
    "set_email": gettext_lazy("更换邮箱"),
    "add_channel": gettext_lazy("新增外发渠道"),
    "change_channel": gettext_lazy("修改外发渠道"),
    "test_channel": gettext_lazy("测试外发渠道"),
    "resend_deliveries": gettext_lazy("重发未送达消息"),
    "void_deliveries": gettext_lazy("作废未送达消息"),
    "change_category": gettext_lazy("修改诉求分类"),
    "change_caserules": gettext_lazy("修改办理规则"),
    "change_organisation": gettext_lazy("修改组织"),
    "change_person": gettext_lazy("修改人员"),
}
SUBJECTS = {
    "person": gettext_lazy("人员"),
    "complaint": gettext_lazy("诉求"),
    "organisation": gettext_lazy("组织"),
    "role": gettext_lazy("岗位"),
    "calendar": gettext_lazy("日历"),
    "job": gettext_lazy("任务"),
    "category": gettext_lazy("诉求分类"),
    "compound": gettext_lazy("小区"),
    "building": gettext_lazy("楼栋"),
    "grid": gettext_lazy("网格"),
    "api_token": gettext_lazy("接口令牌"),
    "channel": gettext_lazy("外发渠道"),
}


class VerbFilter(admin.SimpleListFilter):
    """The deeds by name, without asking the long table which there are."""

    title = gettext_lazy("事项")
    parameter_name = "deed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(VERBS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(verb=self.value()) if self.value() in VERBS else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Who did, or saw, what; nothing here can be changed."""

    view_words = (Word.AUDIT,)
    may_add = False
    may_change = False
    list_display = ("moment", "who", "deed", "about", "place", "origin")
    list_filter = (VerbFilter,)
    search_fields = ("subject", "by__username")
    list_select_related = ("by__person",)
    ordering = ("-id",)
    sortable_by = ()
    change_list_template = "desk/audit_list.html"
    fields = ("moment", "who", "deed", "about", "place", "more", "origin", "proof")
    readonly_fields = fields

    def rows_for(self, user: Any, words: Any) -> Any:
        return audit_within(user)

    def reaches(self, user: Any, words: Any, row: Any) -> bool:
        return any(roots(user, word) for word in words)

    def paths_of(self, row: Any) -> list[str]:
        return [row.organisation_path]

    @admin.display(description=gettext_lazy("时间"))
    def moment(self, row: AuditEntry) -> Any:
        """When it happened."""
        return row.at

    @admin.display(description=gettext_lazy("人员"))
    def who(self, row: AuditEntry) -> str:
        """Who did it; the house itself when nobody."""
        return f"{row.by.person.name}（{row.by.username}）" if row.by else _("系统")

    @admin.display(description=gettext_lazy("事项"))
    def deed(self, row: AuditEntry) -> str:
        """What was done, in Chinese where the word is known."""
        return str(VERBS.get(row.verb) or deed_words(row.verb))

    @admin.display(description=gettext_lazy("对象"))
    def about(self, row: AuditEntry) -> str:
        """What it was done to."""
        kind, _colon, number = row.subject.partition(":")
        return f"{SUBJECTS.get(kind) or subject_words(kind)} {number}"

    @admin.display(description=gettext_lazy("所属组织"))
    def place(self, row: AuditEntry) -> str:
        """The organisation it belongs to."""
        return getattr(row, "organisation_name", None) or row.organisation_path or "-"

    @admin.display(description=gettext_lazy("来源地址"))
    def origin(self, row: AuditEntry) -> str:
        """From which network address."""
        return row.address or "-"

    @admin.display(description=gettext_lazy("内容"))
    def more(self, row: AuditEntry) -> str:
        """What else was noted; never a sealed value."""
        return json.dumps(row.detail, ensure_ascii=False)

    @admin.display(description=gettext_lazy("校验值"))
    def proof(self, row: AuditEntry) -> str:
        """The hash that the next line builds on."""
        return row.entry_hash

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path(
            "check/", wrap(require_POST(self.check_chain)), name="governance_auditentry_check"
        )
        return [own, *super().get_urls()]

    def check_chain(self, request: HttpRequest) -> HttpResponse:
        """Go through the whole chain and say whether it holds."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        broken = first_broken_entry()
        if broken is None:
            messages.success(request, _("审计链完整，没有被改动。"))
        elif broken < 0:
            messages.error(request, _("审计链的末端与记录不符，有记录被删除，请立即上报。"))
        else:
            said = _("审计链在第 %(number)s 条处断开，该条或其前一条被改动，请立即上报。")
            messages.error(request, said % {"number": broken})
        return redirect("admin:governance_auditentry_changelist")
