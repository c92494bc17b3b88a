"""The working calendar at the desk: years, single days, office hours, and the yearly notice."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.admin.base import CommonRowAdmin, DeedForm, ServiceForm, StreetRowAdmin
from governance.admin.organisations import DAY
from governance.choices import Word
from governance.errors import HouseError
from governance.models import CalendarDay, CalendarYear, OfficeHours
from governance.services import calendar

MOST_BYTES = 512 * 1024


class NoticeForm(forms.Form):
    """The year's holiday notice as JSON or CSV."""

    file = forms.FileField(
        label=gettext_lazy("放假安排文件"),
        widget=forms.FileInput(attrs={"accept": ".json,.csv"}),
        help_text=gettext_lazy(
            "照国务院办公厅的通知写成 CSV：第一行是 year,weekday_holidays,weekend_workdays；"
            "以后每年一行，依次是年份、放假的工作日、上班的周末，"
            "例如 2025,01-01 01-28..01-31,01-26 02-08。也可用公开的节假日 JSON 文件。"
        ),
    )

    def clean_file(self) -> list[calendar.YearPlan]:
        """The plans the file holds."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("文件太大，放假安排文件不超过 512 KB。"))
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("文件不是 UTF-8 编码，请另存后再传。")) from error
        try:
            if upload.name.lower().endswith(".csv"):
                return calendar.parse_exceptions_csv(text, upload.name[:200])
            return [calendar.parse_holiday_json(text)]
        except HouseError as refusal:
            raise forms.ValidationError(refusal.message) from refusal


# What an edit of days or hours does to the work that is under way.
RECOUNTED = gettext_lazy(
    "在办诉求的时限一分钟内按新安排重新计算，前后时刻记入办理过程；挂起中的在恢复后计算。"
)


@admin.register(CalendarYear)
class CalendarYearAdmin(CommonRowAdmin):
    """Which years are official; a missing year makes deadlines provisional."""

    may_add = False
    may_change = False
    search_fields = ("year", "source")
    list_display = ("year", "source", "version", "loaded_at")
    list_select_related = False
    change_list_template = "desk/calendar_years.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path("import/", wrap(self.import_notice), name="governance_calendaryear_import")
        return [own, *super().get_urls()]

    def import_notice(self, request: HttpRequest) -> HttpResponse:
        """Upload a notice; each year in it becomes the truth for its year."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        form = NoticeForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            for plan in form.cleaned_data["file"]:
                count = calendar.import_year(plan, by=request.user)
                said = ngettext(
                    "%(year)s 年放假安排已导入，%(count)s 天有变化。",
                    "%(year)s 年放假安排已导入，%(count)s 天有变化。",
                    count,
                )
                messages.success(request, said % {"year": plan.year, "count": count})
            messages.info(request, RECOUNTED)
            return redirect("admin:governance_calendaryear_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("导入放假安排"),
            "form": form,
            "opts": self.opts,
            "is_upload": True,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "desk/master_deed.html", context, status=status)


class DayForm(ServiceForm):
    """One day that an office decides about."""

    class Meta:
        model = CalendarDay
        fields = ("day", "is_workday", "name", "source")
        widgets = {"day": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True
        self.fields["source"].label = _("依据")

    def carry_out(self) -> CalendarDay:
        given = self.cleaned_data
        return calendar.set_day(
            given.get("day") or self.instance.day, is_workday=given["is_workday"],
            name=given["name"], note=given["source"], by=self.by,
        )  # fmt: skip


class ClearForm(DeedForm):
    """取消: the day follows Monday to Friday again."""

    label = gettext_lazy("取消此日安排")
    words = (Word.CONFIGURE,)
    warning = gettext_lazy("取消后，这一天按周一至周五上班计算。")
    sure = forms.BooleanField(label=gettext_lazy("确认取消"))

    def act(self) -> str:
        calendar.clear_day(self.subject.day, by=self.by)
        done = _("已取消。")
        return f"{done}{RECOUNTED}"


@admin.register(CalendarDay)
class CalendarDayAdmin(CommonRowAdmin):
    """Days that differ from Monday to Friday."""

    list_display = ("day", "is_workday", "name", "source")
    list_filter = ("is_workday",)
    search_fields = ("name",)
    list_select_related = False
    ordering = ("-day",)
    fixed_fields = ("day",)
    deeds = {"clear": ClearForm}

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = DayForm
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Say what becomes of the open clocks."""
        super().save_model(request, obj, form, change)
        messages.info(request, RECOUNTED)


@admin.register(OfficeHours)
class OfficeHoursAdmin(StreetRowAdmin):
    """Opening hours by season."""

    search_fields = ("subdistrict__name", "season_from")
    list_display = ("season_from", "season_to", "morning_from", "morning_to", "afternoon_from",
                    "afternoon_to", "subdistrict")  # fmt: skip
    list_select_related = ("subdistrict",)
    fixed_fields = ("subdistrict",)
    fields = ("subdistrict", ("season_from", "season_to"), ("morning_from", "morning_to"),
              ("afternoon_from", "afternoon_to"))  # fmt: skip

    def saved(self, obj: OfficeHours) -> None:
        """Clocks in working hours follow the new hours."""
        calendar.hours_changed()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Say what becomes of the open clocks."""
        super().save_model(request, obj, form, change)
        messages.info(request, RECOUNTED)
