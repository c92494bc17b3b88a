"""The form of a deed: drawn empty, and drawn again with every typed word when it was refused."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import helping, pressing, requested
from complaints.choices import PhotoGroup
from complaints.forms import DeedForm, say_the_unit
from complaints.history import VERBS
from complaints.mobile.casepage import (
    draw_case,
    offered,
    open_instructions,
    shown_case,
    workdays_left,
)
from complaints.models import Complaint, Photo
from complaints.ready_words import templates_for
from complaints.services import photos
from complaints.services.callers import may_know_caller
from complaints.workflow import MOVES
from governance.choices import Word
from governance.models import Person
from governance.models.reach import may
from governance.selectors import who_serves

CONFLICT, UNFIT = 409, 422
# What somebody should know before asking.
LEADS: dict[str, Any] = {
    "ask_return": gettext_lazy("审批期间时限照常计算；不批准则继续办理。"),
    "ask_extension": gettext_lazy(
        "须在到期前申请，并先告知诉求人；从原到期日起顺延，批准前仍按原期限办理。"
    ),
    "ask_suspension": gettext_lazy("批准后时限暂停，期满自动恢复，剩余时间不增不减。"),
    "claim_out_of_duty": gettext_lazy("仍须答复诉求人；街道认定后不计入解决率和满意率。"),
}
# As long as a template of the office may be (`ReplyTemplate.text`).
LONGEST_GIVEN = 600
# Sentences to tap instead of typing.
SENTENCES: dict[str, tuple[Any, ...]] = {
    "log": (
        gettext_lazy("已到现场查看。"),
        gettext_lazy("已联系物业，正在处理。"),
        gettext_lazy("已劝导当事人，对方同意整改。"),
    ),
    "escalate": (
        gettext_lazy("物业拒不配合，需社区协调。"),
        gettext_lazy("涉及多个网格，需社区统筹。"),
        gettext_lazy("需要执法部门到场。"),
    ),
    "answer_assist": (
        gettext_lazy("已到现场处理完毕。"),
        gettext_lazy("已到现场查看，情况如下："),
        gettext_lazy("已责令当事人整改。"),
    ),
    "arrive": (
        gettext_lazy("已到现场。"),
        gettext_lazy("已到现场，负责现场执法。"),
    ),
    "decline_assist": (
        gettext_lazy("不属于本单位职责。"),
        gettext_lazy("同一事项已由其他单位办理。"),
    ),
    "hand_on": (
        gettext_lazy("不属于本网格。"),
        gettext_lazy("地址有误，实际不在本网格。"),
        gettext_lazy("属于职能部门职责。"),
    ),
}


def first_page(
    request: HttpRequest,
    case: Complaint,
    verb: str,
    form: DeedForm,
    template: str,
    *,
    group: str = "",
) -> HttpResponse:
    """The form of a deed before it is sent; 404 for a deed that is not the user's, 409 when it is too late."""
    if verb in (*helping.OF_UNITS, *helping.OF_ASKERS):
        is_own = helping.has_right(case, request.user, verb)
    else:
        is_own = may(request.user, str(MOVES[verb].word), case.holder_path or case.subdistrict.path)
    if not is_own:
        raise Http404
    context = context_of(request, case, verb, form, group)
    return render(request, template, context, status=200 if context["is_possible"] else CONFLICT)


def words_given(request: HttpRequest) -> dict[str, str]:
    """What a tapped sentence puts into the form; so it works without JavaScript."""
    return {
        name: request.GET[name][:LONGEST_GIVEN]
        for name in ("note", "public_text")
        if name in request.GET
    }


@dataclass(frozen=True)
class Again:
    """Draws the page once more: the present state of the case, a sentence, every typed word."""

    request: HttpRequest
    pk: int
    form: DeedForm
    verb: str
    template: str
    group: str = ""

    def __call__(self, status: int, sentence: str) -> HttpResponse:
        """Answer with `status`; the next try goes under a new key and from the present state."""
        case = shown_case(self.request.user, self.pk)
        if status == UNFIT and not has_word_on(case, self.request.user, self.verb):
            raise Http404
        if not self.template:
            sentence = sentence or _("这一页已过期，请再点一次。")
            return draw_case(self.request, case, status=status, sentence=sentence)
        self.form.under_new_key(seen=case.step_count)
        context = context_of(self.request, case, self.verb, self.form, self.group)
        more = {"sentence": sentence, "has_moved_on": status == CONFLICT}
        return render(self.request, self.template, context | more, status=status)


def has_word_on(case: Complaint, user: Any, verb: str) -> bool:
    """Whether the deed is the user's at all, wherever the case may have gone meanwhile."""
    if verb in helping.OF_UNITS:
        return helping.has_right(case, user, verb)
    paths = (case.holder_path, case.main_unit_path, case.place_path)
    return any(may(user, str(MOVES[verb].word), path) for path in paths)


def context_of(
    request: HttpRequest, case: Complaint, verb: str, form: DeedForm, group: str = ""
) -> dict[str, Any]:
    """What the template of a deed needs; photos of `group` that no step rests on may still go."""
    context = {
        "case": case,
        "form": form,
        "verb": verb,
        "is_possible": verb in offered(case, request.user),
        "workdays": workdays_left(case),
        "sentences": SENTENCES.get(verb, ()),
        "tab": "complaints",
    }
    if group:
        context["fresh"] = list(photos.unused(case, by=request.user, group=group))
    if verb == "reply":
        context |= answer_context(request, case, context.get("fresh", []))
    if verb == "answer_instruction":
        context["instructions"] = open_instructions(case)
    if verb == "answer_slip":
        context["slips"] = pressing.open_slips(case)
    if verb in requested.KIND_OF_VERB:
        context |= asking_context(case, verb, form)
    if verb == "refuse_request":
        context["requests"] = requested.to_decide(case, request.user)
    if verb in helping.OF_UNITS:
        context |= {
            "heading": VERBS[verb],
            "assists": helping.own_rows(case, request.user, verb),
            "needs_note": MOVES[verb].needs_note,
        }
    if verb == "add_assist":
        context["units"] = helping.units_to_ask(case, request.user)
    if verb == "assign":
        context["people"] = colleagues(case)
    return context


def asking_context(case: Complaint, verb: str, form: DeedForm) -> dict[str, Any]:
    """The office's grounds for one kind of request, its limits, and what it is called."""
    kind = requested.KIND_OF_VERB[verb]
    rules = requested.rules_for(case)
    rule = rules.requests.get(kind)
    if rule is not None and "amount" in form.fields:
        say_the_unit(form.fields["amount"], rule, case)
    return {
        "heading": VERBS[verb],
        "lead": LEADS[verb],
        "grounds": [row for row in rules.reasons if row.kind == kind and row.is_enabled],
    }


def colleagues(case: Complaint) -> list[Person]:
    """Those who handle in the unit that has the case now."""
    return who_serves(case.holder, word=Word.HANDLE) if case.holder else []


def answer_context(request: HttpRequest, case: Complaint, fresh: list[Photo]) -> dict[str, Any]:
    """What an answer rests on: contacts of this round and photos of the work."""
    of_the_work = case.photos.filter(group=PhotoGroup.HANDLING, round=case.round)
    was_contacted = case.contacts.filter(round=case.round).exists()
    return {
        "needs_contact_reason": not was_contacted,
        "has_phone": bool(case.caller.phone_masked) and may_know_caller(case, request.user),
        "handling_photos": of_the_work,
        "fresh_ids": [photo.pk for photo in fresh],
        "ready": templates_for(case),
    }
