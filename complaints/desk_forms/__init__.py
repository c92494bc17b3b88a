"""The deeds of the desk as forms: each knows its fields and the one service it calls."""

from complaints.desk_forms.assisting import FORMS as ASSIST_FORMS
from complaints.desk_forms.base import CaseForm
from complaints.desk_forms.closing import (
    ApproveForm,
    RecordCallbackForm,
    RecordSourceResultForm,
    ReworkForm,
    SendBackForm,
    WithdrawForm,
)
from complaints.desk_forms.dispatching import AssignForm, DispatchForm, EscalateForm, HandOnForm
from complaints.desk_forms.handling import ContactForm, LogForm, ReplyForm, SignForm
from complaints.desk_forms.intake import (
    AcceptForm,
    AskSupplementForm,
    CorrectForm,
    MergeForm,
    RejectForm,
    RestoreForm,
    ReturnToSourceForm,
    SupplementForm,
    UnmergeForm,
    VoidForm,
)
from complaints.desk_forms.requesting import FORMS as REQUEST_FORMS
from complaints.desk_forms.supervising import (
    AnswerInstructionForm,
    AnswerSlipForm,
    ElevateForm,
    InstructForm,
    IssueCardForm,
    RestrictForm,
    SuperviseForm,
    UrgeForm,
    WithdrawCardForm,
    WithdrawSlipForm,
)

# In the order in which a case offers them.
DEEDS: dict[str, type[CaseForm]] = {
    form.verb: form
    for form in (
        AcceptForm, DispatchForm, SignForm, ContactForm, ReplyForm, ApproveForm, SendBackForm,
        RecordCallbackForm, LogForm, AssignForm, EscalateForm, HandOnForm, AskSupplementForm,
        SupplementForm, MergeForm, RejectForm, ReturnToSourceForm, CorrectForm, UrgeForm,
        SuperviseForm, ElevateForm, AnswerSlipForm, WithdrawSlipForm, IssueCardForm, WithdrawCardForm, InstructForm,
        AnswerInstructionForm, RecordSourceResultForm, ReworkForm, WithdrawForm,
        RestoreForm, RestrictForm, VoidForm, UnmergeForm, *ASSIST_FORMS, *REQUEST_FORMS,
    )
}  # fmt: skip
# Deeds short enough to stand open on the page of the case; the others have a page of their own.
SHORT = frozenset(
    {"sign", "accept", "approve", "log", "contact", "urge", "escalate", "hand_on",
     "ask_supplement", "supplement", "reject", "return_to_source", "void", "withdraw", "restore",
     "rework", "instruct", "take_back_request", "resume", "recheck", "unmerge"}
)  # fmt: skip
