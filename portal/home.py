"""The front door: everybody is led to the pages of the own post."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance.models import Role
from governance.selectors import current_posts

PAGES = {
    Role.Door.DESK: "admin:index",
    Role.Door.PHONE: "mobile:today",
    Role.Door.BOARD: "board:overview",
}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Open the desk, the phone or the board; somebody without a post is told so."""
    posts = current_posts(request.user)
    if not posts:
        return render(request, "home_without_post.html", status=403)
    return redirect(PAGES[Role.Door(posts[0].role.door)])
