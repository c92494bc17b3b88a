"""Words of the ground floor: levels, kinds, rights."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.saying import said_once


class Level(models.IntegerChoices):
    """The five party levels (`domain.md` 2.1); the type fixes the depth."""

    WORKING_COMMITTEE = 1, _("街道党工委")
    GRAND_COMMITTEE = 2, _("社区大党委")
    GRID_BRANCH = 3, _("网格党支部")
    BUILDING_GROUP = 4, _("楼宇党小组")
    PARTY_HOUSEHOLD = 5, _("居民党员户")


class OrganisationKind(models.TextChoices):
    """Party nodes make the tree; everything else hangs on the subdistrict without a level."""

    PARTY = "party", _("党组织")
    DEPARTMENT = "department", _("职能部门")
    OFFICE = "office", _("街道科室")
    SQUAD = "squad", _("执法中队")


class CommunityKind(models.TextChoices):
    """What kind of community a level-2 node governs (`domain.md` 0.2)."""

    URBAN = "urban", _("城市社区")
    CONVERTED_VILLAGE = "converted_village", _("村改居社区")


class BranchKind(models.TextChoices):
    """What kind of branch a level-3 node is (`domain.md` 2.1, 2.4)."""

    GRID = "grid", _("网格党支部")
    JOINT = "joint", _("联合党支部")
    TIME_BASED = "time_based", _("时间党支部")
    FUNCTIONAL = "functional", _("功能型党支部")


class ChangeKind(models.TextChoices):
    """How an organisation came out of another."""

    SUCCESSION = "succession", _("更替")
    MERGER = "merger", _("合并")
    SPLIT = "split", _("拆分")


class Word(models.TextChoices):
    """Rights, as one word each; granted on one organisation, true for everything beneath it."""

    SEE = "see", _("查看")
    HANDLE = "handle", _("办理")
    DISPATCH = "dispatch", _("派单")
    REVIEW = "review", _("审核")
    CALLBACK = "callback", _("回访")
    INSTRUCT = "instruct", _("批示")
    MANAGE = "manage", _("人员组织管理")
    CARE = "care", _("关爱档案")
    CONFIGURE = "configure", _("规则设置")
    SECURE = "secure", _("安全管理")
    AUDIT = "audit", _("审计")
    DISCIPLINE = "discipline", _("纪检查阅")


class SecretKind(models.TextChoices):
    """Sealed numbers of a person."""

    PHONE = "phone", _("电话")
    ID_NUMBER = "id_number", _("证件号码")
    EMAIL = "email", _("邮箱")


class Gender(models.TextChoices):
    """As printed on the identity card."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")
    UNKNOWN = "unknown", _("未登记")


class NoticeKind(models.TextChoices):
    """What a notice asks of its reader."""

    TASK = "task", _("待办")
    REMINDER = "reminder", _("提醒")
    WARNING = "warning", _("预警")
    NEWS = "news", _("通知")


class ChannelKind(models.TextChoices):
    """Ways out of the house; rules name a kind, a street has no, one or several channels of it."""

    SMS = "sms", _("短信网关")
    EMAIL = "email", _("邮件")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    FILE = "file", _("本机文件（演示）")


class DeliveryState(models.TextChoices):
    """The life of a message that leaves the house."""

    WAITING = "waiting", _("等待发送")
    SENT = "sent", _("已送达")
    GAVE_UP = "gave_up", _("未送达")
    VOID = "void", _("已作废")


class JobState(models.TextChoices):
    """The life of a long piece of work."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")


@said_once
def label_of(choices: type[models.TextChoices], value: str) -> str:
    """The words for one value of a set of choices; a value outside it speaks for itself."""
    return str(choices(value).label) if value in choices.values else value


@said_once
def words_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """The words for each value of a set of choices, for lists that need them row by row."""
    return {value: str(label) for value, label in choices.choices}


class ApiArea(models.TextChoices):
    """What a token may read through the interface, list by list."""

    COMPLAINTS = "complaints", _("诉求")
    ORGANISATIONS = "organisations", _("组织")
    GRIDS = "grids", _("网格")
    CATEGORIES = "categories", _("诉求分类")
