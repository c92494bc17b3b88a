"""A reminder rule as one sentence, so that an office reads what it has set before anybody is told."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from complaints.choices import Card, Hush, LimitUnit, Supervision, Trigger
from complaints.models import ReminderRule
from governance.choices import ChannelKind, Level, label_of
from governance.selectors import Post

LISTED = "、"
PARTS = "；"
# What an audience may name beside posts, and how many levels up one may look.
PARTS_IN_CASE = {
    "handler": kept("承办人"),
    "above:1": kept("承办单位的上一级负责人"),
    "above:2": kept("承办单位的上两级负责人"),
    "dispatcher": kept("派单人"),
    "decider": kept("审批人"),
}
SPANS = {
    LimitUnit.WORKDAYS: kept("%(count)s个工作日"),
    LimitUnit.CALENDAR_DAYS: kept("%(count)s个自然日"),
    LimitUnit.WORK_HOURS: kept("%(count)s个工作时"),
    LimitUnit.WALL_HOURS: kept("%(count)s小时"),
    LimitUnit.WALL_MINUTES: kept("%(count)s分钟"),
}
# The words for "at once" and for "later by so much".
AFTER = {
    Trigger.SIGN_PASSED: (kept("签收超时时"), kept("签收超时满%(span)s时")),
    Trigger.CONTACT_PASSED: (
        kept("首次联系超时时"), kept("首次联系超时满%(span)s时"),
    ),
    Trigger.OVERDUE: (kept("一超期"), kept("超期满%(span)s时")),
    Trigger.BOX: (
        kept("在本级停留超时、不再自动上报时"), kept("在本级停留超时满%(span)s时"),
    ),
    Trigger.REQUEST: (kept("提出申请时"), kept("申请满%(span)s仍未审批时")),
    Trigger.UNREACHED: (
        kept("回访未接通、到了再打时间"), kept("回访到再打时间满%(span)s时"),
    ),
    Trigger.INSTRUCTION: (kept("批示逾期未落实时"), kept("批示逾期满%(span)s仍未落实时")),
    Trigger.SLIP: (kept("督办逾期未反馈时"), kept("督办逾期未反馈时")),
}  # fmt: skip


def sentence(rule: ReminderRule, posts: Mapping[str, Post]) -> str:
    """When, who, how, and what follows, in Chinese; `posts` gives the names of the posts."""
    people = LISTED.join(dict.fromkeys(name_of(word, posts) for word in rule.audience))
    told = _("%(when)s，提醒%(people)s") % {"when": moment_words(rule), "people": people or "—"}
    parts = [told, hush_words(rule)]
    if rule.channels:
        ways = LISTED.join(label_of(ChannelKind, kind) for kind in rule.channels)
        parts.append(_("同时经%(ways)s发送") % {"ways": ways})
    if rule.card != Card.NONE:
        parts.append(_("挂%(card)s") % {"card": Card(rule.card).label})
    if rule.supervision != Supervision.NONE:
        parts.append(_("列入%(level)s") % {"level": Supervision(rule.supervision).label})
    if rule.drafts_slip:
        parts.append(_("自动拟好督办单待签发"))
    if rule.measure:
        parts.append(_("要求：%(measure)s") % {"measure": rule.measure})
    return PARTS.join(part for part in parts if part) + "。"


def moment_words(rule: ReminderRule) -> str:
    """When a rule strikes."""
    values = {
        "span": _(SPANS[LimitUnit(rule.unit)]) % {"count": rule.amount},
        "amount": rule.amount,
        "percent": rule.left_percent,
    }
    words = {
        Trigger.SIGN_SHARE: _("签收时限用去%(amount)s%%仍未签收时"),
        Trigger.SHARE: _("办理时限用去%(amount)s%%时"),
        Trigger.LEFT: _("提前%(span)s（按小时计的时限剩余%(percent)s%%时）"),
        Trigger.ROUND: _("进入第%(amount)s轮办理时"),
        Trigger.TRANSFERS: _("转派达到%(amount)s次时"),
        Trigger.COLLECTIVE: _("并单满%(amount)s位诉求人或认定为群体诉求时")
        if rule.amount
        else _("认定为群体诉求时"),
    }
    if rule.trigger in words:
        return words[Trigger(rule.trigger)] % values
    at_once, later = AFTER[Trigger(rule.trigger)]
    return str(_(later) % values if rule.amount else _(at_once))


def hush_words(rule: ReminderRule) -> str:
    """In which hours a rule may be heard."""
    if rule.hush == Hush.NONE:
        return _("不分昼夜")
    words = {
        Hush.NIGHT: _("夜间不打扰（特急除外）"),
        Hush.OFFICE: _("只在上班时间（特急除外）"),
    }
    return words[Hush(rule.hush)]


def name_of(word: str, posts: Mapping[str, Post]) -> str:
    """Who a word of an audience means; the level is said where the post stands on several."""
    if word in PARTS_IN_CASE:
        return str(_(PARTS_IN_CASE[word]))
    role, _at, level = word.partition("@")
    post = posts.get(role)
    if post is None:
        return role
    if not level or len(post.levels) == 1:
        return post.name
    return _("%(place)s的%(post)s") % {"place": level_name(int(level)), "post": post.name}


def level_name(level: int) -> str:
    """A level of the party tree in words; 0 is a department."""
    return str(Level(level).label) if level else _("部门和科室")
