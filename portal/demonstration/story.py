"""How an invented case goes: mostly well, sometimes late, returned, climbed, reworked or forgotten.

The shares are chosen so that the figures look like those of a street and not like its newspaper: about
nine in ten on time, one in twenty handed on, one in ten asked again because it was not solved.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from complaints.choices import (
    CITY_SOURCES,
    SATISFIED,
    AssignmentEnd,
    CallbackOutcome,
    ContactChannel,
    DispatchRule,
    ResultKind,
    Satisfaction,
    Solved,
    Source,
    Stage,
    Supervision,
    Trigger,
    Urgency,
)
from complaints.limits import HOURS, Limit
from complaints.models import Callback, Contact, Instruction, Reply
from complaints.services import clock
from governance import worktime
from governance.choices import Level
from governance.models import Organisation, User
from portal.demonstration import wording
from portal.demonstration.life import Life, StillOpen
from portal.demonstration.world import FALLBACK_DEPARTMENT

FAST = (Urgency.CRITICAL, Urgency.URGENT)
MOST_TURNS = 12
ARCHIVED_AFTER = timedelta(days=30)

LATE, LATE_IN_DEPARTMENTS = 0.02, 0.04
# What a community can solve is tried by the grid first in four cases of ten.
TO_COMMUNITY = 0.6
CHOSEN_BY_HAND = 0.12
SIGNED_IN_TIME, SIGNED_LATE = 0.88, 0.09
CONTACTED_IN_TIME = 0.94
# How much of the remaining time an answer takes (beta distribution), by the level that answers;
# most grids answer before their time box runs out and the case climbs by itself.
IN_THE_BOX = 0.92
NIGHT_BEGINS, NIGHT_ENDS = 22, 7
HASTE = {
    Level.GRID_BRANCH: (1.8, 1.8),
    Level.GRAND_COMMITTEE: (1.8, 2.6),
    Level.WORKING_COMMITTEE: (2.0, 2.0),
    None: (2.0, 1.7),
}
RESULTS = {
    ResultKind.SOLVED: 72,
    ResultKind.EXPLAINED: 17,
    ResultKind.PARTLY: 8,
    ResultKind.NOT_ACCEPTED: 3,
}
FEELINGS = {
    Solved.YES: (28, 45, 21, 4, 2),
    Solved.PARTLY: (3, 30, 45, 18, 4),
    Solved.NO: (0, 4, 12, 52, 32),
}
SOLVED_WEIGHTS = {
    ResultKind.SOLVED: (91, 5, 4),
    ResultKind.PARTLY: (45, 40, 15),
    ResultKind.EXPLAINED: (62, 16, 22),
    ResultKind.NOT_ACCEPTED: (38, 12, 50),
}


def live(life: Life, source: str, filed_by: User | None, *, is_knotty: bool) -> None:
    """Let the case live until it ends or until the present; `is_knotty` cases wait for dispatch."""
    try:
        life.begin(life.case.filed_at, filed_by)
        if intake(life, source):
            first_dispatch(life, is_knotty)
            while answer_and_ask(life):
                pass
        if life.case.stage == Stage.CLOSED:
            life.deed("archive", life.case.closed_at + ARCHIVED_AFTER, None)
    except StillOpen:
        return


def clerk(life: Life) -> User:
    """One of the two clerks at the front; the third asks the citizens."""
    clerks = life.world.clerks
    return clerks[life.chance.randrange(min(2, len(clerks)))]


def pace(life: Life, low: int, high: int) -> datetime:
    """Some minutes after the last step, soon more often than late; office time unless it burns."""
    minutes = int(low + (high - low) * life.chance.random() ** 2.2)
    jitter = timedelta(seconds=life.chance.randrange(60))
    if life.case.limit_unit in HOURS:
        # Where only hours are given, everything goes faster.
        minutes = max(minutes // 5, 1)
    if life.case.urgency in FAST:
        return life.at + timedelta(minutes=min(minutes, 180)) + jitter
    added = worktime.add(
        life.at, Fraction(minutes, 60), worktime.Unit.WORK_HOURS, life.world.calendar
    )
    return max(added.at + jitter, life.at + timedelta(seconds=5))


# Coming in -----------------------------------------------------------------------------------


def intake(life: Life, source: str) -> bool:
    """Accepted? Else asked for more, rejected, voided or given back to the city."""
    chance, case = life.chance, life.case
    if source == Source.HOTLINE:
        if chance.random() < 0.02:
            note = wording.say(chance, "returned")
            at = pace(life, 30, 600)
            life.deed("return_to_source", at, clerk(life), note, closed_at=at)
            return False
        return True
    roll = chance.random()
    if roll < 0.02:
        at = pace(life, 10, 240)
        life.deed("reject", at, clerk(life), wording.say(chance, "rejected"), closed_at=at)
        return False
    if roll < 0.028:
        at = pace(life, 5, 60)
        life.deed("void", at, clerk(life), "重复登记，作废", closed_at=at)
        return False
    if roll < 0.043 and not supplement(life):
        return False
    at = pace(life, 3, 150)
    life.deed("accept", at, clerk(life), **promise(life, at))
    return case.stage == Stage.PENDING_DISPATCH


def supplement(life: Life) -> bool:
    """The citizen is asked for more; some never answer, and the house rejects the matter."""
    chance, calendar = life.chance, life.world.calendar
    note = wording.say(chance, "supplement")
    life.deed("ask_supplement", pace(life, 5, 90), clerk(life), note)
    if chance.random() < 0.65:
        life.deed(
            "supplement",
            pace(life, 60, 1200),
            clerk(life),
            wording.say(life.chance, "supplemented"),
        )
        return True
    days = life.world.rules.case.supplement_workdays
    at = worktime.add(life.at, days, worktime.Unit.WORKDAYS, calendar).at + timedelta(seconds=9)
    life.deed("reject", at, None, "超过时限未补充材料，系统转为不予受理", closed_at=at)
    return False


def promise(life: Life, at: datetime, city_due_at: datetime | None = None) -> dict[str, Any]:
    """The clock of the case from its acceptance (as `filing.clock_of_acceptance`)."""
    case, calendar = life.case, life.world.calendar
    start = case.happened_at if case.source in CITY_SOURCES else at
    limit = Limit(case.category.limit_amount, case.category.limit_unit)
    due = limit.due(start, calendar)
    due_at = city_due_at or due.at
    return {
        "accepted_at": start,
        "limit_amount": limit.amount,
        "limit_unit": limit.unit,
        "calendar_version": calendar.version,
        "is_city_deadline": city_due_at is not None,
        "due_is_provisional": due.is_provisional and city_due_at is None,
        "original_due_at": due_at,
        "case_due_at": due_at,
    }


def first_dispatch(life: Life, is_knotty: bool) -> None:
    """The clerk finds the unit; a case without a known place is placed first, and waits longer."""
    case, by = life.case, clerk(life)
    if case.place is None:
        spot = life.chance.choice(life.world.spots)
        life.deed(
            "correct", pace(life, 60, 1500), by, wording.say(life.chance, "placed"),
            place=spot.group, compound=spot.building.compound, building=spot.building, hint="",
        )  # fmt: skip
    at = pace(life, 120, 1800) if is_knotty else pace(life, 4, 120)
    found = DispatchRule.HANDLER if case.category.default_handler else DispatchRule.PLACE
    rule = DispatchRule.BY_HAND if life.chance.random() < CHOSEN_BY_HAND else found
    life.dispatch(unit_for(life), at, by, rule=rule)


def unit_for(life: Life) -> Organisation:
    """The department of the category, else the lowest unit that can solve it."""
    world, category, place = life.world, life.case.category, life.case.place
    if category.default_handler:
        return world.departments.get(
            category.default_handler, world.departments[FALLBACK_DEPARTMENT]
        )
    community = world.by_path[place.path[:12]]
    if place.level == Level.GRAND_COMMITTEE:
        return community
    if category.solving_level == Level.GRAND_COMMITTEE and life.chance.random() < TO_COMMUNITY:
        return community
    if category.solving_level == Level.WORKING_COMMITTEE:
        return world.departments[FALLBACK_DEPARTMENT]
    return world.by_path[place.path[:18]]


# At work -------------------------------------------------------------------------------------


def work(life: Life) -> bool:
    """From the desk to an answer; False when the matter was withdrawn."""
    case = life.case
    contacted, troubled = False, False
    for _turn in range(MOST_TURNS):
        if case.stage == Stage.PENDING_DISPATCH:
            redispatch(life)
        elif not life.world.handlers.get(case.holder_path):
            department = life.world.departments[FALLBACK_DEPARTMENT]
            own = life.world.departments.get(case.category.default_handler, department)
            life.dispatch(
                own, pace(life, 20, 500), clerk(life), note="街道研究后交部门办理",
                ended=AssignmentEnd.REDISPATCHED,
            )  # fmt: skip
        elif case.stage == Stage.PENDING_SIGN:
            sign(life)
        elif not contacted:
            contacted = contact(life)
        elif not troubled and (trouble := some_trouble(life)) is not None:
            troubled = True
            if trouble == "withdraw":
                return False
        elif reply(life):
            return True
    raise StillOpen


def handler(life: Life) -> User:
    """Who acts in the unit that has the case."""
    people = life.world.handlers[life.case.holder_path]
    return people[0] if life.chance.random() < 0.85 else life.chance.choice(people)


def sign(life: Life) -> None:
    """In time, late, or never: then the house signs after twice the limit."""
    case, chance = life.case, life.chance
    start, due = life.at, case.sign_due_at
    limit = life.world.rules.urgencies[case.urgency]
    roll = chance.random()
    if roll < SIGNED_IN_TIME and due > start:
        # A matter with few hours is taken up at once, not when signing is due.
        haste = Fraction(1, 5) if case.limit_unit in HOURS else Fraction(2, 3)
        share = haste * (int(chance.betavariate(1.2, 4) * 1000) + 5) / 1010
        at = worktime.fraction_moment(start, due, share, limit.sign_unit, life.world.calendar)
    elif roll < SIGNED_IN_TIME + SIGNED_LATE or life.auto_sign_at is None:
        at = max(due, start) + timedelta(minutes=chance.randint(4, 50))
    else:
        at = life.auto_sign_at + timedelta(minutes=2)
    at = max(at, life.at + timedelta(seconds=20))
    holder = case.holder_path
    life.let_pass(at)
    if case.stage != Stage.PENDING_SIGN or case.holder_path != holder:
        return
    by = handler(life)
    life.deed("sign", at, by, assignee=by.person)
    current = life.current
    if current is not None and current.signed_at is None:
        current.signed_at, current.signed_by = at, by


def contact(life: Life) -> bool:
    """先行联系: mostly in time and at the first try; says True when the step could be taken."""
    case, chance = life.case, life.chance
    due, limit = case.contact_due_at, life.world.rules.urgencies[case.urgency]
    at = pace(life, 3, 40) if case.limit_unit in HOURS else pace(life, 6, 240)
    if chance.random() > CONTACTED_IN_TIME and due > life.at:
        at = worktime.add(
            max(due, life.at), Fraction(chance.randint(10, 300), 60), "kh", life.world.calendar
        ).at
    elif limit.contact_unit == "wm":
        at = life.at + timedelta(minutes=chance.randint(1, 15))
    for attempt in range(3):
        at = max(at, life.at + timedelta(minutes=1))
        holder = case.holder_path
        life.let_pass(at)
        if case.stage != Stage.HANDLING or case.holder_path != holder:
            return False
        reached = chance.random() < 0.87
        note_contact(life, at, reached)
        if reached or attempt == 2:
            if life.current and life.current.contacted_at is None:
                life.current.contacted_at = at
            return True
        at = pace(life, 15, 120)
    return True


def note_contact(life: Life, at: datetime, reached: bool) -> None:
    """One attempt, and its step."""
    chance, by = life.chance, handler(life)
    has_phone = bool(life.caller and life.caller.phone_masked)
    channel = ContactChannel.PHONE if has_phone and chance.random() < 0.85 else ContactChannel.VISIT
    way = "phone" if channel == ContactChannel.PHONE else "visit"
    note = wording.say(chance, f"contact_{way}" if reached else f"failed_{way}")
    summary = "已联系上" if reached else "未联系上"
    life.deed("contact", at, by, f"{ContactChannel(channel).label} · {summary} {note}")
    life.contacts.append(
        Contact(
            complaint=life.case, round=life.case.round, channel=channel, is_reached=reached,
            note=note, at=at, by=by,
        )
    )  # fmt: skip


def some_trouble(life: Life) -> str | None:
    """Now and then: not ours, too big for us, withdrawn, a leader's word, a nudge, a note."""
    chance, case = life.chance, life.case
    level, roll = case.holder.level, chance.random()
    if roll < 0.045 and case.round == 1 and level != Level.GRAND_COMMITTEE:
        hand_on(life)
        return "hand_on"
    if roll < 0.10 and level in (Level.GRID_BRANCH, Level.GRAND_COMMITTEE):
        at = pace(life, 30, 900)
        life.let_pass(at)
        if case.stage == Stage.HANDLING and case.holder.level == level:
            life.escalate(at, handler(life), wording.say(chance, "escalation", case.category.code))
        return "escalate"
    if 0.10 <= roll < 0.115:
        at = pace(life, 30, 900)
        life.let_pass(at)
        life.end_assignment(at, AssignmentEnd.STOPPED)
        life.stop_clock()
        life.move("withdraw", at, clerk(life), wording.say(chance, "withdrawn"), {"closed_at": at})
        return "withdraw"
    if 0.115 <= roll < 0.124 and life.world.leaders:
        instruct(life)
    elif 0.124 <= roll < 0.18:
        raised = Supervision.URGED if case.supervision == Supervision.NONE else case.supervision
        life.deed(
            "urge",
            pace(life, 60, 900),
            clerk(life),
            wording.say(chance, "urge"),
            supervision=raised,
        )
    elif 0.18 <= roll < 0.55:
        at = pace(life, 20, 600)
        if case.box_due_at and case.box_due_at > life.at:
            at = min(at, life.at + (case.box_due_at - life.at) / 2)
        life.let_pass(at)
        if case.stage == Stage.HANDLING:
            life.deed("log", at, handler(life), wording.say(chance, "log", case.category.code))
    return "note" if roll < 0.55 else None


