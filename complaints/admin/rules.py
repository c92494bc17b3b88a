"""Rules of the office: categories, limits, boxes, headings; every edit counts at once."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import RequestUnit
from complaints.models import (
    AssistRule,
    CaseRules,
    Category,
    HeaderSynonym,
    LevelBox,
    RequestReason,
    RequestRule,
    UrgencyLimit,
)
from complaints.rules import rules_changed
from complaints.services.defaults import NAME_BREAK
from governance.admin.base import CommonRowAdmin, StreetRowAdmin
from governance.clockface import span_words
from governance.selectors import rule_rows
from governance.services import calendar


class RuleAdmin(StreetRowAdmin):
    """A rule row: after a change every process reads the rules again."""

    def saved(self, obj: Any) -> None:
        rules_changed()


@admin.register(Category)
class CategoryAdmin(StreetRowAdmin):
    """Categories and their limits; old cases keep the limit they were given."""

    list_display = ("code", "full_name", "urgency", "limit", "solving_level", "default_handler",
                    "is_enabled")  # fmt: skip
    list_display_links = ("code", "full_name")
    list_filter = ("urgency", "is_leaf", "is_enabled", "is_confidential")
    search_fields = ("code", "full_name", "keywords")
    search_choices = ("urgency",)
    list_select_related = ("subdistrict",)
    fixed_fields = ("code", "parent", "subdistrict")
    fieldsets = (
        (None, {"fields": ("subdistrict", "parent", "code", "name", "is_leaf", "is_enabled")}),
        (gettext_lazy("时限与层级"), {"fields": (
            "urgency", ("limit_amount", "limit_unit"), "solving_level",
            ("first_action_amount", "first_action_unit"))}),
        (gettext_lazy("办理要求"), {"fields": (
            "default_handler", "needs_photo", "needs_callback", "is_confidential", "filing_rule",
            "closing_rule", "keywords")}),
        (gettext_lazy("对照"), {"fields": (
            "four_isation", "gbt39666_top", ("season_from", "season_to"), "basis")}),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("办理时限"))
    def limit(self, row: Category) -> str:
        """The limit in words."""
        return span_words(row.limit_amount, row.limit_unit) if row.is_leaf else "-"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            rows = rule_rows(Category, request.user, self.view_words)
            kwargs["queryset"] = rows.filter(is_leaf=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """The full name follows from the tree; the parts below follow too."""
        above = f"{obj.parent.full_name}{NAME_BREAK}" if obj.parent else ""
        obj.full_name = f"{above}{obj.name}"[:160]
        super().save_model(request, obj, form, change)
        for part in obj.parts.all():
            part.full_name = f"{obj.full_name}{NAME_BREAK}{part.name}"[:160]
            part.save(update_fields=["full_name"])
            for leaf in part.parts.all():
                leaf.full_name = f"{part.full_name}{NAME_BREAK}{leaf.name}"[:160]
                leaf.save(update_fields=["full_name"])


@admin.register(UrgencyLimit)
class UrgencyLimitAdmin(RuleAdmin):
    """Sign, contact and on-site limits."""

    search_fields = ("subdistrict__name",)
    search_choices = ("urgency",)
    list_display = ("urgency", "sign", "contact", "on_site", "subdistrict")
    list_select_related = ("subdistrict",)
    fixed_fields = ("urgency", "subdistrict")
    fields = ("subdistrict", "urgency", ("sign_amount", "sign_unit"),
              ("contact_amount", "contact_unit"), ("on_site_amount", "on_site_unit"),
              ("progress_amount", "progress_unit"))  # fmt: skip

    @admin.display(description=gettext_lazy("签收"))
    def sign(self, row: UrgencyLimit) -> str:
        """The sign limit in words."""
        return span_words(row.sign_amount, row.sign_unit)

    @admin.display(description=gettext_lazy("首次联系"))
    def contact(self, row: UrgencyLimit) -> str:
        """The contact limit in words."""
        return span_words(row.contact_amount, row.contact_unit)

    @admin.display(description=gettext_lazy("到场"))
    def on_site(self, row: UrgencyLimit) -> str:
        """The on-site limit in words."""
        return span_words(row.on_site_amount, row.on_site_unit) if row.on_site_amount else "-"


@admin.register(LevelBox)
class LevelBoxAdmin(RuleAdmin):
    """How long a case may rest on a level."""

    search_fields = ("subdistrict__name",)
    search_choices = ("level", "unit")
    list_display = ("level", "amount", "unit", "climbs_by_itself", "subdistrict")
    list_select_related = ("subdistrict",)
    fixed_fields = ("level", "subdistrict")


@admin.register(CaseRules)
class CaseRulesAdmin(RuleAdmin):
    """The remaining numbers of a case's life."""

    search_fields = ("subdistrict__name",)
    list_display = ("__str__", "city_default_workdays", "buffer_workdays", "reopen_days",
                    "archive_days", "least_reply_characters")  # fmt: skip
    list_select_related = ("subdistrict",)
    fixed_fields = ("subdistrict",)

    def save_model(self, request: HttpRequest, obj: CaseRules, form: Any, change: bool) -> None:
        """When days end at another hour, open clocks are counted again."""
        super().save_model(request, obj, form, change)
        if "cut_off" in form.changed_data:
            calendar.hours_changed()


