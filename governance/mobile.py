"""The phone's own pages: 我的, the inbox, large type."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.models import Notice
from governance.selectors import current_posts
from governance.services import notices as inbox
from governance.services.people import choose_type_size

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
    rows = inbox.inbox(request.user)
    if before:
        rows = rows.filter(pk__lt=before)
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


def line(notice: Notice) -> dict[str, Any]:
    """One notice as a page draws it, with the address of what it is about."""
    kind, _colon, number = notice.subject.partition(":")
    is_case = kind == "complaint" and number.isdigit()
    return {
        "notice": notice,
        "url": reverse("mobile:complaint", args=[int(number)]) if is_case else "",
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
