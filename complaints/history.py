"""The history of one case: its steps, what they are called, and the ladder of five levels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.choices import PhotoGroup, Stage
from complaints.models import Complaint, Photo, Step
from governance.choices import Level
from governance.models import Appointment, Organisation
from governance.prepared import planned
from governance.selectors import fill_organisations

VERBS = {
    "file": _("登记"),
    "submit": _("提交"),
    "accept": _("受理"),
    "ask_supplement": _("要求补充"),
    "supplement": _("补充材料"),
    "reject": _("不予受理"),
    "merge": _("并单"),
    "void": _("作废"),
    "return_to_source": _("退回来源"),
    "dispatch": _("派单"),
    "sign": _("签收"),
    "escalate": _("上报上级"),
    "hand_on": _("转出（不属于本网格）"),
    "assign": _("指定承办人"),
    "contact": _("联系诉求人"),
    "log": _("办理记录"),
    "reply": _("答复"),
    "approve": _("审核通过"),
    "send_back": _("退回修改"),
    "call_back": _("电话回访"),
    "close": _("结案"),
    "rate": _("居民评价"),
    "rework": _("重办"),
    "record_source_result": _("来源单位回访结果"),
    "archive": _("归档"),
    "ask_return": _("申请退单"),
    "ask_extension": _("申请延期"),
    "ask_suspension": _("申请挂起"),
    "claim_out_of_duty": _("申报超职责"),
    "take_back_request": _("撤回申请"),
    "grant_return": _("同意退单"),
    "grant_extension": _("同意延期"),
    "grant_suspension": _("同意挂起，时限暂停"),
    "grant_out_of_duty": _("认定超职责"),
    "refuse_request": _("不同意申请"),
    "resume": _("恢复办理，时限继续"),
    "recheck": _("挂起复核"),
    "record_city_answer": _("来源批复"),
    "take_back_from_source": _("来源不同意退回，重新受理"),
    "recompute": _("时限重新计算"),
    "ask_outside": _("征询外单位"),
    "ask_outside_by_desk": _("征询外单位"),
    "renew_outside": _("征询换新链接"),
    "renew_outside_by_desk": _("征询换新链接"),
    "end_outside": _("撤回征询"),
    "end_outside_by_desk": _("撤回征询"),
    "answer_outside": _("外单位答复"),
    "outside_late": _("外单位逾期未答复"),
    "add_assist": _("加派协办"),
    "release_assist": _("取消协办"),
    "whistle": _("吹哨"),
    "respond": _("部门响应"),
    "arrive": _("部门报到"),
    "answer_assist": _("协办答复"),
    "decline_assist": _("说明不承担协办"),
    "end_assists": _("不再等待协办"),
    "assist_late": _("协办超时"),
    "split": _("拆分子件"),
    "end_part": _("子件办结"),
    "take_in": _("并入一件"),
    "let_go": _("一件取消并入"),
    "unmerge": _("取消并单"),
    "unmerge_unaccepted": _("取消并单"),
    "answer_merged": _("随主件答复"),
    "ask_merged": _("随主件答复，待回访"),
    "wait_merged": _("主件重办，等待新的答复"),
    "close_merged": _("回访完成"),
    "withdraw": _("撤诉"),
    "restore": _("恢复"),
    "correct": _("更正"),
    "restrict": _("转保密件"),
    "urge": _("催办"),
    "instruct": _("领导批示"),
    "answer_instruction": _("批示落实"),
    "remind": _("时限提醒"),
    "supervise": _("督办"),
    "elevate": _("提级督办"),
    "answer_slip": _("督办反馈"),
    "withdraw_slip": _("撤回督办"),
    "issue_card": _("挂牌"),
    "withdraw_card": _("撤牌"),
    "print": _("打印"),
    "city_update": _("来源更新"),
    "undo_accept": _("撤销受理"),
    "undo_dispatch": _("撤销派单"),
    "undo_redispatch": _("撤销改派"),
    "undo_redispatch_unsigned": _("撤销改派"),
    "undo_hand_on": _("撤销转出"),
    "undo_hand_on_unsigned": _("撤销转出"),
    "undo_call": _("撤销回访记录"),
    "undo_close": _("撤销回访记录"),
    "undo_rework": _("撤销回访记录"),
    "undo_rework_closed": _("撤销回访记录"),
}


@dataclass(frozen=True)
class Rung:
    """One level of the ladder: "been", "here", "ahead" or "skipped"."""

    level: int
    label: str
    name: str
    state: str
    at: datetime | None


UNITS = ("subdistrict", "place", "holder", "main_unit")
PARENT: Any = Organisation._meta.get_field("parent")


def steps_of(case: Complaint) -> list[Step]:
    """The steps of a case with all a page shows of them, newest first; two statements at most."""
    steps = _steps(case=case.pk)
    posts = [step.appointment for step in steps if step.appointment]
    fill_organisations(
        [*((step, "holder_after") for step in steps), *((post, "organisation") for post in posts)],
        known=units_of(case),
    )
    return steps


def units_of(case: Complaint) -> list[Organisation]:
    """The organisations that were read with a case, and the way up from them; no statement."""
    found: dict[int, Organisation] = {}
    for name in UNITS:
        field: Any = Complaint._meta.get_field(name)
        unit = getattr(case, name) if field.is_cached(case) else None
        while unit is not None and unit.pk not in found:
            found[unit.pk] = unit
            unit = unit.parent if PARENT.is_cached(unit) else None
    return list(found.values())


def photos_of(case: Complaint) -> list[Photo]:
    """The photos of a case in the order they came; one statement."""
    return _photos(case=case.pk)


def albums_of(photos: list[Photo]) -> list[tuple[str, list[Photo]]]:
    """The photos under what they are: what the citizen sent first, each with its name."""
    albums = [(group.label, [one for one in photos if one.group == group]) for group in PhotoGroup]
    return [(str(label), inside) for label, inside in albums if inside]


@planned
def _photos(*, case: Any) -> QuerySet[Photo]:
    return Photo.objects.filter(complaint=case)


@planned
def _steps(*, case: Any) -> QuerySet[Step]:
    rows = Step.objects.filter(complaint=case).select_related(
        "by__person", "appointment__role", "appointment__deputises_for__person"
    )
    return rows.order_by("-number")


def post_of(post: Appointment) -> str:
    """Where and as what somebody acted, and in whose place."""
    words = f"{post.organisation.display_name} {post.role.label}"
    if post.deputises_for is None:
        return words
    said = _("%(post)s（代 %(name)s）") % {"post": words, "name": post.deputises_for.person.name}
    return str(said)


# Here a case waits to be given to a unit.
OF_THE_DESK = (Stage.PENDING_ACCEPTANCE, Stage.PENDING_SUPPLEMENT, Stage.PENDING_DISPATCH)


def ladder(case: Complaint, steps: list[Step]) -> list[Rung]:
    """Where the case is held on the five levels and where it has been, lowest level first."""
    been: dict[int, tuple[Organisation, datetime]] = {}
    # A slip that was taken back at once has been nowhere.
    slips = {step.number - 1 for step in steps if step.verb.startswith("undo_")}
    steps = [step for step in steps if step.number not in slips]
    for step in sorted(steps, key=lambda step: step.number):
        holder = step.holder_after
        # Whoever only gives it away has not handled it: the street's desk is no rung of the climb.
        is_on_a_rung = step.verb == "escalate" or step.stage_after not in OF_THE_DESK
        if holder is not None and holder.level and is_on_a_rung:
            been[holder.level] = (holder, step.at)
    here = case.holder.level if case.holder else None
    # Before the first dispatch nobody knows where the way up begins, so no level is left out yet.
    is_on_its_way = any(step.verb == "dispatch" for step in steps)
    lowest = max(been, default=here or 1) if is_on_its_way else max(Level)
    names = names_above(case)
    return [
        Rung(
            level=level,
            label=str(Level(level).label),
            name=been[level][0].display_name if level in been else names.get(level, ""),
            state=_state(level, here, lowest, been),
            at=been[level][1] if level in been else None,
        )
        for level in sorted(Level, reverse=True)
    ]


def _state(level: int, here: int | None, lowest: int, been: dict[int, Any]) -> str:
    if level == here:
        return "here"
    if level in been:
        return "been"
    return "skipped" if level > (here or lowest) or level > lowest else "ahead"


def names_above(case: Complaint) -> dict[int, str]:
    """Names of the organisations on the way up from the place of the case.

    No statement, when the case was read by `case_within_reach`, which knows the whole way.
    """
    names, unit = {}, case.place or case.holder
    while unit is not None:
        if unit.level:
            names[unit.level] = unit.display_name
        unit = unit.parent
    return names
