"""Words an office keeps ready: how answers begin, what the callback desk says, why answers return."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.choices import ResultKind
from complaints.models.categories import Category
from complaints.models.street_rows import StreetRow


class CallScript(StreetRow):
    """What the callback desk says to the citizen, for one kind of matter or for all of them."""

    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("诉求分类"),
        help_text=_("留空则用于其他没有专门话术的诉求；选大类则其下各类都适用。"),
    )
    text = models.TextField(
        _("话术"),
        max_length=600,
        help_text=_("可用的占位：【街道】【标题】【办结日期】【承办单位】。"),
    )
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("回访话术")
        verbose_name_plural = _("回访话术")
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.category.full_name if self.category else str(_("通用"))


class SendBackReason(StreetRow):
    """A reason a reviewer may tick when an answer goes back; the handler reads its whole text."""

    code = models.SlugField(_("代码"), max_length=30)
    label = models.CharField(_("理由"), max_length=40)
    text = models.CharField(_("写给承办人的话"), max_length=200)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("退回理由")
        verbose_name_plural = _("退回理由")
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


# What whoever answers still has to write; an answer with such a gap is not sent.
GAP = "＿＿"


class ReplyTemplate(StreetRow):
    """How an answer may begin, for one kind of matter or for all; its gaps are filled by hand."""

    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("诉求分类"),
        help_text=_("留空则用于各类诉求；选大类则其下各类都适用。"),
    )
    result_kind = models.CharField(
        _("办理结果"), max_length=12, choices=ResultKind, blank=True, help_text=_("留空则不限。")
    )
    label = models.CharField(_("名称"), max_length=20)
    text = models.TextField(
        _("范例"),
        max_length=600,
        help_text=_("要填的地方写两个全角下划线（＿＿）；没填完的答复不能提交。"),
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("答复范例")
        verbose_name_plural = _("答复范例")
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label
