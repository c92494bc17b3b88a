"""Oversight at the desk: who is reminded when, quiet hours, slips and the daily digest, as rows."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from complaints.admin.pages import page
from complaints.admin.rules import RuleAdmin
from complaints.choices import (
    PERCENT_TRIGGERS,
    Card,
    LimitUnit,
    Supervision,
    Trigger,
)
from complaints.models import OversightRules, ReminderRule
from complaints.reminder_words import PARTS_IN_CASE, level_name, sentence
from complaints.rules import has_reminder_rule, rules_changed
from complaints.services.oversight_defaults import add_new_reminder_rules, new_reminder_rules
from governance.choices import ChannelKind, Word
from governance.errors import HouseError
from governance.selectors import Post, covers_every_street, posts_to_name

# Nobody in the unit is to blame for these: no card, no pressure.
OF_OTHERS = (Trigger.REQUEST, Trigger.UNREACHED)
AT_ONCE = gettext_lazy("修改后，对尚未发出的提醒立即生效，约一分钟内重新排定；已经发出的不会重发。")
LONGEST_AMOUNT = 365


class CheckedField(forms.MultipleChoiceField):
    """Several words of one list, as boxes; kept as a list."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "box-list"})


class ReminderRuleForm(forms.ModelForm):
    """A rule with its audience as boxes: parts in the case, and posts by level."""

    people = CheckedField(
        label=gettext_lazy("提醒与本件有关的人"), required=False,
        choices=[(word, gettext_lazy(name)) for word, name in PARTS_IN_CASE.items()],
    )  # fmt: skip
    posts = CheckedField(
        label=gettext_lazy("提醒这些岗位"), required=False,
        help_text=gettext_lazy("从承办单位往上，直到街道；保密件只提醒承办人。"),
    )  # fmt: skip
    channels = CheckedField(
        label=gettext_lazy("同时发送到"), required=False, choices=ChannelKind.choices,
        help_text=gettext_lazy("系统内通知一定会有；外发须先在“外发渠道”中设好。"),
    )  # fmt: skip

    class Meta:
        model = ReminderRule
        fields = ("subdistrict", "code", "label", "trigger", "amount", "unit", "left_percent",
                  "people", "posts", "channels", "hush", "card", "supervision", "drafts_slip",
                  "measure", "is_enabled")  # fmt: skip
        help_texts = {
            "amount": gettext_lazy(
                "比例填百分数（如 50）；轮次、转派填次数；群体诉求填人数，0 表示只由专员认定；其余填时间，0 表示到点立即提醒。"
            ),
            "unit": gettext_lazy("仅用于时间。"),
            "left_percent": gettext_lazy("仅用于“临近到期”。"),
            "hush": gettext_lazy("特急不受限制；按自然小时计的时限只避开夜间。"),
            "measure": gettext_lazy("写在提醒中，例如“一个工作日内提出答复方案”。"),
            "is_enabled": AT_ONCE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = posts_to_name()
        posts: Any = self.fields["posts"]
        posts.choices = by_level(names)
        audience = self.instance.audience or []
        self.initial["people"] = [word for word in audience if word in PARTS_IN_CASE]
        self.initial["posts"] = [
            word
            for word in self.words(names)
            if word in audience or word.partition("@")[0] in audience
        ]

    def words(self, names: Mapping[str, Post]) -> list[str]:
        """Every post at every level where it may be held."""
        return [f"{code}@{level}" for code, post in names.items() for level in post.levels]

    def clean(self) -> dict[str, Any]:
        """A rule that means something: an audience, a sensible number, no card for others' delay."""
        data = super().clean() or {}
        audience = [*data.get("people", []), *data.get("posts", [])]
        if "people" in data and "posts" in data and not audience:
            self.add_error("people", _("请至少选择一个提醒对象。"))
        trigger = data.get("trigger")
        if "decider" in audience and trigger != Trigger.REQUEST:
            self.add_error("people", _("“审批人”只用于“申请待审批”。"))
        self.refuse_bad_amount(trigger, data.get("amount"), data.get("unit"))
        if trigger in OF_OTHERS and data.get("card", Card.NONE) != Card.NONE:
            self.add_error("card", _("这一触发条件与承办单位无关，不能挂牌。"))
        pressed = data.get("drafts_slip") or data.get("supervision") != Supervision.NONE
        if trigger in OF_OTHERS and "supervision" in data and pressed:
            self.add_error("supervision", _("这一触发条件与承办单位无关，不能督办。"))
        self.refuse_double_code(data)
        self.instance.audience = audience
        return data

    def refuse_bad_amount(self, trigger: Any, amount: int | None, unit: Any) -> None:
        """Say in words which numbers a trigger takes."""
        if amount is None:
            return
        if trigger in PERCENT_TRIGGERS and not 1 <= amount <= 100:
            self.add_error("amount", _("比例请填 1 到 100。"))
        elif trigger in (Trigger.LEFT, Trigger.TRANSFERS) and amount < 1:
            self.add_error("amount", _("请填 1 或更大的数。"))
        elif trigger == Trigger.COLLECTIVE and amount == 1:
            self.add_error("amount", _("至少两位诉求人才是群体诉求；填 0 表示只由专员认定。"))
        elif trigger == Trigger.ROUND and amount < 2:
            self.add_error("amount", _("轮次从第 2 轮算起。"))
        elif amount > LONGEST_AMOUNT and unit != LimitUnit.WALL_MINUTES:
            self.add_error("amount", _("这个数太大了，请不要超过 365。"))

    def refuse_double_code(self, data: dict[str, Any]) -> None:
        """One rule of a code for each street: the second would silently win."""
        if self.instance.pk or "code" not in data:
            return
        if has_reminder_rule(data["code"], data.get("subdistrict")):
            self.add_error("code", _("已有同样代码的规则，请直接修改那一条。"))


def by_level(posts: Mapping[str, Post]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every post at every level where it may be held, in groups from the street down."""
    levels = sorted({level for post in posts.values() for level in post.levels}, key=street_first)
    return [
        (
            level_name(level),
            [
                (f"{code}@{level}", post.name)
                for code, post in posts.items()
                if level in post.levels
            ],
        )
        for level in levels
    ]


def street_first(level: int) -> int:
    """The order of levels on the form: departments stand behind the street."""
    return level * 2 if level else 3


@admin.register(ReminderRule)
class ReminderRuleAdmin(RuleAdmin):
    """When somebody is reminded, who, how, and what follows; each rule reads as one sentence."""

    form = ReminderRuleForm
    fieldsets = (
        (None, {"fields": ("meaning", "subdistrict", ("code", "label"), "is_enabled")}),
        (gettext_lazy("什么时候"), {"fields": (
            "trigger", ("amount", "unit"), "left_percent", "hush")}),
        (gettext_lazy("提醒谁"), {"fields": ("people", "posts", "channels")}),
        (gettext_lazy("随后"), {"fields": ("card", "supervision", "drafts_slip", "measure")}),
    )  # fmt: skip
    search_fields = ("label", "code", "subdistrict__name")
    search_choices = ("trigger", "card")
    list_display = ("label", "meaning", "card", "is_enabled", "subdistrict")
    list_filter = ("trigger", "card", "is_enabled")
    list_select_related = ("subdistrict",)
    readonly_fields = ("meaning",)
    fixed_fields = ("code", "subdistrict")

    class Media:
        js = ("js/reminder-preview.js",)

    def saved(self, obj: Any) -> None:
        rules_changed(of_reminders=True)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.posts = posts_to_name()
        extra = {**(extra_context or {}), **self.changelist_extra(request)}
        return super().changelist_view(request, extra)

    @admin.display(description=gettext_lazy("意思"))
    def meaning(self, row: ReminderRule | None) -> str:
        """The rule as it is kept, as a sentence."""
        if row is None or row.pk is None:
            return _("填写后，这里用一句话说明这条规则。")
        posts = getattr(self, "posts", None) or posts_to_name()
        return sentence(row, posts)

    def get_urls(self) -> list[Any]:
        preview = self.admin_site.admin_view(require_POST(self.preview))
        return [
            path("preview/", preview, name="complaints_reminderrule_preview"),
            path(
                "new-defaults/",
                self.admin_site.admin_view(self.new_defaults),
                name="complaints_reminderrule_new_defaults",
            ),
            *super().get_urls(),
        ]

    def changelist_extra(self, request: HttpRequest) -> dict[str, Any]:
        """The way to the default rules that are new, where there are any for this reader."""
        if not covers_every_street(request.user, Word.CONFIGURE):
            return {}
        return {"new_defaults": len(new_reminder_rules())}

    def new_defaults(self, request: HttpRequest) -> HttpResponse:
        """载入新增的默认规则: which rows of this version's table are missing; adds the chosen ones."""
        if not covers_every_street(request.user, Word.CONFIGURE):
            raise PermissionDenied
        sentence_of_refusal, chosen = "", request.POST.getlist("code")
        if request.method == "POST":
            try:
                added = add_new_reminder_rules(chosen, by=request.user)
            except HouseError as refusal:
                sentence_of_refusal = refusal.message
            else:
                words = ngettext(
                    "已载入 %(count)s 条规则。", "已载入 %(count)s 条规则。", len(added)
                )
                messages.success(request, words % {"count": len(added)})
                return redirect("admin:complaints_reminderrule_changelist")
        posts = posts_to_name()
        return page(
            request,
            "desk/new_defaults.html",
            title=_("载入新增的默认规则"),
            status=422 if sentence_of_refusal else 200,
            sentence=sentence_of_refusal,
            lines=[
                (
                    row,
                    sentence(row, posts),
                    request.method != "POST" or row.code in chosen,
                )
                for row in new_reminder_rules()
            ],
        )

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The sentence of what has been typed so far; nothing is saved."""
        if not self.has_add_permission(request):
            return JsonResponse({"sentence": ""}, status=403)
        form = ReminderRuleForm(request.POST)
        form.fields["subdistrict"].required = form.fields["code"].required = False
        form.fields["subdistrict"].disabled = form.fields["label"].required = False
        form.is_valid()
        wrong = [name for name in form.errors if name not in ("subdistrict", "code", "label")]
        if wrong:
            return JsonResponse({"sentence": str(form.errors[wrong[0]][0]), "is_wrong": True})
        return JsonResponse(
            {"sentence": sentence(form.instance, posts_to_name()), "is_wrong": False}
        )


class OversightRulesForm(forms.ModelForm):
    """Quiet hours and the digest; posts and channels as boxes."""

    digest_roles = CheckedField(
        label=gettext_lazy("默认接收每日提要的岗位"), required=False,
        help_text=gettext_lazy("本人可在“我的”中改为接收或不接收。"),
    )  # fmt: skip
    digest_channels = CheckedField(
        label=gettext_lazy("每日提要同时发送到"), required=False, choices=ChannelKind.choices
    )

    class Meta:
        model = OversightRules
        fields = ("subdistrict", "quiet_from", "quiet_to", "slip_workdays", "digest_at",
                  "digest_on_rest_days", "digest_roles", "digest_channels")  # fmt: skip
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("quiet_from", "quiet_to", "digest_at")
        }
        help_texts = {
            "quiet_to": gettext_lazy("两个时间相同，表示夜间照常提醒；特急不受限制。") + AT_ONCE,
            "slip_workdays": gettext_lazy("自动拟写或升级的督办单用这个期限。"),
            "digest_at": gettext_lazy("没有待办的人当天不会收到提要。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles: Any = self.fields["digest_roles"]
        roles.choices = [(code, str(post)) for code, post in posts_to_name().items()]

    def clean(self) -> dict[str, Any]:
        """The digest is no disturber of the night."""
        data = super().clean() or {}
        begins, ends, at = (data.get(name) for name in ("quiet_from", "quiet_to", "digest_at"))
        if begins is None or ends is None or at is None or begins == ends:
            return data
        is_night = begins <= at or at < ends if begins > ends else begins <= at < ends
        if is_night:
            self.add_error("digest_at", _("每日提要的时间不能落在夜间不打扰的时段里。"))
        return data


@admin.register(OversightRules)
class OversightRulesAdmin(RuleAdmin):
    """Quiet hours, the time for answering slips, the daily digest."""

    form = OversightRulesForm
    search_fields = ("subdistrict__name",)
    list_display = ("__str__", "quiet_from", "quiet_to", "slip_workdays", "digest_at")
    list_select_related = ("subdistrict",)
    fixed_fields = ("subdistrict",)

    def saved(self, obj: Any) -> None:
        rules_changed(of_reminders=True)
