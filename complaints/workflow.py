"""The life of a complaint: who may take which step, from which stage to which."""

from complaints.choices import Stage as S
from governance.workflow import Move

AT_WORK = (S.PENDING_SIGN, S.HANDLING)
BEFORE_WORK = (S.PENDING_ACCEPTANCE, S.PENDING_DISPATCH)
RUNNING = (*BEFORE_WORK, *AT_WORK, S.PENDING_REVIEW)
ALL_OPEN = (*RUNNING, S.PENDING_SUPPLEMENT, S.PENDING_CALLBACK)
# A ruling on duty may still come after the answer; a city may answer after the close.
STILL_DECIDED = (*AT_WORK, S.PENDING_REVIEW, S.PENDING_CALLBACK, S.CLOSED)
AT_THE_CITY = (*RUNNING, S.PENDING_CALLBACK, S.CLOSED, S.ARCHIVED, S.RETURNED_TO_SOURCE)
# Paper may be made of every case but a draft.
PRINTABLE = tuple(stage for stage in S if stage != S.DRAFT)
ENDED = (S.REJECTED, S.WITHDRAWN, S.VOIDED)
# While others may help the main unit.
HELPED = (S.PENDING_DISPATCH, *AT_WORK)

# fmt: off
# verb: Move(from these stages, to this one (None: stays), by this right, a written reason?)
MOVES = {
    # coming in
    "submit": Move((S.DRAFT,), S.PENDING_ACCEPTANCE, None),
    "accept": Move((S.PENDING_ACCEPTANCE,), S.PENDING_DISPATCH, "dispatch"),
    "ask_supplement": Move((S.PENDING_ACCEPTANCE,), S.PENDING_SUPPLEMENT, "dispatch", needs_note=True),
    "supplement": Move((S.PENDING_SUPPLEMENT,), S.PENDING_ACCEPTANCE, "dispatch", needs_note=True),
    "reject": Move((S.PENDING_ACCEPTANCE, S.PENDING_SUPPLEMENT), S.REJECTED, "dispatch", needs_note=True),
    "void": Move((S.DRAFT, *BEFORE_WORK), S.VOIDED, "dispatch", needs_note=True),
    "return_to_source": Move(BEFORE_WORK, S.RETURNED_TO_SOURCE, "dispatch", needs_note=True),
    # to a desk and through it
    "dispatch": Move((S.PENDING_DISPATCH, *AT_WORK), S.PENDING_SIGN, "dispatch"),
    "sign": Move((S.PENDING_SIGN,), S.HANDLING, "handle"),
    "escalate": Move(AT_WORK, S.PENDING_SIGN, "handle", needs_note=True),
    "hand_on": Move(AT_WORK, S.PENDING_DISPATCH, "handle", needs_note=True),
    "assign": Move(AT_WORK, None, "handle"),
    "contact": Move(AT_WORK, None, "handle"),
    "log": Move(AT_WORK, None, "handle", needs_note=True),
    "reply": Move((S.HANDLING,), S.PENDING_REVIEW, "handle", needs_note=True),
    # to an honest close
    "approve": Move((S.PENDING_REVIEW,), S.PENDING_CALLBACK, "review"),
    "send_back": Move((S.PENDING_REVIEW,), S.HANDLING, "review", needs_note=True),
    "call_back": Move((S.PENDING_CALLBACK,), None, "callback"),
    "close": Move((S.PENDING_CALLBACK,), S.CLOSED, "callback"),
    "rework": Move((S.PENDING_CALLBACK, S.CLOSED), S.PENDING_SIGN, "callback", needs_note=True),
    "record_source_result": Move((S.PENDING_CALLBACK, S.CLOSED, S.ARCHIVED, S.MERGED), None, "callback"),
    "rate": Move((S.PENDING_CALLBACK, S.CLOSED), None, None),
    "archive": Move((S.CLOSED,), S.ARCHIVED, None),
    # a slip taken back, by who made it, before anybody acted on it
    "undo_accept": Move((S.PENDING_DISPATCH,), S.PENDING_ACCEPTANCE, "dispatch"),
    "undo_dispatch": Move((S.PENDING_SIGN,), S.PENDING_DISPATCH, "dispatch"),
    "undo_redispatch": Move((S.PENDING_SIGN,), S.HANDLING, "dispatch"),
    "undo_redispatch_unsigned": Move((S.PENDING_SIGN,), None, "dispatch"),
    "undo_hand_on": Move((S.PENDING_DISPATCH,), S.HANDLING, "handle"),
    "undo_hand_on_unsigned": Move((S.PENDING_DISPATCH,), S.PENDING_SIGN, "handle"),
    "undo_call": Move((S.PENDING_CALLBACK, S.CLOSED), None, "callback"),
    "undo_close": Move((S.CLOSED,), S.PENDING_CALLBACK, "callback"),
    "undo_rework": Move((S.PENDING_SIGN,), S.PENDING_CALLBACK, "callback"),
    "undo_rework_closed": Move((S.PENDING_SIGN,), S.CLOSED, "callback"),
    # asked for beside the work, decided by somebody else
    "ask_return": Move(AT_WORK, None, "handle", needs_note=True),
    "ask_extension": Move(AT_WORK, None, "handle", needs_note=True),
    "ask_suspension": Move((S.HANDLING,), None, "handle", needs_note=True),
    "claim_out_of_duty": Move(AT_WORK, None, "handle", needs_note=True),
    "take_back_request": Move(STILL_DECIDED, None, "handle"),
    "grant_return": Move(AT_WORK, S.PENDING_DISPATCH, "dispatch"),
    "grant_extension": Move(AT_WORK, None, "dispatch"),
    "grant_suspension": Move((S.HANDLING,), None, "dispatch"),
    "grant_out_of_duty": Move(STILL_DECIDED, None, "dispatch"),
    "refuse_request": Move(STILL_DECIDED, None, "dispatch", needs_note=True),
    "resume": Move((S.HANDLING,), None, "dispatch"),
    "recheck": Move((S.HANDLING,), None, "dispatch", needs_note=True),
    "record_city_answer": Move(AT_THE_CITY, None, "dispatch", needs_note=True),
    "take_back_from_source": Move((S.RETURNED_TO_SOURCE,), S.PENDING_ACCEPTANCE, "dispatch", needs_note=True),
    "recompute": Move(ALL_OPEN, None, None),
    # asked of somebody outside the house, who answers once by a link; no clock, no stage
    "ask_outside": Move(RUNNING, None, "handle", needs_note=True),
    "ask_outside_by_desk": Move(RUNNING, None, "dispatch", needs_note=True),
    "renew_outside": Move(ALL_OPEN, None, "handle"),
    "renew_outside_by_desk": Move(ALL_OPEN, None, "dispatch"),
    "end_outside": Move(ALL_OPEN, None, "handle"),
    "end_outside_by_desk": Move(ALL_OPEN, None, "dispatch"),
    "answer_outside": Move(ALL_OPEN, None, None),
    "outside_late": Move(ALL_OPEN, None, None),
    # others help: a unit beside the main unit, departments called by a whistle
    "add_assist": Move(AT_WORK, None, "see", needs_note=True),
    "release_assist": Move(HELPED, None, "see", needs_note=True),
    "whistle": Move(HELPED, None, "dispatch", needs_note=True),
    "respond": Move(HELPED, None, "handle"),
    "arrive": Move(HELPED, None, "handle"),
    "answer_assist": Move(HELPED, None, "handle", needs_note=True),
    "decline_assist": Move(HELPED, None, "handle", needs_note=True),
    "end_assists": Move((S.HANDLING,), None, "handle", needs_note=True),
    "assist_late": Move(HELPED, None, None),
    # one matter, several units: sub-cases
    "split": Move(HELPED, None, "dispatch", needs_note=True),
    "end_part": Move(ALL_OPEN, None, None),
    # several callers, one matter: the lead takes in, the others follow it
    "merge": Move((*HELPED, S.PENDING_ACCEPTANCE), S.MERGED, "dispatch"),
    "take_in": Move(RUNNING, None, "dispatch"),
    "let_go": Move(ALL_OPEN, None, "dispatch"),
    "unmerge": Move((S.MERGED,), S.PENDING_DISPATCH, "dispatch", needs_note=True),
    "unmerge_unaccepted": Move((S.MERGED,), S.PENDING_ACCEPTANCE, "dispatch", needs_note=True),
    "answer_merged": Move((S.MERGED,), None, None),
    "ask_merged": Move((S.MERGED,), S.PENDING_CALLBACK, None),
    "wait_merged": Move((S.PENDING_CALLBACK,), S.MERGED, None),
    "close_merged": Move((S.PENDING_CALLBACK,), S.MERGED, "callback"),
    # beside the way
    "withdraw": Move((*BEFORE_WORK, S.PENDING_SUPPLEMENT, *AT_WORK), S.WITHDRAWN, "dispatch", needs_note=True),
    "restore": Move(ENDED, S.PENDING_ACCEPTANCE, "dispatch", needs_note=True),
    "correct": Move((*BEFORE_WORK, *AT_WORK), None, "dispatch"),
    "restrict": Move((*ALL_OPEN, S.MERGED), None, "dispatch"),
    "urge": Move(RUNNING, None, "dispatch"),
    "instruct": Move(ALL_OPEN, None, "instruct", needs_note=True),
    "answer_instruction": Move(ALL_OPEN, None, "handle", needs_note=True),
    "remind": Move(RUNNING, None, None),
    "supervise": Move(RUNNING, None, "dispatch", needs_note=True),
    "elevate": Move(RUNNING, None, "instruct", needs_note=True),
    "answer_slip": Move(ALL_OPEN, None, "handle", needs_note=True),
    "withdraw_slip": Move(ALL_OPEN, None, "see", needs_note=True),
    "issue_card": Move(RUNNING, None, "dispatch", needs_note=True),
    "withdraw_card": Move(PRINTABLE, None, "dispatch", needs_note=True),
    "print": Move(PRINTABLE, None, "see", needs_note=True),
}
# fmt: on

# While the clock stands still by decision, a case may be noted on and set going again, no more.
ASKED_OUTSIDE = ("renew_outside", "renew_outside_by_desk", "end_outside", "end_outside_by_desk",
                 "outside_late")  # fmt: skip
WHILE_SUSPENDED = ("log", "recheck", "resume", "recompute", "record_city_answer", "supervise",
                   "elevate", "answer_slip", "withdraw_slip", "withdraw_card",
                   "print", "answer_outside", *ASKED_OUTSIDE, "respond", "arrive",
                   "answer_assist", "decline_assist", "release_assist", "assist_late", "end_part",
                   "take_in", "let_go")  # fmt: skip
# A sub-case goes back to nobody, joins nobody and is not split again: its parent may.
NOT_FOR_PARTS = ("return_to_source", "merge", "split", "take_in")
# Steps that change nothing about a case: whoever has it on screen may go on.
UNFELT = ("print", "ask_outside", "ask_outside_by_desk", *ASKED_OUTSIDE)
