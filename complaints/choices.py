"""Words of the third floor: stages, sources, urgency, results."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a complaint is in its life; the only list (`domain.md` 5.1)."""

    DRAFT = "draft", _("待登记")
    PENDING_ACCEPTANCE = "pending_acceptance", _("待受理")
    PENDING_SUPPLEMENT = "pending_supplement", _("待补充")
    PENDING_DISPATCH = "pending_dispatch", _("待派单")
    PENDING_SIGN = "pending_sign", _("待签收")
    HANDLING = "handling", _("办理中")
    PENDING_REVIEW = "pending_review", _("待审核")
    PENDING_CALLBACK = "pending_callback", _("待回访")
    CLOSED = "closed", _("已办结")
    ARCHIVED = "archived", _("已归档")
    REJECTED = "rejected", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤诉")
    MERGED = "merged", _("已并单")
    VOIDED = "voided", _("作废")
    RETURNED_TO_SOURCE = "returned_to_source", _("已退回来源")


OPEN_STAGES = (
    Stage.PENDING_ACCEPTANCE,
    Stage.PENDING_SUPPLEMENT,
    Stage.PENDING_DISPATCH,
    Stage.PENDING_SIGN,
    Stage.HANDLING,
    Stage.PENDING_REVIEW,
    Stage.PENDING_CALLBACK,
)
# Stages that never count as an accepted case (`domain.md` 8.3, "valid").
INVALID_STAGES = (Stage.DRAFT, Stage.REJECTED, Stage.VOIDED, Stage.MERGED, Stage.RETURNED_TO_SOURCE)


class Source(models.TextChoices):
    """By which way a complaint came in."""

    HOTLINE = "hotline", _("12345热线")
    PLATFORM = "platform", _("上级平台")
    PHONE = "phone", _("街道电话")
    COUNTER = "counter", _("窗口来访")
    WEB = "web", _("网络")
    QR = "qr", _("居民扫码")
    PATROL = "patrol", _("网格巡查")


# Orders whose deadline belongs to somebody above the street (`domain.md` 1.6 rule 7).
CITY_SOURCES = (Source.HOTLINE, Source.PLATFORM)


class Urgency(models.TextChoices):
    """How fast the first answer must come."""

    CRITICAL = "critical", _("特急")
    URGENT = "urgent", _("紧急")
    ORDINARY = "ordinary", _("一般")
    COMPLEX = "complex", _("复杂")


class LimitUnit(models.TextChoices):
    """Units of time; never converted into each other (`domain.md` 1.6 rule 1)."""

    WALL_MINUTES = "wm", _("分钟")
    WALL_HOURS = "wh", _("小时")
    WORK_HOURS = "kh", _("工作时")
    WORKDAYS = "wd", _("工作日")
    CALENDAR_DAYS = "cd", _("自然日")


class RequestUnit(models.TextChoices):
    """In what a request is counted: a unit of its own, or the one of the limit of the case."""

    WALL_MINUTES = "wm", _("分钟")
    WALL_HOURS = "wh", _("小时")
    WORK_HOURS = "kh", _("工作时")
    WORKDAYS = "wd", _("工作日")
    CALENDAR_DAYS = "cd", _("自然日")
    OF_THE_CASE = "own", _("与诉求时限相同")


class Supervision(models.TextChoices):
    """How hard the case is being pressed (`domain.md` 5.2)."""

    NONE = "none", _("无")
    URGED = "urged", _("催办")
    SUPERVISED = "supervised", _("督办")
    ELEVATED = "elevated", _("提级督办")


class Card(models.TextChoices):
    """Near or over the limit (`domain.md` 1.5)."""

    NONE = "none", _("无")
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")


