"""The audit at the desk: read by the audit administrator alone, and proved by its chain."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.admin.base import ScopedAdmin
from governance.choices import Word
from governance.models import AuditEntry
from governance.models.reach import roots
from governance.selectors import audit_within
from governance.services.audit import first_broken_entry


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Who did, or saw, what; nothing here can be changed."""

    view_words = (Word.AUDIT,)
    may_add = False
    may_change = False
    list_display = ("moment", "who", "verb", "subject", "address")
    list_filter = ("verb",)
    search_fields = ("subject", "by__username")
    list_select_related = ("by__person",)
    ordering = ("-id",)
    sortable_by = ()
    change_list_template = "desk/audit_list.html"
    fields = ("moment", "who", "verb", "subject", "detail", "address", "entry_hash")
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
