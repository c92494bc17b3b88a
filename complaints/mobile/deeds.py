"""The deeds of a grid worker on one case; each names its service and nothing else."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import pressing
from complaints.choices import PhotoGroup
from complaints.forms import (
    AnswerInstructionForm,
    AssignForm,
    ContactForm,
    DeedForm,
    NoteForm,
    ReplyForm,
)
from complaints.mobile.answers import CONFLICT, UNFIT, case_deed
from complaints.mobile.casepage import draw_case, shown_case, workdays_left
from complaints.mobile.deedpage import colleagues
from complaints.models import Complaint
from complaints.public_text import NUMBERS, personal_words
from complaints.services import callers, dispatching, handling, slips, supervising
from governance.errors import HouseError, WrongMove

Typed = dict[str, Any]


@case_deed("sign", DeedForm, said=gettext_lazy("已签收，请尽快联系诉求人。"))
def sign(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """签收: the unit confirms that it has the case."""
    handling.sign(case.pk, by=request.user, seen=data["seen"])


@case_deed(
    "contact",
    ContactForm,
    said=gettext_lazy("联系情况已记录。"),
    template="mobile/contact.html",
    lays_photos=PhotoGroup.CONTACT,
)
def contact(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """联系: what came of the call or the visit."""
    handling.contact(
        case.pk,
        by=request.user,
        channel=data["channel"],
        is_reached=data["reached"] == "yes",
        note=data["note"],
        seen=data["seen"],
    )


@case_deed(
    "log",
    NoteForm,
    said=gettext_lazy("办理情况已记录。"),
    template="mobile/log.html",
    lays_photos=PhotoGroup.HANDLING,
)
def log(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """记录: what was done on the way, with photos."""
    handling.log(case.pk, by=request.user, note=data["note"], seen=data["seen"])


@case_deed(
    "reply",
    ReplyForm,
    said=gettext_lazy("答复已提交，等待审核。"),
    template="mobile/reply.html",
    lays_photos=PhotoGroup.HANDLING,
)
def reply(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """回复待审: the answer, which another person reviews."""
    handling.reply(
        case.pk,
        by=request.user,
        result_kind=data["result_kind"],
        public_text=data["public_text"],
        internal_text=data["internal_text"],
        is_true=not data["is_untrue"],
        unsolved_reason=data["unsolved_reason"],
        no_contact_reason=data["no_contact_reason"],
        without_assists=data["without_assists"],
        shows_photos=data["shows_photos"],
        seen=data["seen"],
    )
    if any(one.kind in NUMBERS for one in personal_words(data["public_text"])):
        told = _("答复里有电话或证件号码，审核人会核对能不能给诉求人看。")
        messages.warning(request, told)


@case_deed(
    "escalate",
    NoteForm,
    said=gettext_lazy("已上报上一级，进展会通知您。"),
    template="mobile/escalate.html",
)
def escalate(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """上报: too big for this level."""
    dispatching.escalate(case.pk, by=request.user, note=data["note"], seen=data["seen"])


@case_deed(
    "hand_on",
    NoteForm,
    said=gettext_lazy("已转出，由社区重新派单。"),
    template="mobile/hand_on.html",
)
def hand_on(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """转出: not of this grid."""
    dispatching.hand_on(case.pk, by=request.user, note=data["note"], seen=data["seen"])


@case_deed("assign", AssignForm, said=gettext_lazy("已指定承办人。"), template="mobile/assign.html")
def assign(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """指定承办人: one of those who handle in the unit that has the case."""
    person = next((one for one in colleagues(case) if one.pk == data["person"]), None)
    if person is None:
        raise HouseError(_("只能指定当前办理单位中有办理权限的人员。"))
    handling.assign(case.pk, person, by=request.user, seen=data["seen"])


@case_deed(
    "answer_instruction",
    AnswerInstructionForm,
    said=gettext_lazy("落实情况已报告。"),
    template="mobile/answer_instruction.html",
)
def answer_instruction(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """批示落实: what was done about a leader's word, which has a due time of its own."""
    open_ones = case.instructions.filter(answered_at=None)
    instruction = open_ones.filter(pk=data["instruction"] or 0).first() or open_ones.last()
    if instruction is None:
        raise WrongMove(_("这件诉求的批示已经回复过了。"))
    supervising.answer_instruction(instruction, by=request.user, note=data["note"])


@case_deed(
    "answer_slip",
    AnswerInstructionForm,
    said=gettext_lazy("督办已反馈。"),
    template="mobile/answer_slip.html",
)
def answer_slip(request: HttpRequest, case: Complaint, data: Typed) -> None:
    """督办反馈: what was done about a slip, before its time is up."""
    waiting = pressing.open_slips(case)
    slip = next((row for row in waiting if row.pk == data["instruction"]), None)
    if slip is None:
        raise WrongMove(_("这份督办单已经反馈，或已升级，请反馈最新的一份。"))
    slips.answer(case.pk, slip=slip.pk, by=request.user, note=data["note"], seen=data["seen"])


@login_required
@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """打电话: shows the number once, audited, and asks what came of the call."""
    case = shown_case(request.user, pk)
    try:
        phone = callers.reveal_phone(pk, by=request.user)
    except WrongMove as refusal:
        return draw_case(request, case, status=CONFLICT, sentence=refusal.message)
    except HouseError as refusal:
        return draw_case(request, case, status=UNFIT, sentence=refusal.message)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    context = {
        "case": case,
        "phone": phone,
        "name": case.caller.name or _("诉求人"),
        "form": ContactForm.blank(case),
        "workdays": workdays_left(case),
    }
    return render(request, "mobile/call.html", context)