def instruct(life: Life) -> None:
    """批示: a leader's word with a due time of its own."""
    by, at = life.world.leaders[0], pace(life, 60, 900)
    text = wording.say(life.chance, "instruction")
    life.deed("instruct", at, by, text)
    due = worktime.add(at, 3, worktime.Unit.WORKDAYS, life.world.calendar).at
    life.instructions.append(Instruction(complaint=life.case, text=text, due_at=due, at=at, by=by))


def hand_on(life: Life) -> None:
    """不属于本网格: back to the desk that dispatches (as `dispatching.hand_on`)."""
    case, world = life.case, life.world
    at, note = pace(life, 10, 200), wording.say(life.chance, "wrong_unit")
    life.let_pass(at)
    if case.stage != Stage.HANDLING or case.holder.level == Level.GRAND_COMMITTEE:
        return
    is_grid = case.holder.level is not None and case.holder.level > Level.GRAND_COMMITTEE
    desk = world.by_path[case.holder_path[:12]] if is_grid else world.street
    hint = f"{case.holder}转出：{note}"
    by = handler(life)
    life.end_assignment(at, AssignmentEnd.HANDED_ON)
    life.stop_clock()
    changes = {"holder": desk, "main_unit": None, "assignee": None, "hint": hint[:200]}
    life.move("hand_on", at, by, note, changes | life.transfer())


