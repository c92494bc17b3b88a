"""Ways out of the house at the desk: channels are set up and tried, their secrets stay hidden."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin, ServiceForm
from governance.choices import DeliveryState, Level, Word
from governance.models import Channel, Delivery, Organisation
from governance.services import channels
from governance.services.channels import RULES

KEPT_WORDS = gettext_lazy("留空则保持不变。")
# What the partner of each kind needs; the form asks for nothing else.
NEEDED = {
    "address": ("sms", "email", "wecom", "dingtalk", "feishu"),
    "account": ("email",),
    "secret": ("sms", "email", "dingtalk"),
}


class ChannelForm(ServiceForm):
    """Where a channel leads, whom it serves, how patient it is; what is sealed is never shown."""

    address = forms.CharField(
        label=gettext_lazy("对方地址"), max_length=500, required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off",
                                      "spellcheck": "false"}),
        help_text=gettext_lazy(
            "群机器人：从群设置里复制整条地址，安全设置选自定义关键词“网格治理”；短信网关：https:// 开头的接口地址；"
            "邮件：主机:端口，例如 smtp.example.cn:465。"
        ),
    )  # fmt: skip
    account = forms.CharField(
        label=gettext_lazy("发件邮箱"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}), help_text=gettext_lazy("仅邮件填写。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("密钥或密码"), max_length=300, required=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("邮箱的授权码、短信网关的令牌、钉钉机器人的加签密钥；没有就留空。"),
    )  # fmt: skip

    portal_address = forms.URLField(
        label=gettext_lazy("消息中的网址"), max_length=120, required=False, assume_scheme="https",
        help_text=gettext_lazy("收到消息的人打开本系统的网址；留空则消息不带链接。"),
    )  # fmt: skip

    class Meta:
        model = Channel
        fields = ("organisation", "kind", "name", *RULES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["kind"].choices = [("", "---------"), *channels.kinds_on_offer()]
            for name, kinds in NEEDED.items():
                self.fields[name].widget.attrs["data-kinds"] = " ".join(kinds)
            return
        for name in asked_of(self.instance.kind):
            self.fields[name].help_text = KEPT_WORDS
        held = self.instance.hint or _("已填写")
        self.fields["address"].widget.attrs["placeholder"] = _("现在是 %(host)s") % {"host": held}

    def carry_out(self) -> Channel:
        given = dict(self.cleaned_data)
        organisation, kind = given.pop("organisation", None), given.pop("kind", None)
        name = given.pop("name")
        if self.instance.pk is None:
            return channels.set_up(organisation, kind, name, by=self.by, **given)
        return channels.change(self.instance, name, by=self.by, **given)


class TestForm(DeedForm):
    """发送测试消息, to oneself, the way every message goes."""

    label = gettext_lazy("发送测试消息")
    words = (Word.CONFIGURE,)
    warning = gettext_lazy(
        "测试消息经此渠道发给您本人：短信发到您登记的手机，邮件发到您登记的邮箱，群机器人发到群里。"
    )

    def act(self) -> str:
        self.row = channels.send_test(self.subject, by=self.by)
        return ""


@admin.register(Channel)
class ChannelAdmin(ScopedAdmin):
    """Channels within reach of whoever sets the rules of the office."""

    view_words = (Word.CONFIGURE,)
    change_words = (Word.CONFIGURE,)
    list_display = ("name", "kind", "organisation", "hint", "health", "last_sent_at",
                    "is_urgent_only")  # fmt: skip
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    list_select_related = ("organisation__parent",)
    ordering = ("organisation__path", "pk")
    fixed_fields = ("organisation", "kind")
    change_list_template = "desk/channels.html"
    change_form_template = "desk/channel_form.html"
    deeds = {"test": TestForm}
    fieldsets = (
        (None, {"fields": ("organisation", "kind", "name", "address", "account", "secret")}),
        (gettext_lazy("发什么"), {"fields": ("is_active", "is_urgent_only", "portal_address")}),
        (gettext_lazy("对方不应答时"), {
            "fields": (("timeout_seconds", "most_per_minute"),
                       ("first_pause_seconds", "longest_pause_minutes"),
                       ("most_attempts", "gives_up_after_hours"),
                       ("failures_before_rest", "rest_minutes")),
        }),
    )  # fmt: skip

    class Media:
        js = ("js/channel-form.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A channel that is there asks only for what its kind needs."""
        if obj is None:
            return self.fieldsets
        first = ("organisation", "kind", "name", *asked_of(obj.kind))
        return ((None, {"fields": first}), *self.fieldsets[1:])

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            found = Organisation.objects.visible_to(request.user, Word.CONFIGURE).current()
            kwargs["queryset"] = found.exclude(level__gt=Level.GRAND_COMMITTEE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, form=ChannelForm, **kwargs)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path("tests/<int:pk>/", wrap(self.tested), name="governance_channel_tested")
        return [own, *super().get_urls()]

    def done(self, request: HttpRequest, form: DeedForm) -> HttpResponse:
        """A test leads to the page that says how it fares."""
        return redirect("admin:governance_channel_tested", form.row.pk)

    def tested(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How a test message fares: a page, or its state as JSON for the page to follow."""
        rows = Delivery.objects.visible_to(request.user, Word.CONFIGURE)
        row = rows.filter(pk=pk, is_test=True).select_related("channel", "person").first()
        if row is None:
            raise Http404
        progress = progress_of(row)
        if "json" in request.headers.get("Accept", "") and "html" not in request.headers["Accept"]:
            return JsonResponse(progress)
        context = {
            **self.admin_site.each_context(request),
            "title": _("测试消息"),
            "row": row,
            "progress": progress,
            "channel_url": self.back_to(row.channel),
        }
        return TemplateResponse(request, "desk/channel_tested.html", context)

    @admin.display(description=gettext_lazy("状态"))
    def health(self, row: Channel) -> str:
        """In order, resting, failing, or switched off."""
        return health_of(row)


def asked_of(kind: str) -> tuple[str, ...]:
    """The sealed fields that a kind needs."""
    return tuple(name for name, kinds in NEEDED.items() if kind in kinds)


def health_of(row: Channel) -> str:
    """How the channel's partner does, in words."""
    if not row.is_active:
        return _("已停用")
    if row.rests_until is not None and row.rests_until > timezone.now():
        until = f"{timezone.localtime(row.rests_until):%H:%M}"
        return _("对方不通，%(until)s 再试") % {"until": until}
    if row.failure_count:
        return _("连续失败 %(count)s 次") % {"count": row.failure_count}
    return _("正常") if row.last_sent_at else _("还没有发过")


def progress_of(row: Delivery) -> dict[str, Any]:
    """A test message as a progress bar reads it."""
    state = {DeliveryState.WAITING: "running", DeliveryState.SENT: "done"}.get(row.state, "failed")
    return {
        "title": str(_("测试消息：%(name)s") % {"name": row.channel.name}),
        "done": int(state == "done"),
        "total": 1,
        "state": state,
        "state_text": str(row.get_state_display()),
        "remaining_text": _("通常在 20 秒内发出。") if state == "running" else "",
        "status_url": reverse("admin:governance_channel_tested", args=[row.pk]),
    }
