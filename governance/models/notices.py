"""Notices: something to tell somebody."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import NoticeKind
from governance.models.people import Person


class Notice(models.Model):
    """One line in one person's inbox; `key` keeps the same news from being told twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind, default=NoticeKind.NEWS)
    title = models.CharField(_("标题"), max_length=120)
    body = models.CharField(_("内容"), max_length=300, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_inbox"),
            models.Index(
                fields=["person"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            ),
        ]
