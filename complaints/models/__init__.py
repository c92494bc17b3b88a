"""Table of contents of the third floor, in reading order; a topic uses only topics above it."""

from complaints.models.street_rows import StreetRow  # isort: skip
from complaints.models.categories import (  # isort: skip
    CaseRules,
    Category,
    LevelBox,
    UrgencyLimit,
)
from complaints.models.phrases import CallScript, ReplyTemplate, SendBackReason  # isort: skip
from complaints.models.entrances import (  # isort: skip
    BudgetUse,
    PlaceCode,
    PlainKind,
    PrivacyNotice,
    ResidentRules,
)
from complaints.models.complaints import Accused, Caller, Complaint, Photo  # isort: skip
from complaints.models.assignments import Assignment  # isort: skip
from complaints.models.steps import Step  # isort: skip
from complaints.models.undo import Undo  # isort: skip
from complaints.models.saved_filters import SavedFilter  # isort: skip
from complaints.models.handling import (  # isort: skip
    Callback,
    Contact,
    Instruction,
    Reminder,
    Reply,
)
from complaints.models.requests import CaseRequest, RequestReason, RequestRule  # isort: skip
from complaints.models.assists import Assist, AssistRule, WhistleCall  # isort: skip
from complaints.models.calls import CALL_AT, CallPlan  # isort: skip
from complaints.models.oversight import (  # isort: skip
    DailyDigest,
    DigestRun,
    IssuedCard,
    OversightRules,
    ReminderRule,
)
from complaints.models.slips import SupervisionSlip  # isort: skip
from complaints.models.publications import Publication  # isort: skip
from complaints.models.secret_links import SecretLink  # isort: skip
from complaints.models.resident_links import Consent, ResidentLink  # isort: skip
from complaints.models.outside import OutsideQuestion  # isort: skip
from complaints.models.counts import (  # isort: skip
    CountChange,
    DayFigure,
    KindCount,
    UnitCount,
)
from complaints.models.imports import CityOrder, HeaderSynonym  # isort: skip

__all__ = [
    "CALL_AT",
    "Accused",
    "Assignment",
    "Assist",
    "AssistRule",
    "BudgetUse",
    "CallPlan",
    "CallScript",
    "Callback",
    "Caller",
    "CaseRequest",
    "CaseRules",
    "Category",
    "CityOrder",
    "Complaint",
    "Consent",
    "Contact",
    "CountChange",
    "DailyDigest",
    "DayFigure",
    "DigestRun",
    "HeaderSynonym",
    "Instruction",
    "IssuedCard",
    "KindCount",
    "LevelBox",
    "OutsideQuestion",
    "OversightRules",
    "Photo",
    "PlaceCode",
    "PlainKind",
    "PrivacyNotice",
    "Publication",
    "Reminder",
    "ReminderRule",
    "Reply",
    "ReplyTemplate",
    "RequestReason",
    "RequestRule",
    "ResidentLink",
    "ResidentRules",
    "SavedFilter",
    "SecretLink",
    "SendBackReason",
    "Step",
    "StreetRow",
    "SupervisionSlip",
    "Undo",
    "UnitCount",
    "UrgencyLimit",
    "WhistleCall",
]
