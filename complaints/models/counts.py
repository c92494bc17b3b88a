"""Counts: the day's figures of each organisation, and what the database keeps of settled cases."""

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


class Counts(models.Model):
    """How many settled cases meet each of the conditions of `complaints.figures` by these names.

    The rows name streets and categories by number and units by path, without foreign keys: writing
    one must not wait for another table. PostgreSQL alone writes and reads them (migration `0003`).
    """

    street = models.BigIntegerField()
    day = models.DateField()
    accepted = models.IntegerField(default=0)
    from_hotline = models.IntegerField(default=0)
    repeated = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    finished = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    asked = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    at_level_1 = models.IntegerField(default=0)
    at_level_2 = models.IntegerField(default=0)
    at_level_3 = models.IntegerField(default=0)
    at_level_4 = models.IntegerField(default=0)
    at_level_5 = models.IntegerField(default=0)

    class Meta:
        abstract = True
        default_permissions = ()


class CountChange(Counts):
    """By how much one transaction has changed what counts; appended by a trigger, so nobody waits.

    `path` is that of the main unit down to its branch ("" is nobody), `category` 0 is none.
    """

    path = models.CharField(max_length=18)
    category = models.BigIntegerField()


class UnitCount(Counts):
    """Changes of one day, or of one month, added up for one unit."""

    is_month = models.BooleanField()
    path = models.CharField(max_length=18)

    class Meta(Counts.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["street", "is_month", "day", "path"], name="unit_count_once"
            )
        ]


class KindCount(models.Model):
    """What was accepted of one kind of matter on one day, or in one month.

    For a whole street (`path` is "") and for each community or department.
    """

    street = models.BigIntegerField()
    path = models.CharField(max_length=12)
    is_month = models.BooleanField()
    day = models.DateField()
    category = models.BigIntegerField()
    accepted = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["street", "path", "is_month", "day", "category"], name="kind_count_once"
            )
        ]
