"""Counts: the day's figures of each organisation, kept for the trend."""

from django.db import models

from governance.models import Organisation, ScopedQuerySet


class DayFigureQuerySet(ScopedQuerySet):
    """Day figures, scoped by their organisation."""

    scope_paths = ("organisation__path",)


class DayFigure(models.Model):
    """What one organisation's cases looked like at the end of one day."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    day = models.DateField()
    accepted_count = models.PositiveIntegerField(default=0)
    finished_count = models.PositiveIntegerField(default=0)
    closed_count = models.PositiveIntegerField(default=0)
    open_count = models.PositiveIntegerField(default=0)
    overdue_count = models.PositiveIntegerField(default=0)
    due_count = models.PositiveIntegerField(default=0)
    on_time_count = models.PositiveIntegerField(default=0)
    stored_at = models.DateTimeField()

    objects = DayFigureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day"], name="day_figure_once")
        ]
        indexes = [models.Index(fields=["day"], name="day_figure_by_day")]
