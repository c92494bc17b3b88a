"""Every table is either seen through `visible_to`, or stands here with the reason why not."""

from django.apps import apps
from django.db.models import Model

from governance.models import ScopedQuerySet
from tests.house.reading import FLOORS

NOT_SCOPED = {
    "rules that everybody may read": {
        "governance.CalendarDay",
        "governance.CalendarYear",
        "governance.OfficeHours",
        "governance.Role",
        "complaints.AssistRule",
        "complaints.CallScript",
        "complaints.CaseRules",
        "complaints.Category",
        "complaints.HeaderSynonym",
        "complaints.LevelBox",
        "complaints.OversightRules",
        "complaints.PlainKind",
        "complaints.PrivacyNotice",
        "complaints.ReminderRule",
        "complaints.ResidentRules",
        "complaints.ReplyTemplate",
        "complaints.RequestReason",
        "complaints.RequestRule",
        "complaints.SendBackReason",
        "complaints.UrgencyLimit",
    },
    "machinery that no page lists": {
        "governance.AuditHead",
        "governance.Counter",
        "governance.Deed",
        "governance.Heartbeat",
        "governance.Todo",
        "complaints.DigestRun",
        "complaints.BudgetUse",
        "complaints.CountChange",
        "complaints.KindCount",
        "complaints.UnitCount",
    },
    "rights: written by appointments, read by reach itself": {
        "governance.OrganisationGroupPermission",
        "governance.OrganisationUserPermission",
    },
    "seen only by the one person it belongs to, or by the office they share it with": {
        "complaints.DailyDigest",
        "complaints.SavedFilter",
        "complaints.Undo",
        "governance.Notice",
        "governance.User",
    },
    "seen only through the row it hangs on": {
        "governance.DeliveryAttempt",
        "governance.JobError",
        "governance.OrganisationChange",
        "governance.PersonSecret",
        "complaints.Accused",
        "complaints.Assignment",
        "complaints.CallPlan",
        "complaints.Callback",
        "complaints.Caller",
        "complaints.CityOrder",
        "complaints.Consent",
        "complaints.Contact",
        "complaints.Instruction",
        "complaints.OutsideQuestion",
        "complaints.Photo",
        "complaints.PlaceCode",
        "complaints.Reminder",
        "complaints.Reply",
        "complaints.ResidentLink",
        "complaints.Step",
    },
    "read by auditors alone, through its own selector": {"governance.AuditEntry"},
}


def is_scoped(model: type[Model]) -> bool:
    """Whether the model's manager offers `visible_to`."""
    return issubclass(model._default_manager.get_queryset().__class__, ScopedQuerySet)


def without_scope(known: set[str]) -> set[str]:
    """Models of the house that are neither scoped nor known to need no scope."""
    models = [model for floor in FLOORS for model in apps.get_app_config(floor).get_models()]
    return {model._meta.label for model in models if not is_scoped(model)} - known


def known_labels() -> set[str]:
    """Everything in the list above."""
    return set().union(*NOT_SCOPED.values())


def test_every_table_is_scoped_or_says_why_not():
    assert without_scope(known_labels()) == set()


def test_the_list_names_no_table_that_is_scoped_or_gone():
    assert known_labels() - without_scope(set()) == set()


def test_the_watcher_sees_a_table_that_the_list_forgot():
    assert without_scope(known_labels() - {"complaints.Step"}) == {"complaints.Step"}