def redispatch(life: Life) -> None:
    """The community's assistant or the clerk finds another unit."""
    case, world, chance = life.case, life.world, life.chance
    if case.holder.level == Level.GRAND_COMMITTEE:
        branches = [
            one
            for one in world.by_path.values()
            if one.level == Level.GRID_BRANCH and one.path.startswith(case.holder_path)
        ]
        by = world.handlers[case.holder_path][0]
        life.dispatch(chance.choice(branches), pace(life, 20, 600), by, rule=DispatchRule.BY_HAND)
    else:
        unit = world.departments[FALLBACK_DEPARTMENT]
        life.dispatch(unit, pace(life, 20, 600), clerk(life), note="改由本单位办理")


def reply(life: Life) -> bool:
    """The answer, at its time; False when the case has climbed away meanwhile."""
    case, chance = life.case, life.chance
    at = max(reply_moment(life), life.at + timedelta(minutes=chance.randint(2, 14)))
    holder = case.holder_path
    life.let_pass(at)
    if case.stage != Stage.HANDLING or case.holder_path != holder:
        return False
    write_reply(life, at)
    return True


def reply_moment(life: Life) -> datetime:
    """Within the promise for nine in ten, else up to a week after it."""
    case, chance, calendar = life.case, life.chance, life.world.calendar
    late = LATE if case.holder.level else LATE_IN_DEPARTMENTS
    due = case.assignment_due_at
    is_late = due <= life.at or chance.random() < late
    if is_late and case.limit_unit in HOURS and chance.random() < 0.7:
        hours = Fraction(chance.randint(15, 500), 60)
        return worktime.add(max(due, life.at), hours, worktime.Unit.WORK_HOURS, calendar).at
    if is_late:
        days = chance.choices((1, 2, 3, 4, 6, 8), (40, 24, 14, 10, 8, 4))[0]
        day = worktime.add(max(due, life.at), days, worktime.Unit.WORKDAYS, calendar).at
        return day - timedelta(hours=chance.uniform(6.5, 15))
    share = Fraction(int(chance.betavariate(*HASTE[case.holder.level]) * 960), 1000)
    box = case.box_due_at
    if box and life.at < box < due and chance.random() < IN_THE_BOX:
        due = box
    return by_day(life, worktime.fraction_moment(life.at, due, share, case.limit_unit, calendar))


