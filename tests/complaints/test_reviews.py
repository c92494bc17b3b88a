"""The review queue: request and answer side by side, the rules checked, the next one at a key."""

from typing import Any

from complaints.desk import reviewing as queue
from complaints.models import Complaint, Photo, Reply, SendBackReason, Step
from complaints.selectors import send_back_reasons
from complaints.services import handling, reviewing
from governance.models import RightsOfOneRequest
from tests.cast import Cast
from tests.complaints.desk import LIST, page_of, typed
from tests.complaints.stages import contacted, replied
from tests.desk import signed_in

DESK = f"{LIST}reviews/"


def waiting(user: Any) -> list[int]:
    """The queue of somebody."""
    with RightsOfOneRequest():
        return [row.pk for row in queue.queue(user)]


def test_each_reviewer_finds_what_is_for_him_and_never_the_own_answer(office: Cast) -> None:
    here = replied(office)
    city = replied(office, source="hotline", source_number="88")
    assert waiting(office.su) == [here.pk]
    assert waiting(office.chen) == [here.pk, city.pk]
    Reply.objects.filter(complaint=here).update(by=office.su)
    assert waiting(office.su) == []
    for stranger in (office.zhao, office.wang, office.ma, office.lin):
        assert waiting(stranger) == []
        assert signed_in(stranger).get(DESK).status_code == 403


def test_the_rules_are_checked_and_say_what_is_missing(office: Cast) -> None:
    case = contacted(office)
    handling.reply(
        case.pk, by=office.wang, result_kind="solved",
        public_text="已处理，如有问题请打13900001007找网格员。",
    )  # fmt: skip
    facts = queue.evidence_of(Complaint.objects.select_related("category").get(pk=case.pk))
    broken = [check.label for check in facts["checks"] if not check.is_kept]
    assert broken == ["答复里有个人号码："]
    assert len(facts["contacts"]) == 1
    question = "答复里的号码可以给诉求人看"
    secretary = signed_in(office.su)
    assert question in secretary.get(f"{DESK}?case={case.pk}").content.decode()
    without = replied(office)
    assert question not in secretary.get(f"{DESK}?case={without.pk}").content.decode()


def test_approving_goes_on_with_the_next_answer(office: Cast, statements: Any) -> None:
    first, second = replied(office), replied(office)
    secretary = signed_in(office.su)
    secretary.get(DESK)
    with statements(16):
        page = secretary.get(DESK).content.decode()
    assert "物业已于今日上午清运完毕" in page
    assert "规则核对" in page
    assert "13900001011" not in page
    values = typed(first, "approve", office.su, next="reviews")
    assert (
        secretary.post(page_of(first, "approve"), values)["Location"] == f"{DESK}?case={second.pk}"
    )
    values = typed(second, "approve", office.su, next="reviews")
    assert secretary.post(page_of(second, "approve"), values)["Location"] == DESK
    assert "没有等您审核" in secretary.get(DESK).content.decode()


def test_sending_back_takes_a_ready_reason_or_own_words(office: Cast) -> None:
    case = replied(office)
    secretary = signed_in(office.su)
    empty = typed(case, "send_back", office.su, next="reviews")
    refused = secretary.post(page_of(case, "send_back"), empty)
    assert refused.status_code == 422
    assert "请选择一条理由" in refused.content.decode()
    unknown = typed(case, "send_back", office.su, reason="nonsense", note="请重写")
    assert secretary.post(page_of(case, "send_back"), unknown).status_code == 422
    values = typed(case, "send_back", office.su, reason="no_evidence", note="尤其是三楼。")
    assert secretary.post(page_of(case, "send_back"), values).status_code == 302
    step = Step.objects.filter(complaint=case).latest("number")
    assert (step.verb, step.reason_code) == ("send_back", "no_evidence")
    assert step.note == "请补充办理后的照片或其他凭据。 尤其是三楼。"


def test_a_street_may_have_reasons_of_its_own(office: Cast) -> None:
    SendBackReason.objects.create(
        subdistrict=office.street, code="no_evidence", label="缺照片", text="请补拍。", position=4
    )
    SendBackReason.objects.filter(code="wording").update(is_enabled=False)
    found = {row.code: row.label for row in send_back_reasons(office.street)}
    assert found["no_evidence"] == "缺照片"
    assert "wording" not in found
    assert len(found) == 6


def test_a_colleague_who_was_faster_is_told(office: Cast) -> None:
    case = replied(office)
    values = typed(case, "approve", office.su, next="reviews")
    reviewing.approve(case.pk, by=office.chen)
    answer = signed_in(office.su).post(page_of(case, "approve"), values)
    assert answer.status_code == 409


def test_photos_stand_under_what_they_are(office: Cast) -> None:
    case = contacted(office)
    # The photo of the finished work came first into the table.
    done, before = (
        Photo.objects.create(
            complaint=case, group=group, file=f"photos/{group}.jpg", checksum=group.ljust(64, "0"),
            width=8, height=8,
        )
        for group in ("handling", "report")
    )  # fmt: skip
    page = signed_in(office.su).get(page_of(case, "change")).content.decode()
    order = ["<h3>诉求照片</h3>", f"/{before.pk}/?small", "<h3>办理附件</h3>", f"/{done.pk}/?small"]
    assert sorted(order, key=page.index) == order
