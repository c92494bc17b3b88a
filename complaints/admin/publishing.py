"""结果公开 at the desk: what may be published, what waits for a second person, what is public."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import published
from complaints.admin.pages import case_url, page, require_word
from complaints.admin.searching import found, kept, words_of
from complaints.choices import PublicationStage
from complaints.desk.casepage import case_within_reach
from complaints.desk.listing import number
from complaints.desk_forms.publishing import PublicationForm, ReasonForm
from complaints.models import Complaint, Publication
from complaints.public_text import marked
from complaints.services import publishing
from governance.choices import Word
from governance.errors import HouseError, WrongMove
from governance.models.reach import may

TABS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "new": (gettext_lazy("可以公开"), ()),
    "prepared": (gettext_lazy("待核对"), (PublicationStage.PREPARED,)),
    "returned": (gettext_lazy("退回修改"), (PublicationStage.RETURNED,)),
    "released": (gettext_lazy("已公开"), (PublicationStage.RELEASED,)),
    "withdrawn": (gettext_lazy("已撤回"), (PublicationStage.WITHDRAWN,)),
}


def publications(request: HttpRequest) -> HttpResponse:
    """The list: cases that may be published, and texts by where they stand."""
    require_word(request.user, Word.DISPATCH)
    tab = request.GET.get("show", "new")
    if tab not in TABS:
        raise Http404
    words = words_of(request)
    wanted: Any = (
        found(published.to_publish(request.user), words, case="")
        if tab == "new"
        else found(published.texts(request.user, TABS[tab][1]), words, more="title")
    )
    rows, older = published.page_of(wanted, number(request.GET.get("before", "")))
    return page(
        request,
        "desk/publications.html",
        title=_("结果公开"),
        tabs=[(name, label, name == tab) for name, (label, _stages) in TABS.items()],
        tab=tab,
        q=words,
        rows=rows,
        newer_url="",
        older_url=kept(words, show=tab, before=older) if older else "",
    )


def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the public text of a case."""
    case = case_within_reach(request.user, pk)
    if not may(request.user, Word.DISPATCH, case.main_unit_path or case.subdistrict.path):
        raise PermissionDenied
    return write_page(request, case, None, partial(publishing.prepare, case.pk, by=request.user))


def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a text that waits, or that came back."""
    text = text_within_reach(request.user, pk)
    case = case_within_reach(request.user, text.complaint_id)
    return write_page(request, case, text, partial(publishing.revise, text.pk, by=request.user))


def write_page(
    request: HttpRequest,
    case: Complaint,
    text: Publication | None,
    act: Callable[..., Publication],
) -> HttpResponse:
    """The form beside the answer it is made from; every typed word stays when it is refused."""
    form = PublicationForm(request.POST or None, case=case, publication=text)
    sentence, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = act(**form.cleaned_data)
            except WrongMove as refusal:
                sentence, status = refusal.message, 409
            except HouseError as refusal:
                sentence = refusal.message
            else:
                messages.success(request, _("已提交，等另一位同事核对后公开。"))
                return redirect(text_url(done.pk))
    elif text is None:
        sentence, status = why_not(case)
    there = publishing.current(case) if sentence else None
    typed = request.POST.get("what_was_done", "")
    return page(
        request,
        "desk/publication_write.html",
        title=_("写公开文稿"),
        status=status,
        case=case,
        form=form,
        sentence=sentence,
        is_open=form.is_bound or not sentence,
        there_url=text_url(there.pk) if there else "",
        original=marked(form.original, form.names),
        original_title=marked(case.title, form.names),
        typed=marked(typed, form.names) if typed else [],
        back_url=case_url(case.pk),
    )


def why_not(case: Complaint) -> tuple[str, int]:
    """Why nothing of a case can be published now, before anybody types for nothing."""
    try:
        publishing.refuse_unfit(case)
    except HouseError as refusal:
        return refusal.message, 409
    if waiting := publishing.current(case):
        said = _("这件诉求的公开文稿已是“%(stage)s”。") % {"stage": waiting.get_stage_display()}
        return said, 409
    return "", 200


def text_page(request: HttpRequest, pk: int, sentence: str = "", status: int = 200) -> HttpResponse:
    """One public text as anybody would read it, beside the answer, with what may be done."""
    text = text_within_reach(request.user, pk)
    case = text.complaint
    names = publishing.names_of(case)
    is_own = text.prepared_by_id == request.user.pk
    checks = text.stage == PublicationStage.PREPARED and may(
        request.user, Word.REVIEW, text.organisation.path
    )
    answer = case.replies.filter(is_approved=True).order_by("-id").first()
    return page(
        request,
        "desk/publication.html",
        title=text.title,
        status=status,
        text=text,
        case=case,
        sentence=sentence,
        original=marked(answer.public_text if answer else "", names),
        is_own=is_own,
        may_check=checks and not is_own,
        may_revise=text.stage in (PublicationStage.PREPARED, PublicationStage.RETURNED),
        may_withdraw=text.stage != PublicationStage.WITHDRAWN,
        note=request.POST.get("note", ""),
        urls={
            name: reverse(f"admin:complaints_publication_{name}", args=[pk])
            for name in ("release", "return", "withdraw", "revise")
        },
        case_url=case_url(case.pk),
        public_url=reverse("results:street", args=[case.subdistrict_id]),
    )


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person lets anybody read it."""
    return carried_out(request, pk, partial(publishing.release, pk, by=request.user), _("已公开。"))