def by_day(life: Life, at: datetime) -> datetime:
    """Nobody answers at night what does not burn."""
    local = life.world.calendar.local(at)
    if NIGHT_ENDS <= local.hour < NIGHT_BEGINS or life.case.urgency == Urgency.CRITICAL:
        return at
    day = local.replace(hour=NIGHT_ENDS, minute=0) + timedelta(days=local.hour >= NIGHT_BEGINS)
    return life.world.calendar.utc(day + timedelta(minutes=life.chance.randint(20, 150)))


def write_reply(life: Life, at: datetime) -> None:
    """The reply and its step (as `handling.reply`)."""
    case, chance, by = life.case, life.chance, handler(life)
    kind = chance.choices(list(RESULTS), list(RESULTS.values()))[0]
    unit = case.holder.display_name
    local = life.world.calendar.local(at)
    text = wording.public_reply(
        chance, case.category.code, kind, unit, scene=life.scene, title=case.title, at=local
    )
    life.replies.append(
        Reply(
            complaint=case, round=case.round, result_kind=kind, public_text=text,
            internal_text=wording.say(chance, "log", case.category.code), is_true=kind != ResultKind.NOT_ACCEPTED,
            unsolved_reason=wording.say(chance, "unsolved", case.category.code) if kind == ResultKind.PARTLY else "",
            at=at, by=by,
        )
    )  # fmt: skip
    life.deed(
        "reply", at, by, text,
        result_kind=kind, solved_level=case.holder.level or Level.WORKING_COMMITTEE, box_due_at=None,
    )  # fmt: skip
    if life.current:
        life.current.replied_at = at
    life.stop_clock()


