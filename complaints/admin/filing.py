"""Filing by hand: a clerk takes down what somebody says, with a place found and doubles shown."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints.admin.deeds import FormRefused
from complaints.admin.pages import case_url, key_of, page, require_word
from complaints.choices import CITY_SOURCES, Source, Urgency
from complaints.desk.choosing import category_choices, category_words
from complaints.desk.suggesting import grouped
from complaints.desk_forms.base import MomentField, text_area, with_headings
from complaints.desk_forms.handling import PhotosField
from complaints.forms import KeywordSelect
from complaints.models import Category, Complaint
from complaints.selectors import similar_nearby
from complaints.services import filing, photos
from complaints.services.filing import Draft
from governance.choices import Level, Word
from governance.errors import HouseError, KeyConflict
from governance.forms import OfferingForm
from governance.identity import check_phone
from governance.models import Organisation
from governance.models.reach import may, roots
from governance.selectors import rule_rows
from governance.services import deeds
from grids.selectors import Certainty, Place, grid_at

BY_HAND = (Source.PHONE, Source.COUNTER, Source.WEB, Source.HOTLINE, Source.PLATFORM)


class NewCaseForm(OfferingForm):
    """What a clerk takes down."""

    deed_key = forms.CharField(max_length=64, min_length=8, widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=gettext_lazy("来源"), choices=[pair for pair in Source.choices if pair[0] in BY_HAND]
    )
    source_number = forms.CharField(
        label=gettext_lazy("来源单号"), max_length=40, required=False,
        help_text=gettext_lazy("12345热线和上级平台的工单必填，其他来源可不填。"),
    )  # fmt: skip
    city_due_at = MomentField(label=gettext_lazy("来源承诺期限"), required=False)
    subdistrict = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("街道"), empty_label=None
    )
    text = forms.CharField(
        label=gettext_lazy("诉求内容"), max_length=4000, widget=text_area(6),
        help_text=gettext_lazy("发生了什么、在哪里、诉求人希望怎样。"),
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=120, required=False,
        help_text=gettext_lazy("不填则取内容的第一行。"),
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("分类"), required=False, widget=KeywordSelect)
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), required=False,
        choices=[("", gettext_lazy("按分类")), *Urgency.choices],
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160, required=False)
    place = forms.ChoiceField(label=gettext_lazy("所属网格"), required=False)
    caller_name = forms.CharField(label=gettext_lazy("诉求人"), max_length=50, required=False)
    caller_phone = forms.CharField(
        label=gettext_lazy("电话"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    is_secret_caller = forms.BooleanField(label=gettext_lazy("诉求人要求保密"), required=False)
    accepted = forms.BooleanField(
        label=gettext_lazy("登记后直接受理"), required=False, initial=True
    )
    tray = forms.UUIDField(widget=forms.HiddenInput, required=False)
    pictures = PhotosField(
        label=gettext_lazy("照片"), required=False,
        help_text=gettext_lazy("一次最多九张；位置等信息会自动去掉。"),
    )  # fmt: skip
    is_not_a_double = forms.BooleanField(
        label=gettext_lazy("已看过，不是同一件事，仍然登记"), required=False
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        self.by = by
        fresh = {"deed_key": uuid4().hex, "tray": uuid4()}
        kwargs["initial"] = {**fresh, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        streets = Organisation.objects.visible_to(by).filter(parent=None)
        self.streets = list(streets) or own_streets(by)
        field = self.fields["subdistrict"]
        field.queryset = Organisation.objects.visible_to(by).filter(parent=None)
        if not field.queryset.exists():
            del self.fields["subdistrict"]
        elif len(self.streets) == 1:
            field.widget, field.initial = forms.HiddenInput(), self.streets[0]
        kinds = self.fields["category"]
        kinds.choices = with_headings(category_choices(by), _("暂不确定"))
        kinds.widget.keywords = category_words(by)
        self.places = {str(unit.pk): unit for unit in places_within_reach(by)}
        self.fields["place"].choices = [("", _("按地址识别")), *grouped(self.places.values())]
        if not roots(by, Word.DISPATCH):
            del self.fields["accepted"]
        self.found: Place | None = None
        self.doubles: list[Complaint] = []

    @property
    def chosen_tray(self) -> UUID | None:
        """Where the photos of this form lie, as soon as there may be any."""
        try:
            return UUID(str(self["tray"].value()))
        except ValueError:
            return None

    @property
    def chosen_street(self) -> Organisation:
        """The street the matter belongs to."""
        return self.cleaned_data.get("subdistrict") or self.streets[0]

    def clean_caller_phone(self) -> str:
        """A number that can be called, or nothing."""
        text = self.cleaned_data["caller_phone"].strip()
        if text:
            try:
                check_phone(text)
            except HouseError as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return text

    def clean(self) -> None:
        """Find the place, and open cases that may be the same."""
        given = self.cleaned_data
        if given.get("source") in CITY_SOURCES and not given.get("source_number"):
            self.add_error("source_number", _("热线和上级平台工单须填写来源单号。"))
        if given.get("address") and "subdistrict" not in self.errors:
            self.found = grid_at(subdistrict=self.chosen_street, address=given["address"])
        if self.found is not None and self.found.compound is not None:
            self.doubles = similar_nearby(
                self.by, building=self.found.building, compound=self.found.compound,
                category=self.chosen_category,
            )  # fmt: skip

    @property
    def chosen_category(self) -> Category | None:
        """The chosen leaf."""
        pk = self.cleaned_data.get("category")
        return rule_rows(Category, self.by, [Word.SEE]).get(pk=pk) if pk else None

    @property
    def chosen_place(self) -> Organisation | None:
        """The chosen place, else what the address says for certain enough."""
        if pk := self.cleaned_data.get("place"):
            return self.places[pk]
        return self.found.organisation if self.found else None

    def draft(self) -> Draft:
        """What was taken down, as the service wants it."""
        given, found = self.cleaned_data, self.found or Place()
        return Draft(
            **{name: given[name] for name in
               ("source", "source_number", "text", "title", "urgency", "address",
                "caller_name", "caller_phone", "is_secret_caller")},
            category=self.chosen_category,
            place=self.chosen_place,
            compound=found.compound,
            building=found.building,
            dwelling=found.dwelling,
            city_due_at=given.get("city_due_at"),
            accepted=bool(given.get("accepted")) and self.may_accept,
        )  # fmt: skip

    @property
    def may_accept(self) -> bool:
        """Accepting is the street's dispatch desk's right."""
        return may(self.by, Word.DISPATCH, self.chosen_street.path)


def own_streets(user: Any) -> list[Organisation]:
    """The streets above what the user reaches, for those who reach only a part of one."""
    first = Organisation.objects.visible_to(user).order_by("path").first()
    while first is not None and first.parent is not None:
        first = first.parent
    return [first] if first else []


def places_within_reach(user: Any) -> list[Organisation]:
    """Communities and branches a matter may belong to; groups are found through the address."""
    rows = Organisation.objects.visible_to(user).current()
    levels = (Level.GRAND_COMMITTEE, Level.GRID_BRANCH)
    return list(rows.filter(level__in=levels).order_by("path"))


def new_case(request: HttpRequest) -> HttpResponse:
    """Take down a matter; a likely double is shown before it is filed."""
    require_word(request.user, Word.SEE)
    if request.method != "POST":
        return form_page(request, NewCaseForm(by=request.user))
    form = NewCaseForm(request.POST, by=request.user)
    if trouble := keep_pictures(request, form):
        return form_page(request, renewed(form), status=422, sentence=trouble)
    key, expired = key_of(request), _("页面已过期，请再提交一次。")
    if not key:
        return form_page(request, renewed(form), status=422, sentence=expired)
    try:
        answer = deeds.once(
            key,
            by=request.user,
            body={name: request.POST.getlist(name) for name in request.POST
                  if name != "csrfmiddlewaretoken"},
            act=lambda: carry_out(form),
        )  # fmt: skip
    except FormRefused:
        sentence = (
            "" if form.errors else _("可能已有人反映过，请看右侧；不是同一件事，勾选后再登记。")
        )
        return form_page(request, renewed(form), status=422, sentence=sentence)
    except (HouseError, KeyConflict) as refusal:
        return form_page(request, renewed(form), status=422, sentence=refusal.message)
    except PermissionDenied as refusal:
        return form_page(request, renewed(form), status=403, sentence=str(refusal))
    if tray := form.chosen_tray:
        photos.empty_tray(tray, by=request.user)
    messages.success(request, _("已登记为 %(number)s。") % {"number": answer["number"]})
    return redirect(case_url(answer["pk"]))


def carry_out(form: NewCaseForm) -> dict[str, Any]:
    """Check and file, inside the deed's transaction."""
    if not form.is_valid() or (form.doubles and not form.cleaned_data["is_not_a_double"]):
        raise FormRefused(_("有内容没有填对。"))
    case = filing.file_complaint(form.draft(), subdistrict=form.chosen_street, by=form.by)
    if tray := form.chosen_tray:
        photos.hand_over(tray, case, by=form.by)
    return {"pk": case.pk, "number": case.number}


