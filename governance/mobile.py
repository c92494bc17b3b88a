"""The phone's own pages: 我的, the inbox, large type."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.choices import SecretKind
from governance.errors import HouseError
from governance.forms import LeaveForm, MailboxForm
from governance.models import Leave, Notice
from governance.selectors import current_posts, own_posts
from governance.services import notices as inbox
from governance.services.leaves import end_leave, take_leave
from governance.services.people import choose_digest, choose_type_size, set_email

PAGE_SIZE = 20
ICONS = {"task": "clipboard-check", "reminder": "clock", "warning": "exclamation-triangle"}
TONES = {"task": "action", "reminder": "soon", "warning": "late"}


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """我的: posts, inbox, and what belongs to the own account."""
    posts = current_posts(request.user)
    context = {
        "posts": posts,
        "person": posts[0].person if posts else request.user.person,
        "unread_count": inbox.unread_count(request.user),
        "tab": "me",
    }
    return render(request, "mobile/me.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """通知: the own inbox, newest first; POST marks what was shown as read."""
    if request.method == "POST":
        shown = [whole(text) for text in request.POST.getlist("shown")[:PAGE_SIZE]]
        inbox.mark_read(request.user, ids=filter(None, shown))
        messages.success(request, _("已标为已读。"))
        return redirect("mobile:notices")
    before = whole(request.GET.get("before", ""))
    rows = inbox.older_than(inbox.inbox(request.user), request.user, before)
    found = list(rows[: PAGE_SIZE + 1])
    context = {
        "lines": [line(notice) for notice in found[:PAGE_SIZE]],
        "has_unread": any(notice.read_at is None for notice in found[:PAGE_SIZE]),
        "older_url": f"?before={found[PAGE_SIZE - 1].pk}" if len(found) > PAGE_SIZE else "",
        "tab": "me",
    }
    return render(request, "mobile/notices.html", context)


def whole(text: str) -> int | None:
    """The id a text writes; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


PAGE_OF_SUBJECT = {
    "complaint": "mobile:complaint",
    "digest": "mobile:digest",
    "api_token": "admin:governance_apitoken_change",
}


def line(notice: Notice) -> dict[str, Any]:
    """One notice as a page draws it, with the address of what it is about."""
    kind, _colon, number = notice.subject.partition(":")
    page = PAGE_OF_SUBJECT.get(kind) if number.isdigit() else None
    return {
        "notice": notice,
        "url": reverse(page, args=[int(number)]) if page else "",
        "icon": ICONS.get(notice.kind, "bell"),
        "tone": TONES.get(notice.kind, "held"),
    }


@login_required
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """大字: switched without JavaScript, and remembered with the account."""
    is_large = request.POST.get("size") == "large"
    choose_type_size(request.user, is_large=is_large)
    answer = redirect("mobile:me")
    answer.set_cookie(
        "size", "large" if is_large else "normal", max_age=365 * 24 * 3600, samesite="Lax"
    )
    return answer


@login_required
@require_POST
def digest_wish(request: HttpRequest) -> HttpResponse:
    """每日提要: wanted, not wanted, or as the office has set it for the own post."""
    wishes = {"yes": True, "no": False, "office": None}
    wish = request.POST.get("wish", "")
    if wish not in wishes:
        messages.error(request, _("请选择是否接收每日提要。"))
        return redirect("mobile:me")
    choose_digest(request.user, wishes[wish])
    messages.success(request, _("已保存，明天起生效。"))
    return redirect("mobile:me")


@login_required
@require_http_methods(["GET", "POST"])
def leaves(request: HttpRequest) -> HttpResponse:
    """请假与代理: the own leaves, whom one stands in for, and a form for the next absence."""
    form = LeaveForm(request.POST or None, by=request.user)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            take_leave(request.user.person, given.pop("deputy"), by=request.user, **given)
        except HouseError as refusal:
            sentence = refusal.message
        else:
            messages.success(request, _("已登记，到时代理自动开始，到期自动结束。"))
            return redirect("mobile:leaves")
    found = Leave.objects.visible_to(request.user).involving(request.user)
    context = {
        "form": form,
        "sentence": sentence,
        "leaves": found.select_related("person", "deputy", "organisation")[:PAGE_SIZE],
        "today": timezone.localdate(),
        "may_leave": bool(own_posts(request.user.person)),
        "tab": "me",
    }
    refused = sentence or form.errors
    return render(request, "mobile/leaves.html", context, status=422 if refused else 200)


@login_required
@require_POST
def leave_end(request: HttpRequest, pk: int) -> HttpResponse:
    """提前销假: one's own leave ends now."""
    leave = get_object_or_404(
        Leave.objects.visible_to(request.user), pk=pk, person=request.user.person_id
    )
    try:
        end_leave(leave, by=request.user)
    except HouseError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已销假，代理权限已收回。"))
    return redirect("mobile:leaves")


@login_required
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """接收提醒: where reminders reach me outside the portal, and the mailbox I enter myself."""
    form = MailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_email(request.user.person, form.cleaned_data["address"], by=request.user)
        messages.success(request, _("邮箱已更新。"))
        return redirect("mobile:mailbox")
    held = request.user.person.secrets.filter(is_current=True)
    masks = dict(held.values_list("kind", "masked"))
    context = {
        "form": form,
        "phone": masks.get(SecretKind.PHONE, ""),
        "email": masks.get(SecretKind.EMAIL, ""),
        "tab": "me",
    }
    return render(request, "mobile/mailbox.html", context, status=422 if form.errors else 200)