class ResultKind(models.TextChoices):
    """What came out, as the reply says."""

    SOLVED = "solved", _("已解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained", _("已解释说明")
    NOT_ACCEPTED = "not_accepted", _("诉求不成立")


class Solved(models.TextChoices):
    """What the citizen says: is it solved?"""

    YES = "yes", _("已解决")
    PARTLY = "partly", _("部分解决")
    NO = "no", _("未解决")


class Satisfaction(models.TextChoices):
    """What the citizen says: satisfied? Five levels are stored (`domain.md` Q9)."""

    VERY_SATISFIED = "very_satisfied", _("很满意")
    SATISFIED = "satisfied", _("满意")
    BASICALLY = "basically", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    VERY_DISSATISFIED = "very_dissatisfied", _("很不满意")


SATISFIED = (Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASICALLY)


class CallbackOutcome(models.TextChoices):
    """What came of one attempt to ask the citizen."""

    REACHED = "reached", _("已接通")
    UNREACHED = "unreached", _("未接通")
    LATER = "later", _("约定再打")
    WRONG = "wrong", _("号码有误")
    REFUSED = "refused", _("拒绝评价")
    SOURCE = "source", _("来源单位反馈")
    LINK = "link", _("居民扫码评价")
    UNDONE = "undone", _("已撤销")


# Tries that count towards giving up (`domain.md` 5.1); a call put off by the citizen does not.
FAILED_CALLS = (CallbackOutcome.UNREACHED, CallbackOutcome.WRONG)


class PublicationStage(models.TextChoices):
    """Where a public text stands between the clerk who writes it and anybody who reads it."""

    PREPARED = "prepared", _("待核对")
    RETURNED = "returned", _("退回修改")
    RELEASED = "released", _("已公开")
    WITHDRAWN = "withdrawn", _("已撤回")


class ContactChannel(models.TextChoices):
    """How the handler got in touch first (先行联系)."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("短信或微信")
    NONE = "none", _("无法联系")


class RejectReason(models.TextChoices):
    """Published grounds for not accepting a matter (`domain.md` 1.4)."""

    OUTSIDE_CITY = "outside_city", _("不属于本市行政区域")
    OTHER_BODIES = "other_bodies", _("属于党委、人大、政协、法院、检察院、部队职责")
    EMERGENCY = "emergency", _("属于110、119、120、122紧急求助")
    LEGAL_CHANNEL = "legal_channel", _("须经诉讼、仲裁、纪检、复议、信访、信息公开途径")
    ALREADY_HANDLED = "already_handled", _("正在办理或已依法办结，无新的事实")
    SECRET = "secret", _("涉及国家秘密、商业秘密、个人隐私")
    NO_REQUEST = "no_request", _("辱骂滋扰或无实质诉求")


class ReturnReason(models.TextChoices):
    """Why a city order goes back to where it came from."""

    NOT_OURS = "not_ours", _("不属于本街道辖区")
    NOT_OUR_DUTY = "not_our_duty", _("不属于街道职责")
    DOUBLE = "double", _("重复派单")
    UNCLEAR = "unclear", _("信息不全，无法办理")


class AssignmentEnd(models.TextChoices):
    """Why a dispatch is no longer the current one."""

    FINISHED = "finished", _("办结")
    REDISPATCHED = "redispatched", _("改派")
    HANDED_ON = "handed_on", _("转出（不属于本网格）")
    REWORKED = "reworked", _("重办")
    STOPPED = "stopped", _("撤诉或并单")
    RETURNED = "returned", _("退单")
    UNDONE = "undone", _("派错撤销")


class DispatchRule(models.TextChoices):
    """By which rule a unit was found; 首派准确率 is read by it (`domain.md` 8.3)."""

    HANDLER = "handler", _("分类默认承办单位")
    HINT = "hint", _("来单提示")
    PLACE = "place", _("地址所属网格或社区")
    UNIT_KIND = "unit_kind", _("职能单位")
    BY_HAND = "by_hand", _("人工选择")
    REPORTER = "reporter", _("发现人自办")


class RequestKind(models.TextChoices):
    """What a unit may ask for beside its work (`domain.md` 1.6 rules 7-10)."""

    RETURN = "return", _("退单")
    EXTENSION = "extension", _("延期")
    SUSPENSION = "suspension", _("挂起")
    OUT_OF_DUTY = "out_of_duty", _("超职责")
    SOURCE_RETURN = "source_return", _("退回来源")


class RequestState(models.TextChoices):
    """What became of a request."""

    PENDING = "pending", _("待审批")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")
    TAKEN_BACK = "taken_back", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class RequestDecider(models.TextChoices):
    """Who decides a request: never whoever asks."""

    DESK_ABOVE = "desk_above", _("上一级派单台")
    STREET = "street", _("街道热线办")


class AssistKind(models.TextChoices):
    """In which way a unit is asked to help: quietly, or by one of three whistles (5.4)."""

    ASSIST = "assist", _("协办")
    ENFORCEMENT = "enforcement", _("综合执法哨")
    PRIORITY = "priority", _("重点工作哨")
    EMERGENCY = "emergency", _("应急处置哨")


WHISTLES = (AssistKind.ENFORCEMENT, AssistKind.PRIORITY, AssistKind.EMERGENCY)


class AssistState(models.TextChoices):
    """How far a unit that was asked to help has come."""

    ASKED = "asked", _("待答复")
    RESPONDED = "responded", _("已响应")
    ARRIVED = "arrived", _("已报到")
    ANSWERED = "answered", _("已答复")
    DECLINED = "declined", _("说明不承担")
    RELEASED = "released", _("已取消")
    UNANSWERED = "unanswered", _("未答复，已办结")


# Help that is still waited for.
AWAITED = (AssistState.ASKED, AssistState.RESPONDED, AssistState.ARRIVED)


class CityAnswer(models.TextChoices):
    """What the city says to a request about its own order (`domain.md` 1.6 rule 7)."""

    WAITING = "waiting", _("待来源批复")
    APPROVED = "approved", _("来源已同意")
    REFUSED = "refused", _("来源不同意")


class OutsiderKind(models.TextChoices):
    """Who is asked by a link because they have no account here."""

    PROPERTY = "property", _("物业服务企业")
    DEPARTMENT = "department", _("职能部门")
    UTILITY = "utility", _("水电气热等单位")
    OTHER = "other", _("其他单位")


class PhotoGroup(models.TextChoices):
    """Attachments in groups, as the provincial form has them (`domain.md` 1.4)."""

    REPORT = "report", _("诉求照片")
    CERTIFICATE = "certificate", _("证件附件")
    CONTACT = "contact", _("联系证据")
    HANDLING = "handling", _("办理附件")
    OUTSIDE = "outside", _("外单位照片")


class Trigger(models.TextChoices):
    """When a reminder falls due (`domain.md` 5.3)."""

    SIGN_SHARE = "sign_share", _("签收时限已用比例")
    SIGN_PASSED = "sign_passed", _("签收超时")
    CONTACT_PASSED = "contact_passed", _("首次联系超时")
    SHARE = "share", _("办理时限已用比例")
    LEFT = "left", _("临近到期")
    OVERDUE = "overdue", _("超期")
    ROUND = "round", _("进入第几轮")
    TRANSFERS = "transfers", _("转派达到次数")
    COLLECTIVE = "collective", _("群体诉求")
    BOX = "box", _("本级停留超时")
    REQUEST = "request", _("申请待审批")
    UNREACHED = "unreached", _("回访未接通")
    INSTRUCTION = "instruction", _("批示逾期未落实")
    SLIP = "slip", _("督办逾期未反馈")


# Counted along the promises of one dispatch.
TIMED_TRIGGERS = (
    Trigger.SIGN_SHARE, Trigger.SIGN_PASSED, Trigger.CONTACT_PASSED, Trigger.SHARE, Trigger.LEFT,
    Trigger.OVERDUE,
)  # fmt: skip
# Reached by a case when it is dispatched; told once in its life.
REACHED_TRIGGERS = (Trigger.ROUND, Trigger.TRANSFERS, Trigger.COLLECTIVE)
PERCENT_TRIGGERS = (Trigger.SIGN_SHARE, Trigger.SHARE)


class Hush(models.TextChoices):
    """When a reminder keeps quiet; what is critical never does (`domain.md` 5.3)."""

    NONE = "none", _("随时提醒")
    NIGHT = "night", _("夜间不打扰")
    OFFICE = "office", _("只在上班时间")


class FourIsation(models.TextChoices):
    """四化 tags of the environment categories (`domain.md` 3.6)."""

    CLEAN = "clean", _("清洁化")
    ORDERED = "ordered", _("秩序化")
    BEAUTIFUL = "beautiful", _("优美化")
    LIT = "lit", _("明亮化")


class ImportField(models.TextChoices):
    """What a column of somebody else's spreadsheet may mean to us (`domain.md` 6.5)."""

    SOURCE_NUMBER = "source_number", _("工单编号")
    CITY_NUMBER = "city_number", _("市级编号")
    SOURCE_NAME = "source_name", _("来源名称")
    TITLE = "title", _("诉求主题")
    TEXT = "text", _("诉求内容")
    CALLER_NAME = "caller_name", _("诉求人")
    CALLER_PHONE = "caller_phone", _("诉求人电话")
    SECRET = "secret", _("要求保密")
    HAPPENED_AT = "happened_at", _("派发时间")
    CITY_DUE_AT = "city_due_at", _("承诺完成时间")
    UNIT = "unit", _("承办单位")
    SECTION = "section", _("承办科室")
    CATEGORY_TYPE = "category_type", _("问题类型")
    CATEGORY_MAIN = "category_main", _("事项大类")
    CATEGORY_SUB = "category_sub", _("事项小类")
    NATURE = "nature", _("诉求性质")
    URGENCY = "urgency", _("紧急程度")
    REGION = "region", _("所属街道")
    DISTRICT = "district", _("所属区域")
    COMMUNITY = "community", _("所属社区")
    ADDRESS = "address", _("地址")
    REPLY = "reply", _("处理结果")
    STATUS = "status", _("办件状态")
