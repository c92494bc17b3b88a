"""Counters: rows from which numbers are taken, so that no number is given twice."""

from django.db import models


class Counter(models.Model):
    """The next free number of one series, e.g. organisations or the cases of a street's year."""

    name = models.CharField(max_length=60, primary_key=True)
    next_number = models.PositiveBigIntegerField(default=1)

    class Meta:
        default_permissions = ()
