"""What has left the house and what could not: the log, and the list that somebody must settle."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import ScopedAdmin, attempt
from governance.choices import Word
from governance.models import Delivery
from governance.models.reach import roots
from governance.services import deliveries
from governance.templatetags.house import at

MOST_ROWS = 100
MOST_AT_ONCE = 5000


class VoidForm(forms.Form):
    """Why messages are struck off the list; the reason is kept with each."""

    note = forms.CharField(
        label=gettext_lazy("作废原因"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：已电话通知本人")}),
    )  # fmt: skip


@admin.register(Delivery)
class DeliveryAdmin(ScopedAdmin):
    """Every message that was to leave the house, with each attempt; nothing here can be edited."""

    menu_name = gettext_lazy("外发记录")
    view_words = (Word.CONFIGURE,)
    change_words = (Word.CONFIGURE,)
    may_add = may_change = False
    list_display = ("text", "person", "channel", "state", "wanted_at", "attempt_count",
                    "last_error")  # fmt: skip
    list_filter = ("state", "channel__kind")
    search_fields = ("person__name", "channel__name")
    list_select_related = ("person", "channel")
    ordering = ("-pk",)
    sortable_by = ()
    change_list_template = "desk/deliveries.html"
    fields = ("text", "person", "channel", "state", "wanted_at", "due_at", "attempt_count",
              "last_error", "sent_at", "note", "tries")  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("发送经过"))
    def tries(self, row: Delivery) -> Any:
        """Each attempt: when, how long it took, how it ended."""
        lines = [
            (one.at, one.took_milliseconds, _("已送达") if one.is_success else one.reason)
            for one in row.attempts.all()[:MOST_ROWS]
        ]
        if not lines:
            return _("还没有尝试。")
        items = format_html_join(
            "", "<li>{} · {} ms · {}</li>", ((at(when), took, said) for when, took, said in lines)
        )
        return format_html("<ol>{}</ol>", items)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path("undelivered/", wrap(self.undelivered), name="governance_delivery_undelivered")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        count = deliveries.not_delivered_count(request.user)
        return super().changelist_view(request, {**(extra_context or {}), "failed_count": count})

    def undelivered(self, request: HttpRequest) -> HttpResponse:
        """The list "could not deliver": resend one, some or all, or strike off with a reason."""
        if not roots(request.user, Word.CONFIGURE):
            raise PermissionDenied
        form = VoidForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = self.settled(request, form)
            if said:
                messages.success(request, said)
                return redirect(f"{request.path}?{kept_filter(request).urlencode()}")
        rows = not_delivered(request)
        found = list(rows.select_related("channel", "person").order_by("pk")[: MOST_ROWS + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": _("未送达"),
            "form": form,
            "rows": found[:MOST_ROWS],
            "has_more": len(found) > MOST_ROWS,
            "count": deliveries.not_delivered_count(request.user, most=1001),
            "channels": channels_with_count(request),
            "chosen": request.GET.get("channel", ""),
            "ticked": set(request.POST.getlist("row")),
            "log_url": reverse("admin:governance_delivery_changelist"),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "desk/undelivered.html", context, status=status)

    def settled(self, request: HttpRequest, form: VoidForm) -> str:
        """Do what the pressed button says; the sentence to show, or "" with the reason why not."""
        verb = request.POST.get("verb", "")
        if verb == "resend_all":
            ids = list(not_delivered(request).values_list("pk", flat=True)[:MOST_AT_ONCE])
        else:
            ids = [int(pk) for pk in request.POST.getlist("row")[:MOST_AT_ONCE] if is_number(pk)]
        if not ids:
            form.add_error(None, _("请先勾选要处理的消息。"))
            return ""

        def act() -> str:
            if verb == "void":
                count = deliveries.declare_void(
                    ids, by=request.user, note=form.cleaned_data["note"]
                )
                return _("已作废 %(count)s 条。") % {"count": count}
            count = deliveries.resend(ids, by=request.user)
            return _("已重新排队 %(count)s 条，稍后自动发出。") % {"count": count}

        return attempt(act, form)[1]


def not_delivered(request: HttpRequest) -> Any:
    """What the reader may settle, of the chosen channel if one is chosen."""
    rows = Delivery.objects.visible_to(request.user, Word.CONFIGURE).not_delivered()
    channel = request.GET.get("channel", "")
    return rows.filter(channel_id=int(channel)) if is_number(channel) else rows


def channels_with_count(request: HttpRequest) -> list[dict[str, Any]]:
    """The channels with something on the list, and how much."""
    rows = Delivery.objects.visible_to(request.user, Word.CONFIGURE).not_delivered()
    counts = rows.order_by().values("channel_id", "channel__name").annotate(count=Count("pk"))
    return list(counts.order_by("channel__name"))


def kept_filter(request: HttpRequest) -> QueryDict:
    """The filter that stays in the address."""
    kept = QueryDict(mutable=True)
    if channel := request.GET.get("channel", ""):
        kept["channel"] = channel
    return kept


def is_number(text: str) -> bool:
    """Whether a text of the browser can be the number of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19
