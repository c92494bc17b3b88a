"""Reminders as rows: when they strike, whom they reach, once, and what an office may edit."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from complaints import reminders, tasks
from complaints.choices import Card, LimitUnit
from complaints.limits import Limit
from complaints.models import Assignment, Complaint, IssuedCard, OversightRules, Reminder
from complaints.models import ReminderRule as Rule
from complaints.reminders import Promises
from complaints.rules import rules_changed, rules_of
from complaints.services import clock, closing, dispatching, handling, reminding, supervising
from complaints.services.reminding import audience
from complaints.services.requests import asking
from complaints.services.timing import DUTIES
from governance.calendar import SHANGHAI
from governance.choices import ChannelKind
from governance.models import Delivery, Notice, Todo, User
from governance.services import channels, todo
from governance.services.calendar import current_calendar
from governance.services.todo import Duty
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.test_timing import live
from tests.desk import signed_in

pytestmark = pytest.mark.django_db
RULES = "/admin/complaints/reminderrule/"


def at(text: str) -> datetime:
    """A moment of March 2026 on the wall of the office, e.g. "06 22:10"."""
    return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def shown(moment: datetime) -> str:
    """A moment as it reads on the wall of the office."""
    return moment.astimezone(SHANGHAI).strftime("%d %H:%M")


def told(user: User, label: str) -> int:
    """How often somebody was told of a rule."""
    return Notice.objects.filter(person=user.person_id, title__startswith=label).count()


WORKDAYS = Promises(at("02 09:00"), at("02 14:30"), at("03 09:00"), at("06 23:59"),
                    Limit(4, "wd"), "ordinary")  # fmt: skip
HOURS = replace(WORKDAYS, limit=Limit(24, LimitUnit.WALL_HOURS), due_at=at("07 09:00"),
                dispatched_at=at("06 09:00"))  # fmt: skip


@pytest.mark.parametrize(
    ("promises", "values", "expected"),
    [
        (WORKDAYS, {"trigger": "share", "amount": 75}, "05 17:30"),
        (WORKDAYS, {"trigger": "left", "amount": 2}, "05 07:30"),
        (WORKDAYS, {"trigger": "left", "amount": 2, "hush": "office"}, "05 08:30"),
        (WORKDAYS, {"trigger": "left", "amount": 3, "unit": "wh"}, "06 20:59"),
        (WORKDAYS, {"trigger": "left", "amount": 5, "unit": "kh"}, "06 11:00"),
        (WORKDAYS, {"trigger": "sign_passed", "amount": 2, "unit": "kh"}, "02 16:30"),
        (WORKDAYS, {"trigger": "contact_passed", "hush": "none"}, "03 09:00"),
        (WORKDAYS, {"trigger": "overdue"}, "07 07:30"),
        (WORKDAYS, {"trigger": "overdue", "hush": "none"}, "06 23:59"),
        # Pushed out of the night, a rule of office hours never lands on a rest day at 07:30.
        (WORKDAYS, {"trigger": "overdue", "hush": "office"}, "09 08:30"),
        (replace(WORKDAYS, urgency="critical"), {"trigger": "overdue", "hush": "office"}, "06 23:59"),
        (HOURS, {"trigger": "left", "left_percent": 20}, "07 07:30"),
        # A limit that runs over the weekend is reminded of before its end, not on Monday.
        (HOURS, {"trigger": "left", "left_percent": 10, "hush": "office"}, "07 07:30"),
        (HOURS, {"trigger": "share", "amount": 50, "hush": "night"}, "07 07:30"),
    ],
)  # fmt: skip
def test_a_rule_strikes_at_its_moment_outside_the_hours_in_which_it_keeps_quiet(
    office: Cast, promises: Promises, values: dict[str, Any], expected: str
) -> None:
    rule = Rule(**{"hush": "night"} | values)
    moment = reminders.moment_of(rule, promises, OversightRules(), current_calendar())
    assert shown(moment) == expected


def test_the_office_sets_the_hours_of_the_night(office: Cast) -> None:
    calendar, rule = current_calendar(), Rule(trigger="overdue", hush="night")
    for begins, ends, expected in (
        (time(18), time(9), "07 09:00"), (time(0), time(6), "06 23:59"), (time(1), time(1), "06 23:59"),
    ):  # fmt: skip
        quiet = OversightRules(quiet_from=begins, quiet_to=ends)
        assert shown(reminders.moment_of(rule, WORKDAYS, quiet, calendar)) == expected


def test_an_audience_is_named_by_part_by_post_and_by_level(office: Cast) -> None:
    case = stages.dispatched(office)
    row = Assignment.objects.get(complaint=case)

    def heard(*words: str) -> set[int]:
        return set(audience(case, Rule(audience=list(words)), row))

    people = {name: getattr(office, name).person_id for name in ("wang", "su", "chen", "lin")}
    assert heard("handler") == {people["wang"]}
    assert heard("above:1", "dispatcher") == {people["su"], people["chen"]}
    assert heard("above:2", "subdistrict_leader@1") == {people["lin"]}
    assert heard("above:3") == heard("community_secretary@3") == heard("decider") == set()
    assert heard("community_secretary@2") == heard("community_secretary") == {people["su"]}
    Complaint.objects.filter(pk=case.pk).update(is_confidential=True)
    case.refresh_from_db()
    assert heard("handler", "above:1", "subdistrict_leader@1") == {people["wang"]}


def test_what_else_domain_names_is_told_and_only_while_it_waits(office: Cast, monday: Any) -> None:
    asked, answered = stages.signed(office), stages.signed(office)
    for case in (asked, answered):
        asking.ask_return(case.pk, by=office.wang, note="不在本网格", reason="not_our_ground")
    asking.take_back_request(answered.pk, by=office.wang, request=answered.requests.get().pk)
    due_at = timezone.now() + timedelta(hours=3)
    word = supervising.instruct(asked.pk, by=office.lin, text="请核实", due_at=due_at)
    done = supervising.instruct(answered.pk, by=office.lin, text="请核实", due_at=due_at)
    supervising.answer_instruction(done, by=office.wang, note="已核实")
    live(monday, days=2)
    struck = Reminder.objects.exclude(occasion="").values_list("complaint", "rule_code", "occasion")
    assert set(struck) == {
        (asked.pk, "request_waiting", f"request:{asked.requests.get().pk}"),
        (asked.pk, "instruction_late", f"instruction:{word.pk}"),
    }
    assert told(office.su, "申请超过1个工作日未审批") == 1
    assert (told(office.wang, "批示逾期未落实"), told(office.su, "批示逾期未落实")) == (1, 1)


def test_rounds_transfers_and_crowds_press_once_in_the_life_of_a_case(
    office: Cast, monday: Any
) -> None:
    case = stages.approved(office)
    closing.record_callback(
        case.pk, by=office.qian, outcome="reached", solved="no", satisfaction="dissatisfied"
    )
    crowd = stages.accepted(office)
    Complaint.objects.filter(pk=crowd.pk).update(is_collective=True)
    for unit in (office.east_branch, office.east, office.east_branch):
        dispatching.dispatch(crowd.pk, unit, by=office.chen)
        tasks.sweep()
    tasks.sweep()
    rows = Reminder.objects.filter(rule_code__in=("round_2", "collective", "transfers_3"))
    assert sorted(rows.values_list("complaint", "rule_code")) == [
        (case.pk, "round_2"), (crowd.pk, "collective"),
    ]  # fmt: skip
    assert Complaint.objects.get(pk=crowd.pk).supervision == "elevated"
    assert told(office.lin, "群体诉求") == told(office.lin, "进入第2轮重办") == 1


def test_what_was_late_is_shown_at_once_but_leaves_the_house_in_the_morning(
    office: Cast, monday: Any
) -> None:
    rules = rules_of(office.street).reminders
    assert {"sms", "wecom"} <= {one for row in rules for one in row.channels}
    assert {one for row in rules for one in row.channels} <= set(ChannelKind.values)
    stages.dispatched(office)
    Todo.objects.filter(kind=clock.CLIMB).delete()
    monday.move_to(at("05 12:00"))
    tasks.sweep()
    assert Notice.objects.filter(key__startswith="remind:").exists()
    assert not Delivery.objects.exists()  # no way out is set up in this street
    channels.set_up(office.street, "sms", "短信", by=office.chen, address="https://a.example.cn/")
    # The house was down all Friday and comes back at eleven at night.
    monday.move_to(at("06 23:00"))
    tasks.sweep()
    assert told(office.su, "临近到期") == 1
    assert {shown(moment) for moment in Delivery.objects.values_list("due_at", flat=True)} == {
        "09 08:30"
    }


def test_the_shipped_rows_are_the_lines_of_the_plan_and_each_is_explained(office: Cast) -> None:
    text = (Path(__file__).parents[2] / "docs/defaults.md").read_text(encoding="utf-8")
    for rule in Rule.objects.all():
        assert f"{rule.code}" in text, rule.code
    cards = dict(Rule.objects.values_list("code", "card"))
    assert {code for code, card in cards.items() if card == Card.YELLOW} == {"sign_passed", "near"}
    assert {"overdue_1", "overdue_2", "overdue_3", "overdue_5", "round_2", "round_3",
            "transfers_3", "collective"} <= {c for c, card in cards.items() if card == Card.RED}  # fmt: skip
    elevated = Rule.objects.filter(supervision="elevated").values_list("code", flat=True)
    assert set(elevated) == {"overdue_3", "round_3", "transfers_3", "collective"}
    assert Rule.objects.get(drafts_slip=True).code == "overdue_1"


# Once ----------------------------------------------------------------------------------------


def test_a_sweep_that_dies_in_the_middle_is_finished_by_the_next(office: Cast, monday: Any) -> None:
    cases = [stages.dispatched(office) for _ in range(3)]
    monday.shift(timedelta(hours=3))
    done: list[int] = []

    def act(subject: Any, row: Todo) -> None:
        reminding.remind(subject, row)
        done.append(row.subject_id)
        if len(done) == 2:
            raise SystemExit  # the machine is switched off in its second piece of work

    with pytest.raises(SystemExit):
        todo.sweep({**DUTIES, clock.REMIND: Duty(DUTIES[clock.REMIND].lock, act)})
    assert Reminder.objects.count() == told(office.wang, "签收时限过半") == 1
    for _ in range(3):
        tasks.sweep()
    assert Reminder.objects.count() == told(office.wang, "签收时限过半") == len(cases)


def test_control_without_the_row_of_the_reminder_people_are_told_twice(
    office: Cast, monday: Any
) -> None:
    stages.dispatched(office)
    monday.shift(timedelta(hours=3))
    for _ in range(2):
        tasks.sweep()
        Reminder.objects.all().delete()
        Todo.objects.filter(kind=clock.REMIND).update(done_at=None)
    assert told(office.wang, "签收时限过半") == 2


# Edited by the office ------------------------------------------------------------------------


def form_of(code: str, **values: Any) -> tuple[str, dict[str, Any]]:
    """The page of a rule, and what it sends with some fields typed anew."""
    rule = Rule.objects.get(code=code)
    names = ("label", "trigger", "amount", "unit", "left_percent", "hush", "card", "supervision",
             "measure", "channels")  # fmt: skip
    body = {name: getattr(rule, name) for name in names}
    body |= {"people": [w for w in rule.audience if "@" not in w], "is_enabled": "on"}
    body |= {"posts": [w for w in rule.audience if "@" in w]}
    return f"{RULES}{rule.pk}/change/", body | values


def test_an_edited_rule_holds_for_what_has_not_struck_and_repeats_nothing(
    office: Cast, monday: Any
) -> None:
    waiting = stages.signed(office)
    live(monday, hours=27)
    late = stages.signed(office)
    signed_in(office.chen).post(*form_of("half", amount=10))
    tasks.replan_reminders()
    tasks.sweep()
    assert [row.complaint_id for row in Reminder.objects.filter(rule_code="half")] == [waiting.pk]
    live(monday, hours=28)
    assert Reminder.objects.filter(rule_code="half", complaint=late).count() == 1
    signed_in(office.chen).post(*form_of("half", amount=60))
    for _ in range(2):
        tasks.replan_reminders()
    live(monday, days=4)
    assert Reminder.objects.filter(rule_code="half").count() == 2
    assert not Assignment.objects.filter(planned_with__lt=rules_of(office.street).reminder_version)


def test_a_new_rule_wakes_nobody_about_yesterday_and_a_replanning_may_die(
    office: Cast, monday: Any
) -> None:
    cases = [stages.signed(office) for _ in range(2)]
    Todo.objects.filter(kind=clock.CLIMB).delete()
    live(monday, days=2)
    Rule.objects.create(code="early", label="早提醒", trigger="share", amount=1,
                        audience=["handler"], hush="none")  # fmt: skip
    Rule.objects.create(code="later", label="晚提醒", trigger="share", amount=70,
                        audience=["handler"], hush="none")  # fmt: skip
    rules_changed(of_reminders=True)
    handling.log(cases[0].pk, by=office.wang, note="已到现场查看")
    for _ in range(3):
        tasks.replan_reminders()
    live(monday, days=2)
    assert told(office.wang, "早提醒") == 0
    assert told(office.wang, "晚提醒") == len(cases)


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("half", {"people": [], "posts": []}, "至少选择一个提醒对象"),
        ("half", {"people": ["decider"]}, "只用于“申请待审批”"),
        ("half", {"posts": ["grid_worker@9"]}, "不在可用的选项中"),
        ("half", {"amount": 0}, "1 到 100"),
        ("half", {"amount": 101}, "1 到 100"),
        ("near", {"amount": 0}, "1 或更大"),
        ("near", {"left_percent": 100}, "99"),
        ("round_2", {"amount": 1}, "第 2 轮"),
        ("overdue_2", {"amount": 400}, "365"),
        ("overdue_2", {"amount": "x"}, "整数"),
        ("request_waiting", {"card": "red"}, "不能挂牌"),
        ("call_again", {"drafts_slip": "on"}, "不能督办"),
        ("half", {"channels": ["pigeon"]}, "不在可用的选项中"),
        ("half", {"hush": "always"}, "不在可用的选项中"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_and_keeps_what_was_typed(
    office: Cast, code: str, values: dict[str, Any], said: str
) -> None:
    before = Rule.objects.filter(code=code).values().get()
    address, body = form_of(code, **{"measure": "请今日回复", **values})
    text = signed_in(office.chen).post(address, body).content.decode()
    assert said in text and "请今日回复" in text
    assert Rule.objects.filter(code=code).values().get() == before


def test_a_rule_reads_as_a_sentence_before_and_after_it_is_saved(office: Cast) -> None:
    desk = signed_in(office.chen)
    near = ("提前1个工作日（按小时计的时限剩余20%时），提醒承办人、网格党支部书记、"
            "社区党委书记（网格站长）；只在上班时间（特急除外）")  # fmt: skip
    page = desk.get(RULES).content.decode()
    assert near in page
    address, body = form_of("near", amount=2)
    page = desk.get(address).content.decode()
    assert near in page and "尚未发出的提醒立即生效" in page
    answer = desk.post(f"{RULES}preview/", body).json()
    assert answer["sentence"].startswith("提前2个工作日")
    wrong = desk.post(f"{RULES}preview/", {**body, "amount": 0}).json()
    assert wrong == {"sentence": "请填 1 或更大的数。", "is_wrong": True}
    assert Rule.objects.get(code="near").amount == 1
    assert signed_in(office.su).post(f"{RULES}preview/", body).status_code == 403


def test_a_rule_of_ones_own_is_added_once_and_counts_from_then_on(
    office: Cast, monday: Any
) -> None:
    desk, (_address, body) = signed_in(office.chen), form_of("half", amount=5, label="开始提醒")
    street = {"subdistrict": office.street.pk}
    for wrong, said in (({"code": "half"}, "已有同样代码"), ({"code": "两"}, "下划线")):
        text = desk.post(f"{RULES}add/", {**body, **wrong}).content.decode()
        assert said in text and "开始提醒" in text
    assert desk.post(f"{RULES}add/", {**body, **street, "code": "begin"}).status_code == 302
    assert Rule.objects.get(code="begin").subdistrict == office.street
    stages.signed(office)
    live(monday, days=2)
    assert told(office.wang, "开始提醒") == 1


def test_the_digest_does_not_disturb_the_night_it_is_set_beside(office: Cast) -> None:
    row = OversightRules.objects.get()
    desk, address = signed_in(office.chen), f"/admin/complaints/oversightrules/{row.pk}/change/"
    body = {"quiet_from": "21:00", "quiet_to": "07:30", "slip_workdays": 1, "digest_at": "06:00"}
    assert "不能落在夜间" in desk.post(address, body).content.decode()
    for wrong in ({"digest_at": "25:00"}, {"slip_workdays": 0}, {"digest_roles": ["king"]}):
        assert desk.post(address, {**body, "digest_at": "08:30", **wrong}).status_code == 200
    assert desk.post(address, {**body, "digest_at": "08:30"}).status_code == 302
    assert rules_of(office.street).oversight.digest_at == time(8, 30)


def test_cards_of_rules_are_rows_with_their_unit_and_rule(office: Cast, monday: Any) -> None:
    case = stages.dispatched(office)
    live(monday, days=14)
    rows = IssuedCard.objects.filter(complaint=case).order_by("pk")
    assert [(row.card, row.rule_code, row.unit, row.issued_by) for row in rows] == [
        ("yellow", "sign_passed", office.east_branch, None),
        ("red", "overdue_1", office.east_branch, None),
    ]