def keep_pictures(request: HttpRequest, form: NewCaseForm) -> str:
    """Put the photos into the clerk's own tray at once, so that no refusal loses them."""
    uploads, tray = request.FILES.getlist("pictures"), form.chosen_tray
    if not uploads or tray is None:
        return ""
    try:
        photos.keep(tray, uploads, by=request.user)
    except HouseError as refusal:
        return str(refusal.message)
    return ""


def renewed(form: NewCaseForm) -> NewCaseForm:
    """The same form with a fresh key, so that the corrected request is a request of its own."""
    form.data = form.data.copy()
    form.data["deed_key"] = uuid4().hex
    return form


def form_page(
    request: HttpRequest, form: NewCaseForm, *, status: int = 200, sentence: str = ""
) -> HttpResponse:
    """The form, with what the address means and what may be the same matter."""
    return page(
        request, "desk/new_case.html", title=_("登记诉求"), status=status, form=form,
        kept=kept_pictures(form),
        sentence=sentence, doubles=form.doubles, found=form.found, found_words=words_of(form.found),
    )  # fmt: skip


def kept_pictures(form: NewCaseForm) -> list[str]:
    """The addresses of the photos that lie in the tray of this form."""
    tray = form.chosen_tray
    names = photos.kept(tray, by=form.by) if tray else []
    return [reverse("mobile:kept_photo", args=[tray, name]) for name in names]


def words_of(found: Place | None) -> str:
    """What an address was taken for, in words."""
    if found is None or found.organisation is None:
        return ""
    sure = "" if found.certainty is Certainty.SURE else _("（请核对）")
    named = found.dwelling or found.building or found.compound
    return f"{found.organisation.display_name}{f' · {named}' if named else ''}{sure}"


@require_POST
def guess_place(request: HttpRequest) -> JsonResponse:
    """What an address means, while the clerk goes on typing; posted, so it stands in no log."""
    require_word(request.user, Word.SEE)
    streets = own_streets(request.user)
    address = request.POST.get("address", "").strip()[:160]
    if not address or not streets:
        return JsonResponse({"words": "", "doubles": []})
    found = grid_at(subdistrict=streets[0], address=address)
    doubles = similar_nearby(request.user, building=found.building, compound=found.compound)
    return JsonResponse(
        {
            "words": words_of(found),
            "doubles": [
                {"title": one.title, "number": one.numbers, "url": case_url(one.pk),
                 "stage": one.get_stage_display()}
                for one in doubles
            ],
        }
    )  # fmt: skip
