"""Leaves: who is away from when to when, and who stands in."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.organisations import Organisation
from governance.models.people import Person
from governance.models.reach import ScopedQuerySet, beneath, roots


class LeaveQuerySet(ScopedQuerySet):
    """Leaves, scoped by the place where the absent person serves first of all."""

    scope_paths = ("organisation__path",)

    def visible_to(self, user: Any, word: str = "manage") -> Self:
        """One's own, those in which one stands in, and those of people one manages."""
        own = Q(person_id=user.person_id) | Q(deputy_id=user.person_id)
        return self.filter(own | beneath("organisation__path", roots(user, word)))

    def involving(self, user: Any) -> Self:
        """Those in which the user is away or stands in."""
        return self.filter(Q(person_id=user.person_id) | Q(deputy_id=user.person_id))

    def overlapping(self, started_on: object, ended_on: object) -> "LeaveQuerySet":
        """Those that share at least one day with the span; the end day itself is free again."""
        return self.filter(started_on__lt=ended_on, ended_on__gt=started_on)


class Leave(models.Model):
    """A person is away for some days, and a deputy holds the same posts meanwhile (请假、代理).

    The deputy's rights come from dated appointments that point here, and from nothing else; they
    end by themselves. As everywhere, `ended_on` is the first day on which it no longer counts.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="leaves", verbose_name=_("请假人")
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, related_name="stands_in", verbose_name=_("代理人")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("任职单位")
    )
    started_on = models.DateField(_("开始"))
    ended_on = models.DateField(_("结束"))
    note = models.CharField(_("事由"), max_length=100, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("请假与代理")
        verbose_name_plural = _("请假与代理")
        default_permissions = ()
        ordering = ["-started_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_it_starts", condition=Q(ended_on__gte=F("started_on"))
            ),
            models.CheckConstraint(
                name="leave_deputy_is_somebody_else", condition=~Q(person=F("deputy"))
            ),
        ]
        indexes = [models.Index(fields=["ended_on"], name="leave_by_end")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def last_on(self) -> date:
        """The last day away, included."""
        return self.ended_on - timedelta(days=1)

    @property
    def is_taken_back(self) -> bool:
        """Whether it was ended before it began."""
        return self.ended_on == self.started_on