def rule_words(amount: int | None, unit: str) -> str:
    """A number of a request rule with its unit; nothing where the office sets no bound."""
    if amount is None:
        return "-"
    if unit == RequestUnit.OF_THE_CASE:
        return _("%(count)s（与诉求时限相同）") % {"count": amount}
    return span_words(amount, unit)


@admin.register(RequestRule)
class RequestRuleAdmin(RuleAdmin):
    """What a unit may ask for: how late, how often, how much, and who decides."""

    search_fields = ("subdistrict__name",)
    search_choices = ("kind", "decider")
    list_display = ("kind", "decider", "within", "most_count", "most", "is_enabled",
                    "subdistrict")  # fmt: skip
    fields = ("subdistrict", "kind", "decider", ("ask_within", "ask_within_unit"), "most_count",
              ("most_amount", "amount_unit"), "check_days", "needs_evidence", "leaves_rates",
              "is_enabled")  # fmt: skip
    list_select_related = ("subdistrict",)
    fixed_fields = ("kind", "subdistrict")

    @admin.display(description=gettext_lazy("派单后多久内可申请"))
    def within(self, row: RequestRule) -> str:
        """How long after the dispatch one may ask, in words."""
        return rule_words(row.ask_within, row.ask_within_unit)

    @admin.display(description=gettext_lazy("合计上限"))
    def most(self, row: RequestRule) -> str:
        """The cap in words."""
        return rule_words(row.most_amount, row.amount_unit)


@admin.register(RequestReason)
class RequestReasonAdmin(RuleAdmin):
    """The grounds a unit may choose from."""

    search_fields = ("label", "code", "subdistrict__name")
    search_choices = ("kind",)
    list_display = ("label", "kind", "code", "is_enabled", "subdistrict")
    list_filter = ("kind", "is_enabled")
    list_select_related = ("subdistrict",)
    fixed_fields = ("kind", "code", "subdistrict")


@admin.register(AssistRule)
class AssistRuleAdmin(RuleAdmin):
    """Limits of help: how soon a unit answers, responds to a whistle, and comes."""

    search_fields = ("subdistrict__name",)
    search_choices = ("kind",)
    list_display = ("kind", "answer", "respond", "arrive", "is_enabled", "subdistrict")
    list_select_related = ("subdistrict",)
    fixed_fields = ("kind", "subdistrict")
    fields = ("subdistrict", "kind", ("answer_amount", "answer_unit"),
              ("respond_amount", "respond_unit"), ("arrive_amount", "arrive_unit"),
              "is_enabled")  # fmt: skip

    @admin.display(description=gettext_lazy("答复"))
    def answer(self, row: AssistRule) -> str:
        """The limit of the answer in words."""
        return span_words(row.answer_amount, row.answer_unit)

    @admin.display(description=gettext_lazy("响应"))
    def respond(self, row: AssistRule) -> str:
        """The limit of the response in words."""
        return span_words(row.respond_amount, row.respond_unit) if row.respond_amount else "-"

    @admin.display(description=gettext_lazy("到场"))
    def arrive(self, row: AssistRule) -> str:
        """The limit of the arrival in words."""
        return span_words(row.arrive_amount, row.arrive_unit) if row.arrive_amount else "-"


@admin.register(HeaderSynonym)
class HeaderSynonymAdmin(CommonRowAdmin):
    """Headings of other offices' spreadsheets."""

    list_display = ("heading", "field")
    list_filter = ("field",)
    search_fields = ("heading",)
    search_choices = ("field",)
    list_select_related = False
