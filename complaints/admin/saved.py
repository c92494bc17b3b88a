"""Filters of the list under a name: kept and removed by who made them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.admin.pages import list_url, require_word
from complaints.desk.listing import Filters, is_whole_phone, number
from complaints.services.saved_filters import offices_of, remove_filter, save_filter
from governance.choices import Word
from governance.errors import HouseError


def read_query(text: str) -> Filters:
    """The filters in a posted address; nothing that the list does not offer."""
    return Filters.read(QueryDict(text.lstrip("?")[:600]))


@require_POST
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the present filters under a name."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    filters = read_query(request.POST.get("query", ""))
    if is_whole_phone(filters.text):
        messages.warning(request, _("请只输入电话后四位；整个号码不会保存。"))
        return redirect(list_url())
    query = filters.address() if filters.chosen else ""
    offices = offices_of(request.user) if request.POST.get("share") == "on" else []
    try:
        row = save_filter(
            request.POST.get("name", ""),
            query,
            by=request.user,
            organisation=offices[0] if offices else None,
        )
    except HouseError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("已保存为“%(name)s”，点列表上方的标签即可再用。") % {"name": row.name}
        if offices:
            words += _("本单位（%(unit)s）的同事也能看到。") % {"unit": offices[0].display_name}
        messages.success(request, words)
    return redirect(list_url() + query)


@require_POST
def drop_filter(request: HttpRequest) -> HttpResponse:
    """Remove one's own."""
    require_word(request.user, Word.SEE, Word.DISCIPLINE)
    pk = number(request.POST.get("filter", ""))
    try:
        remove_filter(pk or 0, by=request.user)
    except HouseError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已删除这组筛选。"))
    return redirect(list_url())
