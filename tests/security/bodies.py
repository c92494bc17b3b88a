"""What a person would really send to each route that changes something.

A refusal of an empty form proves little: these bodies would succeed if the refusal were missing,
and `test_matrix.py` proves that they do for somebody who may.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

from complaints.models import Complaint, IssuedCard, PlainKind, PrivacyNotice
from complaints.resident.forms import SALT
from tests.complaints.stages import ANSWER, category
from tests.security.world import Side, World

Body = dict[str, Any]
KEY = "6f1d3c62-7a4e-4d7e-9a55-0f3b8f0a9c11"
WORDS = "已到现场查看，与双方约定本周内处理完毕。"
REACHED = {"solved": "yes", "satisfaction": "satisfied"}


def on_case(stage: str, **fields: Any) -> Callable[[World, Side], Body]:
    """A deed on the case of a stage, as it was when the page was drawn."""

    def body(world: World, side: Side) -> Body:
        seen = Complaint.objects.get(pk=side.cases[stage].pk).step_count
        return {"seen": seen, "deed_key": KEY, "key": KEY, **values_of(fields, side)}

    return body


def values_of(fields: dict[str, Any], side: Side) -> Body:
    """The fields; what depends on the side is asked for it."""
    return {k: v(side) if callable(v) else v for k, v in fields.items()}


def plain(**fields: Any) -> Callable[[World, Side], Body]:
    """A form that is about no case."""
    return lambda world, side: values_of(fields, side)


def request_of(side: Side, stage: str) -> int:
    """What was asked for on the case of a stage."""
    return int(side.cases[stage].requests.get().pk)


def help_of(side: Side) -> int:
    """What a unit was asked on the case that is helped with."""
    return int(side.cases["helped"].assists.get().pk)


HELP = {
    "respond": on_case("helped", assist=help_of),
    "arrive": on_case("helped", assist=help_of, note=WORDS),
    "answer_assist": on_case("helped", assist=help_of, note=WORDS),
    "decline_assist": on_case("helped", assist=help_of, note=WORDS),
    "add_assist": on_case("signed", units=lambda side: side.cast.east.pk, note=WORDS),
}


def slip_of(side: Side) -> int:
    """The slip that waits for an answer on the case in work."""
    return int(side.cases["signed"].slips.get().pk)


def card_of(side: Side) -> int:
    """The card that stands on the case in work."""
    return int(IssuedCard.objects.get(complaint=side.cases["signed"]).pk)


CHANNEL = {
    "name": "街道短信", "address": "https://new.example.cn/", "secret": "new-token", "timeout_seconds": 5,
    "most_attempts": 8, "first_pause_seconds": 60, "longest_pause_minutes": 60, "is_active": "on",
    "gives_up_after_hours": 24, "failures_before_rest": 3, "rest_minutes": 5, "most_per_minute": 0,
}  # fmt: skip
DESK = {
    **HELP,
    "release_assist": on_case("helped", assist=help_of, note=WORDS),
    "whistle": on_case(
        "signed", kind="emergency", units=lambda side: side.cast.squad.pk, note=WORDS
    ),
    "split": on_case(
        "signed", text_1=WORDS, unit_1=lambda side: side.cast.east.pk, note=WORDS
    ),
    "unmerge": on_case("merged", note=WORDS),
    "accept": on_case("filed"),
    "ask_supplement": on_case("filed", note=WORDS),
    "reject": on_case("filed", reason_code="legal_channel", note=WORDS),
    "void": on_case("filed", note=WORDS),
    "withdraw": on_case("filed", note=WORDS),
    "return_to_source": on_case("city", reason_code="not_ours", note=WORDS),
    "supplement": on_case("supplement", note=WORDS),
    "merge": on_case("accepted", number=lambda side: side.cases["signed"].number),
    "dispatch": on_case("accepted", unit=lambda side: side.cast.east_branch.pk),
    "sign": on_case("dispatched"),
    "contact": on_case("signed", channel="phone", is_reached="yes"),
    "log": on_case("signed", note=WORDS),
    "assign": on_case("signed", person=lambda side: side.cast.wang.person_id),
    "escalate": on_case("signed", note=WORDS),
    "hand_on": on_case("signed", note=WORDS),
    "reply": on_case("contacted", result_kind="solved", is_true="yes", public_text=ANSWER),
    "approve": on_case("replied"),
    "send_back": on_case("replied", note=WORDS),
    "record_callback": on_case("approved", outcome="reached", **REACHED),
    "record_source_result": on_case("city_closed", **REACHED),
    "rework": on_case("closed", note=WORDS),
    "restore": on_case("withdrawn", note=WORDS),
    "correct": on_case("signed", urgency="urgent", note=WORDS),
    "urge": on_case("signed", note=WORDS),
    "supervise": on_case("signed", demand=WORDS, due_at="2026-12-01T17:00"),
    "elevate": on_case("signed", demand=WORDS, due_at="2026-12-01T17:00"),
    "answer_slip": on_case("signed", slip=lambda side: slip_of(side), note=WORDS),
    "withdraw_slip": on_case("signed", slip=lambda side: slip_of(side), note=WORDS),
    "issue_card": on_case("signed", card="red", note=WORDS),
    "withdraw_card": on_case("signed", card=lambda side: card_of(side), note=WORDS),
    "instruct": on_case("signed", text=WORDS),
    "answer_instruction": on_case(
        "signed", instruction=lambda side: side.cases["signed"].instructions.get().pk, note=WORDS
    ),
    "ask_return": on_case("signed", reason="not_our_ground", note=WORDS),
    "ask_extension": on_case("signed", reason="works", note=WORDS, amount=2, channel="phone"),
    "ask_suspension": on_case("signed", reason="season", note=WORDS, amount=9, evidence=WORDS),
    "claim_out_of_duty": on_case("signed", reason="outside_law", note=WORDS, evidence=WORDS),
    "take_back_request": on_case("asked", request=lambda side: request_of(side, "asked")),
    "decide_request": on_case(
        "asked", request=lambda side: request_of(side, "asked"), decision="grant"
    ),
    "resume": on_case("suspended", note=WORDS),
    "recheck": on_case("suspended", note=WORDS),
    "record_city_answer": on_case(
        "city_asked", request=lambda side: request_of(side, "city_asked"), answer="yes",
        number="市延〔2026〕7号", answered_on="2026-03-02",
    ),
    "restrict": on_case("signed", names=lambda side: side.cast.wang.username),
}  # fmt: skip
PHONE = {
    **HELP,
    "sign": on_case("dispatched"),
    "contact": on_case("signed", channel="phone", reached="yes"),
    "log": on_case("signed", note=WORDS),
    "reply": on_case("contacted", result_kind="solved", public_text=ANSWER),
    "escalate": on_case("signed", note=WORDS),
    "hand_on": on_case("signed", note=WORDS),
    "answer_instruction": on_case("signed", note=WORDS),
    "answer_slip": on_case("signed", instruction=lambda side: slip_of(side), note=WORDS),
    "digest_wish": plain(wish="yes"),
    "assign": on_case("signed", person=lambda side: side.cast.wang.person_id),
    "ask_return": on_case("signed", reason="not_our_ground", note=WORDS),
    "ask_extension": on_case("signed", reason="works", note=WORDS, amount=2, channel="phone"),
    "ask_suspension": on_case("signed", reason="season", note=WORDS, amount=9, evidence=WORDS),
    "claim_out_of_duty": on_case("signed", reason="outside_law", note=WORDS, evidence=WORDS),
    "take_back_request": on_case("asked", request=lambda side: request_of(side, "asked")),
    "decide_request": on_case(
        "asked", request=lambda side: request_of(side, "asked"), decision="grant"
    ),
    "type_size": plain(size="large"),
    "report": plain(
        key=KEY, tray=KEY, text="单元门口的路灯不亮，老人晚上出门看不见。",
        address=lambda side: side.cast.east_compound.name, decision="anyway",
    ),
    "notices": plain(shown=lambda side: side.cast.wang.person.notices.first().pk),
    "cover_photo": plain(key=KEY, square="0-0"),
}  # fmt: skip
RESIDENT = {
    "report": lambda world, side: {
        "key": KEY, "tray": KEY, "text": "单元门口的路灯不亮，老人晚上出门看不见。", "agree": "on",
        "kind": PlainKind.objects.get(name="灯不亮").pk,
        "notice": PrivacyNotice.objects.get().pk,
        "opened": signing.dumps(timezone.now().timestamp() - 60, salt=SALT),
    },
    "rate": plain(key=KEY, satisfaction="satisfied"),
    "take_back_rating": plain(key=KEY),
    "supplement": plain(key=KEY, note=WORDS),
    "withdraw": plain(key=KEY, note=WORDS),
    "outside": plain(key=KEY, tray=KEY, words=WORDS),
}  # fmt: skip
ASKED_OUTSIDE = plain(
    key=KEY, action="send", to_kind="property", to_name="东园物业公司", question=WORDS, workdays=2,
)  # fmt: skip
BODIES: dict[str, Callable[[World, Side], Body]] = {
    **{f"admin:complaints_complaint_{verb}": body for verb, body in DESK.items()},
    **{f"mobile:{name}": body for name, body in PHONE.items()},
    **{f"resident:{name}": body for name, body in RESIDENT.items()},
    "admin:complaints_photo_cover": plain(key=KEY, square="0-0"),
    "admin:complaints_inbox": plain(shown=lambda side: side.cast.wang.person.notices.first().pk),
    "admin:complaints_complaint_add": plain(
        deed_key=KEY, source="phone", text="单元门口的路灯不亮，老人晚上出门看不见。",
        subdistrict=lambda side: side.cast.street.pk, category=lambda side: category("050401").pk,
        address=lambda side: side.cast.east_compound.name, caller_name="无名", is_not_a_double="on",
    ),
    "admin:complaints_bulk": plain(
        deed_key=KEY, verb="dispatch", case=lambda side: side.cases["accepted"].pk,
        unit=lambda side: side.cast.east_branch.pk,
    ),
    "admin:complaints_filter_keep": plain(name="东园未办结", query="?stage=open"),
    "admin:complaints_placecode_changelist": plain(action="make"),
    "admin:complaints_placecode_building": plain(action="renew"),
    "admin:complaints_placecode_grid": plain(action="renew"),
    "admin:complaints_residentlink_case": plain(action="renew"),
    "admin:complaints_outside": ASKED_OUTSIDE,
    "mobile:ask_outside": ASKED_OUTSIDE,
    "mobile:mailbox": plain(address="mine@example.cn"),
    "admin:governance_person_email": plain(address="grid@example.cn"),
    "admin:governance_channel_test": plain(pressed="yes"),
    "admin:governance_channel_add": plain(
        organisation=lambda side: side.cast.east.pk, kind="sms", **CHANNEL
    ),
    "admin:governance_channel_change": plain(**CHANNEL),
    "admin:governance_delivery_undelivered": plain(
        verb="void", note=WORDS, row=lambda side: side.undelivered.pk
    ),
    "admin:governance_apitoken_add": plain(
        name="区数据平台每日同步", areas="complaints", requests_per_minute=60,
        appointment=lambda side: side.cast.su.person.appointments.get().pk,
        expires_on=lambda side: timezone.localdate() + timedelta(days=30),
    ),
    "admin:governance_apitoken_collect": plain(pressed="yes"),
    "admin:governance_apitoken_revoke": plain(note=WORDS),
    "board:instruct": on_case("signed", text=WORDS, until="three"),
}  # fmt: skip
# Shown, not changed: the number appears and only the audit grows.
REVEALS = {
    "admin:complaints_call_number": plain(note="回访了解办理情况"),
    "admin:complaints_complaint_reveal": plain(note="需要回访核实情况"),
    "mobile:person": plain(kind="phone", note="入户走访联系"),
    "admin:residents_person": plain(kind="phone", note="入户走访联系"),
    "admin:governance_person_reveal": plain(kind="phone", note="核对联系方式"),
}


def body_for(name: str, world: World, side: Side) -> Body:
    """The body for a route, empty where none is written down."""
    build = BODIES.get(name) or REVEALS.get(name)
    return build(world, side) if build else {}
