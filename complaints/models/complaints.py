"""The complaint: three places, one stage, one clock; and who called, and who is complained about."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    Card,
    LimitUnit,
    ResultKind,
    Satisfaction,
    Solved,
    Source,
    Stage,
    Supervision,
    Urgency,
)
from complaints.models.categories import Category
from governance.choices import Level, label_of
from governance.models import Organisation, Person, PlainRow, ScopedQuerySet
from governance.models.reach import SEGMENT, any_of, beneath, roots
from grids.models import Building, Dwelling, ResidentialCompound

# What figures measure a case by: the due moment of its first round (a second one has a limit of
# its own), and the one moment that says into which period it counts (`domain.md` 8.3).
EFFECTIVE_DUE = Case(
    When(round__gt=1, then=Coalesce(F("first_due_at"), F("original_due_at"))),
    default=F("case_due_at"),
)
RECKONED = Least(Coalesce(F("first_finished_at"), EFFECTIVE_DUE), EFFECTIVE_DUE)
# What is always counted as it stands: open, suspended, not for everybody's eyes, or nowhere at home.
# Of all other cases the database keeps the counts (`models/counts.py`).
UNSETTLED = (
    Q(is_open=True)
    | Q(is_confidential=True)
    | Q(suspended_at__isnull=False)
    | Q(main_unit_path="", holder_path="")
)


def reach_of(user: Any, word: str = "see") -> dict[str, Any]:
    """All that `ComplaintQuerySet.reached` has to know of a reader, for prepared statements."""
    return {
        "paths": roots(user, word),
        "discipline": roots(user, "discipline"),
        "person": getattr(user, "person_id", None),
        "today": timezone.localdate(),
    }


class ComplaintQuerySet(ScopedQuerySet):
    """Complaints, scoped by the three places a case has."""

    scope_paths = ("place_path", "main_unit_path", "holder_path")

    def visible_to(self, user: Any, word: str = "see") -> Self:
        """The cases `user` may reach with `word`.

        A confidential case is shown only to those who hold it or answer for it, never to the
        person complained about, by whatever post; a case about the street's own leaders only to
        its discipline reader (`architecture.md` 5).
        """
        return self.reached(**reach_of(user, word))

    def reached(self, paths: Any, discipline: Any, person: Any, today: Any) -> Self:
        """The rule of `visible_to` as a condition on what `reach_of` says of a reader."""
        if not paths and not discipline:
            return self.none()
        answering = [beneath(place, paths) for place in ("main_unit_path", "holder_path")]
        confidential = Q(any_of(answering), is_confidential=True, discipline_only=False)
        if discipline:
            confidential |= Q(beneath("holder_path", discipline), discipline_only=True)
        named = Accused.objects.naming(person, today).filter(complaint=OuterRef("pk"))
        open_to_all = Q(self.model.scope(paths), is_confidential=False)
        return self.filter(open_to_all | Q(confidential, ~Exists(named)))

    def open(self) -> Self:
        """Cases that somebody still has to do something about."""
        return self.filter(is_open=True)


class Complaint(PlainRow):
    """A matter somebody raised, from filing to satisfaction (诉求).

    `place` is the lowest organisation covering the address, `main_unit` who is accountable,
    `holder` (and inside it `assignee`) who must act now; each with its path, so that lists are
    index ranges. `stage` and all moments change only in `services.steps.take_step`.
    """

    number = models.CharField(_("编号"), max_length=24, unique=True)
    subdistrict = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("街道")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("诉求内容"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分类")
    )
    urgency = models.CharField(
        _("紧急程度"), max_length=10, choices=Urgency, default=Urgency.ORDINARY
    )
    stage = models.CharField(_("状态"), max_length=20, choices=Stage, default=Stage.DRAFT)
    is_open = models.BooleanField(default=True, editable=False)
    hint = models.CharField(_("派单提示"), max_length=200, blank=True)

    address = models.CharField(_("地址"), max_length=160, blank=True)
    compound = models.ForeignKey(
        ResidentialCompound, models.PROTECT, null=True, blank=True, related_name="+"
    )
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, blank=True, related_name="+")
    lng = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    place = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所属网格"),
    )
    place_path = models.CharField(max_length=30, blank=True, editable=False)
    main_unit = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承办单位"),
    )
    main_unit_path = models.CharField(max_length=30, blank=True, editable=False)
    holder = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("当前办理"),
    )
    holder_path = models.CharField(max_length=30, blank=True, editable=False)
    assignee = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )

    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    transfer_count = models.PositiveSmallIntegerField(_("转派次数"), default=0)
    step_count = models.PositiveIntegerField(default=0, editable=False)
    last_step_hash = models.CharField(max_length=64, blank=True, editable=False)
    supervision = models.CharField(
        _("督办"), max_length=10, choices=Supervision, default=Supervision.NONE
    )
    card = models.CharField(_("黄红牌"), max_length=8, choices=Card, default=Card.NONE)
    is_confidential = models.BooleanField(_("保密件"), default=False)
    discipline_only = models.BooleanField(_("仅纪检查阅"), default=False)
    is_collective = models.BooleanField(_("群体诉求"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    # What hangs on the case, so that the many without ask no further table: sub-cases, cases
    # merged into it, and units whose help is still awaited.
    part_count = models.PositiveSmallIntegerField(default=0, editable=False)
    merged_count = models.PositiveSmallIntegerField(default=0, editable=False)
    assist_count = models.PositiveSmallIntegerField(default=0, editable=False)

    limit_amount = models.PositiveSmallIntegerField(null=True)
    limit_unit = models.CharField(max_length=2, choices=LimitUnit, blank=True)
    calendar_version = models.PositiveIntegerField(default=0)
    is_city_deadline = models.BooleanField(default=False)
    due_is_provisional = models.BooleanField(default=False)
    original_due_at = models.DateTimeField(null=True)
    case_due_at = models.DateTimeField(_("到期时间"), null=True)
    # Where the first round ended, extensions included; a second round has a limit of its own.
    first_due_at = models.DateTimeField(null=True, editable=False)
    assignment_due_at = models.DateTimeField(null=True)
    sign_due_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    box_due_at = models.DateTimeField(null=True)
    source_return_due_at = models.DateTimeField(null=True)
    # The moment that binds whoever has the case now; null while no clock runs.
    due_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)

    happened_at = models.DateTimeField(_("来源派发时间"), null=True)
    filed_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    dispatched_at = models.DateTimeField(_("派单时间"), null=True)
    finished_at = models.DateTimeField(_("办结答复时间"), null=True)
    first_finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    result_kind = models.CharField(_("办理结果"), max_length=14, choices=ResultKind, blank=True)
    solved_level = models.PositiveSmallIntegerField(
        _("解决层级"), choices=Level, null=True, blank=True
    )
    is_unreached = models.BooleanField(default=False)
    # Ruled to lie outside the duty: it counts, but not in what citizens are asked about.
    leaves_rates = models.BooleanField(default=False, editable=False)
    solved = models.CharField(_("是否解决"), max_length=8, choices=Solved, blank=True)
    satisfaction = models.CharField(_("满意度"), max_length=20, choices=Satisfaction, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求")
        verbose_name_plural = _("诉求")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subdistrict", "source", "source_number"],
                condition=~Q(source_number=""),
                name="complaint_one_per_source_number",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(is_open=True), name="complaint_open"),
            models.Index(
                fields=["due_at", "id"], condition=Q(is_open=True), name="complaint_open_by_due"
            ),
            models.Index(
                fields=["stage", "-id"], condition=Q(is_open=True), name="complaint_open_by_stage"
            ),
            models.Index(
                fields=["place_path"], condition=Q(is_open=True), name="complaint_open_place"
            ),
            models.Index(
                fields=["main_unit_path"], condition=Q(is_open=True), name="complaint_open_unit"
            ),
            models.Index(
                fields=["holder_path"], condition=Q(is_open=True), name="complaint_open_holder"
            ),
            models.Index(fields=["place_path", "-id"], name="complaint_place"),
            models.Index(fields=["main_unit_path", "-id"], name="complaint_unit"),
            models.Index(fields=["holder_path", "-id"], name="complaint_holder"),
            models.Index(fields=["case_due_at"], name="complaint_by_due"),
            models.Index(fields=["accepted_at"], name="complaint_by_acceptance"),
            models.Index(fields=["source_number"], name="complaint_by_source_number"),
            models.Index(RECKONED, name="complaint_by_reckoning"),
            models.Index(fields=["first_finished_at"], name="complaint_by_first_finish"),
            models.Index(fields=["closed_at"], name="complaint_by_closing"),
            models.Index(
                fields=["main_unit_path"], condition=UNSETTLED, name="complaint_unsettled"
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(is_open=True) & (Q(round__gte=2) | Q(supervision="elevated")),
                name="complaint_open_to_watch",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def scope(cls, paths: list[str]) -> Q:
        """The condition "one of the three places lies within `paths`"."""
        return any_of(beneath(lookup, paths) for lookup in ComplaintQuerySet.scope_paths)

    def get_stage_display(self) -> str:  # type: ignore[no-redef]
        """The stage in words. Django's own translates all choices for each word it looks up."""
        return label_of(Stage, self.stage)

    def get_source_display(self) -> str:  # type: ignore[no-redef]
        """The source in words; see `get_stage_display`."""
        return label_of(Source, self.source)

    @property
    def street_path(self) -> str:
        """The path of the subdistrict; every holder lies beneath it."""
        return self.holder_path[:SEGMENT]

    @property
    def numbers(self) -> str:
        """Our number and, beside it, the one by which the source asks for the case."""
        return " · ".join(filter(None, (self.number, self.source_number)))

    @property
    def chip_due_at(self) -> Any:
        """What the chip of the case counts against: the running clock, at the end the promise."""
        return self.due_at or (self.case_due_at if self.finished_at else None)

    @property
    def chip_finished_at(self) -> Any:
        """When it was answered, once it is closed; a case taken back was never finished."""
        return self.finished_at if self.closed_at else None

    @property
    def is_suspended(self) -> bool:
        """Whether the clock stands still by decision."""
        return self.suspended_at is not None


