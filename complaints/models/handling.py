"""What handlers and clerks leave on a case: contacts, replies, callbacks, instructions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    CallbackOutcome,
    ContactChannel,
    ResultKind,
    Satisfaction,
    Solved,
)
from complaints.models.complaints import Complaint


class Contact(models.Model):
    """That the handler got in touch with the caller, or tried to (先行联系)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="contacts")
    round = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(_("方式"), max_length=10, choices=ContactChannel)
    is_reached = models.BooleanField(_("已联系上"))
    note = models.CharField(_("情况"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class Reply(models.Model):
    """The answer of one round: what the citizen reads, and what stays in the office."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="replies")
    round = models.PositiveSmallIntegerField()
    result_kind = models.CharField(_("办理结果"), max_length=14, choices=ResultKind)
    public_text = models.TextField(_("公开答复"))
    internal_text = models.TextField(_("办理情况（内部）"), blank=True)
    is_true = models.BooleanField(_("诉求是否属实"), default=True)
    unsolved_reason = models.CharField(_("未解决原因"), max_length=200, blank=True)
    # The handler has looked at them: no face, no plate, nobody's home.
    shows_photos = models.BooleanField(_("照片给诉求人看"), default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_approved = models.BooleanField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class Callback(models.Model):
    """One attempt to ask the citizen: solved? satisfied?"""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("回访结果"), max_length=10, choices=CallbackOutcome)
    solved = models.CharField(_("是否解决"), max_length=8, choices=Solved, blank=True)
    satisfaction = models.CharField(_("满意度"), max_length=20, choices=Satisfaction, blank=True)
    was_contacted_in_time = models.BooleanField(_("是否及时联系"), null=True)
    note = models.CharField(_("回访记录"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="callback_by_moment")]


class Instruction(models.Model):
    """A leader's word on a case, with a due time of its own (批示)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="instructions")
    text = models.CharField(_("批示内容"), max_length=300)
    due_at = models.DateTimeField(_("落实期限"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("落实情况"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["-id"]


class Reminder(models.Model):
    """That a rule struck for one dispatch of a case; one row, whatever crashes in between.

    `occasion` names what the rule waited for beside the dispatch, e.g. "request:12".
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="reminders")
    assignment_number = models.PositiveSmallIntegerField()
    rule_code = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    occasion = models.CharField(max_length=30, blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    told_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "assignment_number", "rule_code", "due_at", "occasion"],
                name="reminder_once_per_rule_and_dispatch",
            )
        ]