@require_POST
def return_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the clerk who wrote it."""
    return with_reason(request, pk, publishing.return_text, _("已退回修改。"))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the public page at once."""
    return with_reason(request, pk, publishing.withdraw_text, _("已撤回，公开页面上不再显示。"))


def with_reason(request: HttpRequest, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
    """A deed that needs a written reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return text_page(request, pk, form.errors["note"][0], 422)
    return carried_out(
        request, pk, partial(act, pk, by=request.user, note=form.cleaned_data["note"]), done
    )


def carried_out(request: HttpRequest, pk: int, act: Callable[[], Any], done: str) -> HttpResponse:
    """Carry a deed out, or show the text once more with the sentence that says why not."""
    text_within_reach(request.user, pk)
    try:
        act()
    except WrongMove as refusal:
        return text_page(request, pk, refusal.message, 409)
    except HouseError as refusal:
        return text_page(request, pk, refusal.message, 422)
    except PermissionDenied as refusal:
        return text_page(request, pk, str(refusal) or _("您没有这项操作的权限。"), 403)
    messages.success(request, done)
    return redirect(text_url(pk))


def text_within_reach(user: Any, pk: int) -> Publication:
    """A public text that the reader may write or check; a foreign and a missing one look alike."""
    rows = Publication.objects.visible_to(user, Word.DISPATCH).select_related(
        "organisation", "complaint__caller", "complaint__assignee", "complaint__subdistrict",
        "prepared_by__person", "checked_by__person", "withdrawn_by__person",
    )  # fmt: skip
    text = rows.filter(pk=pk).first()
    if text is None:
        raise Http404
    return text


def text_url(pk: int) -> str:
    """The address of a public text at the desk."""
    return reverse("admin:complaints_publication", args=[pk])


def urls(wrap: Callable[..., Any]) -> list[Any]:
    """The addresses of this part of the desk."""
    base = "publications/"
    return [
        path(base, wrap(publications), name="complaints_publications"),
        path(f"{base}write/<int:pk>/", wrap(write), name="complaints_publication_write"),
        path(f"{base}<int:pk>/", wrap(text_page), name="complaints_publication"),
        path(f"{base}<int:pk>/revise/", wrap(revise), name="complaints_publication_revise"),
        path(f"{base}<int:pk>/release/", wrap(release), name="complaints_publication_release"),
        path(f"{base}<int:pk>/return/", wrap(return_text), name="complaints_publication_return"),
        path(f"{base}<int:pk>/withdraw/", wrap(withdraw), name="complaints_publication_withdraw"),
    ]