# To an honest close --------------------------------------------------------------------------


def answer_and_ask(life: Life) -> bool:
    """One round: work, review, callback; True when another round begins."""
    if not work(life) or not review(life):
        return False
    return ask(life)


def reviewer(life: Life) -> User:
    """The street for city orders and for what communities and departments answer (5.1)."""
    case = life.case
    by_street = case.source in CITY_SOURCES or case.holder.level in (None, 1, 2)
    secretary = life.world.secretaries.get(case.main_unit_path[:12])
    return clerk(life) if by_street or secretary is None else secretary


def review(life: Life) -> bool:
    """A second person reads it; one in twenty goes back. False when nobody is to be asked."""
    chance, case = life.chance, life.case
    if chance.random() < 0.05:
        at, by = pace(life, 20, 400), reviewer(life)
        life.deed("send_back", at, by, wording.say(chance, "send_back", case.category.code))
        last = life.replies[-1]
        last.is_approved, last.reviewed_at, last.reviewed_by = False, at, by
        if life.current:
            life.current.replied_at = None
            life.plan(life.current, at)
        again = pace(life, 30, 500)
        life.let_pass(again)
        if case.stage != Stage.HANDLING and not work(life):
            return False
        if case.stage == Stage.HANDLING:
            write_reply(life, again)
    at, by, answer = pace(life, 8, 420), reviewer(life), life.replies[-1]
    finished = {
        "finished_at": answer.at,
        "first_finished_at": case.first_finished_at or answer.at,
    }
    life.deed("approve", at, by, wording.say(chance, "approval", case.category.code), **finished)
    answer.is_approved, answer.reviewed_at, answer.reviewed_by = True, at, by
    life.end_assignment(at, AssignmentEnd.FINISHED)
    if case.category.needs_callback and life.caller and life.caller.phone_masked:
        return True
    life.move("close", at, None, "不在回访范围，系统结案", {"closed_at": at})
    return False


