"""Table of contents of the ground floor, in reading order; a topic uses only topics above it."""

from governance.models.reach import RightsOfOneRequest, ScopedQuerySet  # isort: skip
from governance.models.rows import PlainRow  # isort: skip
from governance.models.organisations import (  # isort: skip
    Organisation,
    OrganisationChange,
    OrganisationGroupPermission,
    OrganisationUserPermission,
)
from governance.models.people import Person, PersonSecret, User  # isort: skip
from governance.models.leaves import Leave  # isort: skip
from governance.models.appointments import Appointment, Role  # isort: skip
from governance.models.tokens import ApiToken  # isort: skip
from governance.models.numbers import Counter  # isort: skip
from governance.models.audit import AuditEntry, AuditHead  # isort: skip
from governance.models.deeds import Deed  # isort: skip
from governance.models.todo import Heartbeat, Todo  # isort: skip
from governance.models.notices import Notice  # isort: skip
from governance.models.deliveries import (  # isort: skip
    Channel,
    Delivery,
    DeliveryAttempt,
)
from governance.models.jobs import Job, JobError  # isort: skip
from governance.models.calendar import CalendarDay, CalendarYear, OfficeHours  # isort: skip

__all__ = [
    "ApiToken",
    "Appointment",
    "AuditEntry",
    "AuditHead",
    "CalendarDay",
    "CalendarYear",
    "Channel",
    "Counter",
    "Deed",
    "Delivery",
    "DeliveryAttempt",
    "Heartbeat",
    "Job",
    "JobError",
    "Leave",
    "Notice",
    "OfficeHours",
    "Organisation",
    "OrganisationChange",
    "OrganisationGroupPermission",
    "OrganisationUserPermission",
    "Person",
    "PersonSecret",
    "PlainRow",
    "RightsOfOneRequest",
    "Role",
    "ScopedQuerySet",
    "Todo",
    "User",
]
