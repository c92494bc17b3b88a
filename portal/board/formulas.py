"""怎么算的: every rate of the house with its formula, and what it comes to here and now."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints import rates
from complaints.choices import RequestKind, RequestState
from complaints.figures import Rate, Tally, rows
from complaints.models import CaseRequest
from portal.board.scope import Scope


@dataclass(frozen=True)
class Formula:
    """One rate: its name, what is divided by what, what is left out, and how it is computed."""

    anchor: str
    name: Any
    above: Any
    below: Any
    aside: Any
    of: Callable[[Scope, Tally], Rate]
    raw: Callable[[Tally], Rate] | None = None
    """The same with what was ruled out of duty counted as well, where that makes a difference."""


@dataclass(frozen=True)
class Line:
    """A formula, what it comes to here and now, and what it came to without any exclusion."""

    formula: Formula
    rate: Rate
    raw: Rate | None


@dataclass(frozen=True)
class Computed:
    """All rates of a page, how many cases are left out of the citizens' verdict, and by whose word."""

    lines: list[Line]
    excluded: int
    rulings: list[CaseRequest]


def of_due(rate: Callable[[Tally], Rate]) -> Callable[[Scope, Tally], Rate]:
    """A rate that reads from the figures of the cases that were due."""
    return lambda _scope, due: rate(due)


def of_cases(rate: Callable[..., Rate], *, with_now: bool) -> Callable[[Scope, Tally], Rate]:
    """A rate that counts rows of its own."""
    if with_now:
        return lambda scope, _due: rate(scope.cases, scope.period, scope.now)
    return lambda scope, _due: rate(scope.cases, scope.period)


MOST_RULINGS = 50
DUE = _("应办结的诉求")
NO_ANSWER = _("未接通、拒绝评价的不计入分母。")
FORMULAS = (
    Formula("completion", _("办结率"), _("时段末已办结"), DUE, _("重办不改变首次办结的记录。"), of_due(rates.completion)),
    Formula("on_time", _("按期办结率"), _("在有效期限前办结"), DUE, _("批准延期的，按新期限算。"), of_due(rates.on_time)),
    Formula("on_original_time", _("原时限内办结率"), _("在最初期限前办结"), DUE, _("不看延期；与按期办结率的差就是延期的作用。"), of_due(rates.on_original_time)),
    Formula("satisfaction", _("群众满意率"), _("很满意＋满意＋基本满意"), _("回访已答"), NO_ANSWER, of_due(rates.satisfaction), partial(rates.satisfaction, raw=True)),
    Formula("dissatisfaction", _("不满意率"), _("不满意＋很不满意"), _("回访已答"), NO_ANSWER, of_due(rates.dissatisfaction), partial(rates.dissatisfaction, raw=True)),
    Formula("solved", _("解决率"), _("已解决＋部分解决的一半"), _("已答“是否解决”"), _("以群众的回答为准，不以承办单位的填报为准。"), of_due(rates.solved), partial(rates.solved, raw=True)),
    Formula("response", _("响应率"), _("时限内联系过，且群众说联系及时"), _("回访时答了是否及时联系"), _("记录和群众的话都要有，缺一不可。"), of_cases(rates.response, with_now=True)),
    Formula("sample", _("回访样本"), _("回访已答"), DUE, _("低于 30% 时，满意率说明不了多少。"), of_due(rates.sample)),
    Formula("callback", _("回访率"), _("已接通，或按规定次数未接通"), _("须回访的已办结诉求"), _("不须回访的分类、没有电话的诉求人和子件不计。"), of_cases(rates.callback, with_now=True)),
    Formula("rework", _("重办率"), _("有第二轮的"), _("已办结"), _("第二轮以上也只算一次。"), of_due(rates.rework)),
    Formula("first_time", _("一次办结率"), _("第一轮就解决的（群众认可）"), _("已办结"), "", of_due(rates.first_time)),
    Formula("within_community", _("矛盾不出社区"), _("社区及以下解决"), _("已办结且有解决层级"), _("不出网格同理：网格党支部及以下解决。"), of_due(rates.within_community)),
    Formula("sign_on_time", _("签收及时率"), _("本人在时限内签收"), _("时限已到或已签收的派单"), _("系统自动签收的算未及时。"), of_cases(rates.sign_on_time, with_now=True)),
    Formula("first_contact", _("首联及时率"), _("时限内联系上，或联系三次"), _("已签收且有电话的派单"), "", of_cases(rates.first_contact, with_now=True)),
    Formula("moved_on", _("退转率"), _("退单或转出的派单"), _("派单"), _("撤销的误派不计。"), of_cases(rates.moved_on, with_now=False)),
    Formula("first_hit", _("首派准确率"), _("第一次就派对单位的"), _("第一次派单"), _("考核派单人，不考核承办单位。"), of_cases(rates.first_hit, with_now=False)),
)  # fmt: skip


def computed(scope: Scope) -> Computed:
    """Every formula with what it comes to for the unit and the period on screen."""
    due = rates.due_tally(scope.cases, scope.period, scope.now)
    lines = [
        Line(formula, formula.of(scope, due), formula.raw(due) if formula.raw else None)
        for formula in FORMULAS
    ]
    return Computed(lines, due["excluded"], rulings(scope) if due["excluded"] else [])


def rulings(scope: Scope) -> list[CaseRequest]:
    """Who ruled which of the excluded cases out of duty, and on what ground; the newest first."""
    excluded = rows(scope.cases, "excluded", scope.period, scope.now)
    granted = CaseRequest.objects.filter(
        complaint__in=excluded, kind=RequestKind.OUT_OF_DUTY, state=RequestState.GRANTED
    )
    shown = granted.select_related("complaint", "reason", "unit", "decided_by__person", "decider")
    return list(shown.order_by("-decided_at", "-pk")[:MOST_RULINGS])
