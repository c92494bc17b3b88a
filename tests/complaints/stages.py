"""Cases brought to a stage the way life does: by services."""

from typing import Any

from complaints.models import Category, Complaint
from complaints.services import dispatching, filing, handling, intake, reviewing
from complaints.services.filing import Draft
from complaints.services.requests import asking, deciding
from tests.cast import Cast

ANSWER = "物业已于今日上午清运完毕，并增加每日巡查一次。"


def category(code: str) -> Category:
    """A default category by its code."""
    return Category.objects.get(code=code, subdistrict=None)


def filed(cast: Cast, *, code: str = "050401", **more: Any) -> Complaint:
    """A matter of the eastern side, taken down by a clerk; 050401 asks for no photo."""
    values: dict[str, Any] = {
        "source": "phone",
        "text": "502室每晚十一点后拖动家具，老人无法休息，请社区调解。",
        "category": category(code),
        "place": cast.east_group,
        "building": cast.east_building,
        "address": "东园花园3号楼2单元",
        "caller_name": "李秀兰",
        "caller_phone": "13900001011",
    }
    return filing.file_complaint(Draft(**(values | more)), subdistrict=cast.street, by=cast.chen)


def accepted(cast: Cast, **more: Any) -> Complaint:
    """Accepted: the case clock runs."""
    return intake.accept(filed(cast, **more).pk, by=cast.chen)


def dispatched(cast: Cast, **more: Any) -> Complaint:
    """On the desk of the eastern branch, not signed yet."""
    return dispatching.dispatch(accepted(cast, **more).pk, cast.east_branch, by=cast.chen)


def signed(cast: Cast, **more: Any) -> Complaint:
    """In Wang's hands."""
    return handling.sign(dispatched(cast, **more).pk, by=cast.wang)


def contacted(cast: Cast, **more: Any) -> Complaint:
    """Wang has called the citizen."""
    case = signed(cast, **more)
    handling.contact(case.pk, by=cast.wang, channel="phone", is_reached=True)
    return case


def replied(cast: Cast, **more: Any) -> Complaint:
    """Answered by Wang, waiting for review."""
    case = contacted(cast, **more)
    return handling.reply(case.pk, by=cast.wang, result_kind="solved", public_text=ANSWER)


def approved(cast: Cast, **more: Any) -> Complaint:
    """Reviewed by the secretary, waiting for the callback."""
    return reviewing.approve(replied(cast, **more).pk, by=cast.su)


def asked(cast: Cast, **more: Any) -> Complaint:
    """In Wang's hands, who has asked for two more workdays."""
    case = signed(cast, **more)
    asking.ask_extension(
        case.pk, by=cast.wang, note="厂家配件下周到货", amount=2, channel="phone", reason="works"
    )
    return case


def suspended(cast: Cast, **more: Any) -> Complaint:
    """The clock stands still for thirty days, as a clerk has granted."""
    case = signed(cast, **more)
    request = asking.ask_suspension(
        case.pk, by=cast.wang, note="等待入冬前统一修缮", amount=30, reason="season",
        evidence="见区住建局〔2026〕12号文",
    )  # fmt: skip
    return deciding.grant(request.pk, by=cast.chen)


def city_asked(cast: Cast, **more: Any) -> Complaint:
    """An order of the city with more time from the street, and no answer of the city yet."""
    case = asked(cast, **{"source": "hotline", "source_number": "CITY-ASKED", **more})
    deciding.grant(case.requests.get().pk, by=cast.chen)
    return case
