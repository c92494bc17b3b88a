"""Appointments: who serves where as what, from when to when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import Word
from governance.models.leaves import Leave
from governance.models.organisations import Organisation
from governance.models.people import Person
from governance.models.reach import ScopedQuerySet


class Role(models.Model):
    """A post an office knows, and the rights it carries (`domain.md` 9). Rows are editable."""

    class Door(models.TextChoices):
        DESK = "desk", _("工作台")
        PHONE = "phone", _("手机端")
        BOARD = "board", _("领导看板")

    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("名称"), max_length=40)
    subdistrict = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("街道"),
    )
    words = models.JSONField(_("权限"), default=list)
    levels = models.JSONField(
        _("可任职层级"), default=list, help_text=_("党组织层级 1–5；0 表示部门和科室。")
    )
    door = models.CharField(_("登录后进入"), max_length=8, choices=Door, default=Door.DESK)
    is_sole = models.BooleanField(_("每个组织只有一人"), default=False)
    is_technical = models.BooleanField(_("技术岗位"), default=False)
    excludes = models.JSONField(_("不得兼任"), default=list)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering = ["position", "code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(subdistrict__isnull=True), name="role_code_once"
            ),
            models.UniqueConstraint(
                fields=["code", "subdistrict"],
                condition=Q(subdistrict__isnull=False),
                name="role_code_once_per_street",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def word_labels(self) -> list[str]:
        """The rights in words, for lists."""
        return [str(Word(word).label) for word in self.words]


class AppointmentQuerySet(ScopedQuerySet):
    """Appointments, scoped by the organisation served."""

    scope_paths = ("organisation__path",)

    def on(self, day: date | None = None) -> "AppointmentQuerySet":
        """Those that count on `day` (today by default); the end day itself no longer counts."""
        day = day or timezone.localdate()
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), started_on__lte=day)

    def attended(self, day: date | None = None) -> "AppointmentQuerySet":
        """Those of `on(day)` whose holder is not away with a deputy standing in."""
        standing_in = Appointment.objects.on(day).filter(deputises_for=OuterRef("pk"))
        return self.on(day).exclude(Exists(standing_in))


class Appointment(models.Model):
    """A person serving an organisation for a while; the only source of permission."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("人员")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appointments", verbose_name=_("组织")
    )
    role = models.ForeignKey(
        Role, models.PROTECT, related_name="appointments", verbose_name=_("岗位")
    )
    started_on = models.DateField(_("任职日期"))
    ended_on = models.DateField(_("离任日期"), null=True, blank=True)
    deputises_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputies",
        verbose_name=_("代理"),
    )
    leave = models.ForeignKey(
        Leave,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        editable=False,
        verbose_name=_("请假"),
    )
    is_sole = models.BooleanField(default=False, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
            models.UniqueConstraint(
                fields=["organisation", "role"],
                condition=Q(is_sole=True, ended_on__isnull=True),
                name="appointment_one_holder_of_a_sole_post",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_on__isnull=True),
                name="appointment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"
