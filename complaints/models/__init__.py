"""Table of contents of the third floor, in reading order; a topic uses only topics above it."""

from complaints.models.categories import (  # isort: skip
    CaseRules,
    Category,
    LevelBox,
    ReminderRule,
    UrgencyLimit,
)
from complaints.models.complaints import Accused, Caller, Complaint, Photo  # isort: skip
from complaints.models.assignments import Assignment  # isort: skip
from complaints.models.steps import Step  # isort: skip
from complaints.models.handling import (  # isort: skip
    Callback,
    Contact,
    Instruction,
    Reminder,
    Reply,
)
from complaints.models.counts import DayFigure  # isort: skip
from complaints.models.imports import CityOrder, HeaderSynonym  # isort: skip

__all__ = [
    "Accused",
    "Assignment",
    "Callback",
    "Caller",
    "CaseRules",
    "Category",
    "CityOrder",
    "Complaint",
    "Contact",
    "DayFigure",
    "HeaderSynonym",
    "Instruction",
    "LevelBox",
    "Photo",
    "Reminder",
    "ReminderRule",
    "Reply",
    "Step",
    "UrgencyLimit",
]