class Caller(models.Model):
    """Who raised the matter; a merged case keeps its own caller, so everybody gets an answer."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="caller")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("诉求人"), max_length=50, blank=True)
    phone_sealed = models.CharField(max_length=200, blank=True)
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True)
    phone_masked = models.CharField(_("电话"), max_length=24, blank=True)
    phone_tail = models.CharField(max_length=4, blank=True, db_index=True)
    is_secret = models.BooleanField(_("要求保密"), default=False)

    class Meta:
        default_permissions = ()


class AccusedQuerySet(models.QuerySet["Accused"]):
    """Who is complained about."""

    def about(self, user: Any) -> Self:
        """Rows that name the person of `user`, or an organisation this person serves today."""
        return self.naming(getattr(user, "person_id", None), timezone.localdate())

    def naming(self, person: Any, today: Any) -> Self:
        """The same of a person's id and a day, as prepared statements need it."""
        serving = Q(organisation__appointments__person_id=person) & (
            Q(organisation__appointments__ended_on__isnull=True)
            | Q(organisation__appointments__ended_on__gt=today)
        )
        return self.filter(Q(person_id=person) | serving)


class Accused(models.Model):
    """Who a case is about; they neither see, sign, answer nor review it (`domain.md` 4.1)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="accused")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    named_at = models.DateTimeField(default=timezone.now)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AccusedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="accused_is_a_person_or_an_organisation",
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
            )
        ]


class Photo(models.Model):
    """A picture of a case, re-encoded on arrival; served only by a view that asks reach."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="photos")
    group = models.CharField(max_length=12, default="report")
    file = models.ImageField(upload_to="photos/%Y/%m/")
    checksum = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    taken_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
