"""Words of the second floor: how people belong to homes (`domain.md` 3.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    """What ties a person to a dwelling."""

    OWNER = "owner", _("产权人")
    HEAD = "head", _("户主")
    CO_RESIDENT = "co_resident", _("同住家属")
    TENANT = "tenant", _("租客")
    SUB_TENANT = "sub_tenant", _("转租客")
    STAFF_DORM = "staff_dorm", _("集体宿舍")
    REGISTERED_ONLY = "registered_only", _("空挂户")
    RESIDENT_ONLY = "resident_only", _("人在户不在")


class ResidenceType(models.TextChoices):
    """How a person counts in the population."""

    REGISTERED = "registered", _("户籍常住")
    PERMANENT = "permanent", _("非户籍常住")
    FLOATING = "floating", _("流动")
    ABROAD = "abroad", _("境外")
    LODGING = "lodging", _("寄住")


class GroupKind(models.TextChoices):
    """What residents found together (`domain.md` 10)."""

    OWNERS_COMMITTEE = "owners_committee", _("业主委员会")
    VOLUNTEER_TEAM = "volunteer_team", _("志愿服务队")
    ART_GROUP = "art_group", _("文艺团队")
