"""The names of the figures as lists and tiles say them."""

from django.utils.translation import gettext_lazy as _

from governance.choices import Level

FIGURES = {
    "open": _("在办诉求"),
    "overdue": _("超期未办结"),
    "due_today": _("今日到期"),
    "to_dispatch": _("待受理与待派单"),
    "to_sign": _("待签收"),
    "to_review": _("待审核"),
    "to_call_back": _("待回访"),
    "suspended": _("已挂起"),
    "second_round": _("第二轮以上"),
    "elevated": _("提级督办"),
    "instructed": _("批示未落实"),
    "accepted": _("受理"),
    "valid": _("有效受理"),
    "merged": _("并单"),
    "repeated": _("重复诉求"),
    "from_hotline": _("12345热线"),
    "self_found": _("网格主动发现"),
    "due": _("应办结"),
    "finished": _("应办结中已办结"),
    "on_time": _("按期办结"),
    "not_on_time": _("未按期办结"),
    "on_original_time": _("原时限内办结"),
    "asked": _("回访已答"),
    "satisfied": _("满意"),
    "dissatisfied": _("不满意"),
    "answered": _("已答是否解决"),
    "solved": _("已解决"),
    "partly": _("部分解决"),
    "reworked": _("重办"),
    "first_time": _("一次办结"),
    "levelled": _("已办结且有解决层级"),
    "within_community": _("社区及以下解决"),
    **{f"at_level_{level}": level.label for level in Level},
}