def ask(life: Life) -> bool:
    """The citizen is asked by a third person; True when a new round begins."""
    case, chance = life.case, life.chance
    by = life.world.clerks[-1]
    if case.source == Source.HOTLINE and chance.random() < 0.3:
        return city_result(life, by)
    for attempt in range(3):
        at = pace(life, 90, 900) if attempt == 0 else next_workday(life)
        if chance.random() < (0.84 if attempt == 0 else 0.6):
            return reached(life, at, by)
        life.deed("call_back", at, by, "未接通")
        life.callbacks.append(
            Callback(
                complaint=case, round=case.round, outcome=CallbackOutcome.UNREACHED,
                note=wording.say(chance, "failed_phone"), at=at, by=by,
            )
        )  # fmt: skip
    at = life.at + timedelta(seconds=9)
    unreached = {"closed_at": at, "is_unreached": True}
    life.deed("close", at, None, "多次回访未接通，系统结案", **unreached)
    return False


def next_workday(life: Life) -> datetime:
    """Some time in the office hours of the next workday."""
    calendar = life.world.calendar
    end = worktime.add(life.at, 1, worktime.Unit.WORKDAYS, calendar).at
    return end - timedelta(hours=life.chance.uniform(7, 15))


def opinion(life: Life) -> tuple[str, str]:
    """Solved? Satisfied? Later rounds and late answers please less."""
    chance, kind = life.chance, ResultKind(life.replies[-1].result_kind)
    weights = SOLVED_WEIGHTS[kind] if life.case.round == 1 else (52, 18, 30)
    solved = chance.choices(list(Solved), weights)[0]
    return solved, chance.choices(list(Satisfaction), FEELINGS[Solved(solved)])[0]


def city_result(life: Life, by: User) -> bool:
    """The city's own callback comes back with its order."""
    case, at = life.case, pace(life, 400, 2200)
    solved, satisfaction = opinion(life)
    heard = {"solved": solved, "satisfaction": satisfaction, "is_unreached": False}
    life.deed("record_source_result", at, by, "", **heard)
    life.callbacks.append(
        Callback(
            complaint=case, round=case.round, outcome=CallbackOutcome.SOURCE,
            solved=solved, satisfaction=satisfaction, at=at, by=by,
        )
    )  # fmt: skip
    if solved != Solved.NO and satisfaction in SATISFIED:
        life.move("close", at, by, "来源单位回访通过", {"closed_at": at, **heard})
        return False
    return again(
        life, pace(life, 20, 400), by, "来源单位回访：未解决或不满意", solved, satisfaction
    )


def reached(life: Life, at: datetime, by: User) -> bool:
    """The citizen answers; True when a new round begins."""
    case, chance = life.case, life.chance
    solved, satisfaction = opinion(life)
    life.let_pass(at)
    pleased = solved != Solved.NO and satisfaction in SATISFIED
    note = wording.say(chance, "praised" if pleased else "complained", case.category.code)
    life.callbacks.append(
        Callback(
            complaint=case, round=case.round, outcome=CallbackOutcome.REACHED, solved=solved,
            satisfaction=satisfaction, was_contacted_in_time=chance.random() < 0.93,
            note=note, at=at, by=by,
        )
    )  # fmt: skip
    if pleased or (case.round > 1 and chance.random() < 0.8):
        life.move(
            "close", at, by, note,
            {"closed_at": at, "solved": solved, "satisfaction": satisfaction, "is_unreached": False},
        )  # fmt: skip
        return False
    return again(life, at, by, note or "群众反映未解决或不满意", solved, satisfaction)


def again(life: Life, at: datetime, by: User, note: str, solved: str, satisfaction: str) -> bool:
    """A new round one level up with half the limit (as `closing.start_round`)."""
    case, world = life.case, life.world
    limit = clock.case_limit(case).halved()
    due = limit.due(at, world.calendar)
    is_problem = world.rules.elevates(Trigger.ROUND, case.round + 1)
    elevated = {"supervision": Supervision.ELEVATED} if is_problem else {}
    top = case.is_confidential or len(case.main_unit_path) <= len(world.street.path)
    life.dispatch(
        world.street if top else world.above(case.main_unit_path),
        at, by, verb="rework", note=note, limit=limit,
        first_due_at=case.first_due_at or case.case_due_at,
        round=case.round + 1, case_due_at=due.at, due_is_provisional=due.is_provisional,
        finished_at=None, closed_at=None, is_unreached=False, solved=solved,
        satisfaction=satisfaction, result_kind="", **elevated,
    )  # fmt: skip
    return True
