"""上报 on the phone: filed, joined or taken on; nothing typed or photographed is lost."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Caller, Complaint
from complaints.services import dispatching
from governance.models import Notice
from governance.services import notices
from tests.cast import EAST_CENTRE, WEST_CENTRE, Cast
from tests.complaints import stages
from tests.complaints.phones import phone_of
from tests.complaints.test_mobile_deeds import photo

pytestmark = pytest.mark.django_db
REPORT = "/m/report/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for what is stored."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def wang(office: Cast) -> Client:
    return phone_of(office.wang)


def typed(**more: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "key": str(uuid4()),
        "tray": str(uuid4()),
        "text": "消防通道停了三辆车，救护车进不来。",
        "address": "东园花园3号楼",
        "decision": "send",
        **more,
    }


def test_a_report_becomes_a_case_of_the_own_grid_with_its_photos(
    office: Cast, wang: Client
) -> None:
    kind = stages.category("050101")
    sent = typed(category=kind.pk, photos=[photo("red"), photo("blue")])

    answer = wang.post(REPORT, sent, follow=True)

    case = Complaint.objects.get()
    assert (case.stage, case.source, case.category) == ("pending_acceptance", "patrol", kind)
    assert (case.place, case.building) == (office.east_group, office.east_building)
    assert [one.group for one in case.photos.all()] == ["report", "report"]
    assert case.filed_by == office.wang
    assert f"编号 {case.number}" in answer.content.decode()
    assert 'data-draft-done="report"' in answer.content.decode()


def test_a_report_sent_twice_is_one_case(office: Cast, wang: Client) -> None:
    sent = typed()

    first, second = wang.post(REPORT, sent), wang.post(REPORT, sent)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Complaint.objects.count() == 1


def test_the_position_of_the_phone_is_place_enough(office: Cast, wang: Client) -> None:
    lng, lat = EAST_CENTRE

    wang.post(REPORT, typed(address="", text="路灯不亮", lng=lng, lat=lat))

    case = Complaint.objects.get()
    assert (case.place, case.lng, case.lat) == (office.east_branch, lng, lat)


def test_a_room_code_is_place_enough(office: Cast, wang: Client) -> None:
    wang.post(REPORT, typed(address="东园花园3-2-502"))

    assert Complaint.objects.get().dwelling == office.li_dwelling


def test_what_is_met_outside_the_own_grid_goes_to_the_desk_with_a_hint(
    office: Cast, wang: Client
) -> None:
    lng, lat = WEST_CENTRE

    answer = wang.post(REPORT, typed(address="", text="垃圾桶满溢", lng=lng, lat=lat))

    case = Complaint.objects.get()
    assert (case.place, case.holder) == (None, office.street)
    assert "西一网格党支部" in case.hint
    assert answer.url == reverse("mobile:today")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "请写发生了什么、在哪里"),
        ({"address": ""}, "请填写地址或房号"),
        ({"caller_phone": "1380000"}, "电话号码不对"),
        ({"category": "999999"}, "分类"),
        ({"lat": "95", "lng": "118"}, ""),
    ],
)
def test_a_wrong_field_keeps_every_word_and_every_photo(
    office: Cast, wang: Client, wrong: dict[str, str], sentence: str
) -> None:
    sent = typed(caller_name="李女士", photos=[photo()]) | wrong

    refused = wang.post(REPORT, sent)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert sentence in page
    assert "李女士" in page
    assert sent["text"] in page
    assert "已保留 1 张照片" in page
    assert not Complaint.objects.exists()


def test_the_photos_of_a_refused_report_come_with_the_next_try(office: Cast, wang: Client) -> None:
    sent = typed(photos=[photo()])
    refused = wang.post(REPORT, sent | {"text": ""})
    again = {"tray": sent["tray"], "key": refused.context["form"]["key"].value()}

    wang.post(REPORT, typed(**again))

    assert Complaint.objects.get().photos.count() == 1
    assert refused.context["tray"] == sent["tray"]


def test_a_file_that_is_no_photo_is_refused_and_the_words_stay(office: Cast, wang: Client) -> None:
    bad = photo()
    bad.file.truncate(40)

    refused = wang.post(REPORT, typed(photos=[bad]))

    assert refused.status_code == 422
    assert "不是可以打开的照片" in refused.content.decode()
    assert "救护车进不来" in refused.content.decode()


def test_a_double_is_asked_about_before_anything_is_filed(office: Cast, wang: Client) -> None:
    other = stages.signed(office, text="通道被占")

    asked = wang.post(REPORT, typed(photos=[photo()]))

    page = asked.content.decode()
    assert asked.status_code == 200
    assert f"join-{other.pk}" in page
    assert "东园花园3号楼党小组" in page
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("by_hours", [71, 73])
def test_only_the_last_three_days_are_asked_about(
    office: Cast, wang: Client, monday: Any, by_hours: int
) -> None:
    stages.signed(office)
    monday.shift(by_hours * 3600)
    wang = phone_of(office.wang)

    answer = wang.post(REPORT, typed())

    assert answer.status_code == (200 if by_hours < 72 else 302)


def test_other_places_are_not_asked_about(office: Cast, wang: Client) -> None:
    stages.signed(office, building=None, compound=None, address="别处")

    assert wang.post(REPORT, typed()).status_code == 302


def test_joining_keeps_the_caller_and_lays_the_photos_to_the_other_case(
    office: Cast, wang: Client
) -> None:
    other = stages.signed(office)
    sent = typed(caller_phone="13700007777", photos=[photo()], decision=f"join-{other.pk}")

    answer = wang.post(REPORT, sent)

    mine = Complaint.objects.exclude(pk=other.pk).get()
    assert (mine.stage, mine.merged_into) == ("merged", other)
    assert Caller.objects.get(complaint=mine).phone_tail == "7777"
    assert (other.photos.count(), mine.photos.count()) == (1, 0)
    assert answer.url == reverse("mobile:complaint", args=[other.pk])


def test_joining_a_case_that_closed_meanwhile_or_is_foreign_is_refused(
    office: Cast, wang: Client
) -> None:
    west = stages.filed(
        office, place=office.west_group, building=office.west_building, address="西园小区1号楼"
    )

    refused = wang.post(REPORT, typed(decision=f"join-{west.pk}"))

    assert refused.status_code == 422
    assert "请直接上报" in refused.content.decode()
    assert Complaint.objects.count() == 1


def test_although_it_looks_like_a_double_it_can_be_filed(office: Cast, wang: Client) -> None:
    stages.signed(office)

    assert wang.post(REPORT, typed(decision="anyway")).status_code == 302
    assert Complaint.objects.count() == 2


def test_taking_on_is_accepted_dispatched_and_signed_in_one_tap(office: Cast, wang: Client) -> None:
    wang.post(REPORT, typed(decision="take", category=stages.category("050101").pk))

    case = Complaint.objects.get()
    verbs = list(case.steps.values_list("verb", flat=True))
    assert verbs == ["file", "accept", "dispatch", "sign"]
    assert (case.stage, case.main_unit, case.assignee) == (
        "handling", office.east_branch, office.wang.person,
    )  # fmt: skip
    assert case.case_due_at is not None
    assert case.assignments.get().signed_by == office.wang
    assert notices.unread_count(office.wang) == 0
    assert Notice.objects.filter(person=office.chen.person).exists()


def test_a_take_on_that_looks_like_a_double_stays_a_take_on(office: Cast, wang: Client) -> None:
    stages.signed(office)

    asked = wang.post(REPORT, typed(decision="take"))
    wang.post(REPORT, typed(decision="anyway-take"))

    assert 'value="anyway-take"' in asked.content.decode()
    assert Complaint.objects.latest("pk").stage == "handling"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"address": "西园小区1号楼"}, "不在您的网格"),
        ({"address": "不知道哪里"}, "不在您的网格"),
        ({"category": "080101"}, "须由街道受理"),
    ],
)
def test_what_is_not_ones_own_cannot_be_taken_on(
    office: Cast, wang: Client, sent: dict[str, Any], sentence: str
) -> None:
    if "category" in sent:
        kind = stages.category(sent["category"])
        type(kind).objects.filter(pk=kind.pk).update(is_confidential=True)
        sent = {"category": kind.pk}

    refused = wang.post(REPORT, typed(decision="take", **sent))

    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert not Complaint.objects.exists()


def test_kinds_are_grouped_and_carry_the_words_by_which_they_are_suggested(
    office: Cast, wang: Client
) -> None:
    page = wang.get(REPORT).content.decode()

    assert '<optgroup label="公共安全">' in page
    assert 'data-keywords="垃圾 垃圾桶' in page
    assert page.count("data-keywords=") == 90


def test_who_minds_a_building_reports_but_does_not_take_on(office: Cast) -> None:
    he = phone_of(office.he)

    page = he.get(REPORT).content.decode()
    answer = he.post(REPORT, typed())

    assert "我来办" not in page
    assert answer.status_code == 302
    assert Complaint.objects.get().place == office.east_group


def test_who_serves_nowhere_has_nothing_to_report_to(office: Cast) -> None:
    assert phone_of(office.gu).get(REPORT).status_code == 404


def test_finding_the_place_and_filing_cost_at_most_twenty_six_statements(
    office: Cast, wang: Client, statements: Any
) -> None:
    wang.post(REPORT, typed(address="东园社区"))
    sent = typed()

    with statements(26):
        assert wang.post(REPORT, sent).status_code == 302


def test_a_tray_is_emptied_when_the_report_has_arrived(
    office: Cast, wang: Client, media: Path
) -> None:
    sent = typed(photos=[photo()])

    wang.post(REPORT, sent)

    assert not (media / "trays" / str(office.wang.pk) / UUID(sent["tray"]).hex).exists()


def test_the_case_taken_on_can_be_dispatched_like_any_other(office: Cast, wang: Client) -> None:
    wang.post(REPORT, typed(decision="take"))

    case = dispatching.dispatch(Complaint.objects.get().pk, office.east, by=office.su)

    assert case.main_unit == office.east


@pytest.mark.parametrize(
    ("asked", "grid"),
    [
        ({"address": "东园花园3号楼2单元"}, "东园花园3号楼党小组"),
        ({"lng": EAST_CENTRE[0], "lat": EAST_CENTRE[1]}, "东一网格党支部"),
        ({"address": "不知道哪里"}, ""),
        ({"lng": "118", "lat": "north"}, ""),
        ({}, ""),
    ],
)
def test_the_form_says_in_whose_grid_it_lies(
    office: Cast, wang: Client, asked: dict[str, Any], grid: str
) -> None:
    assert wang.get(reverse("mobile:where"), asked).json() == {"grid": grid}


def test_a_kept_photo_is_taken_out_and_every_word_stays(office: Cast, wang: Client) -> None:
    sent = typed(caller_name="李女士", photos=[photo("red"), photo("blue")])
    refused = wang.post(REPORT, sent | {"text": ""})
    first, second = refused.context["kept"]
    assert f'name="drop" value="{first}" formnovalidate' in refused.content.decode()
    body = {name: value for name, value in sent.items() if name != "photos"}

    answer = wang.post(REPORT, body | {"text": "", "drop": first})

    page = answer.content.decode()
    assert answer.status_code == 200 and answer.context["kept"] == [second]
    assert "李女士" in page and sent["address"] in page and "请写发生了什么" not in page
    assert not Complaint.objects.exists()
    again = wang.post(REPORT, body | {"drop": first, "photos": [photo("green")]})
    assert len(again.context["kept"]) == 2, "pressed twice, and with a new photo: both are right"
    key = again.context["form"]["key"].value()
    wang.post(REPORT, typed(tray=sent["tray"], key=key))
    assert Complaint.objects.get().photos.count() == 2


def test_nobody_takes_a_photo_out_of_anothers_tray_or_by_a_wrong_name(
    office: Cast, wang: Client
) -> None:
    sent = typed(photos=[photo()]) | {"text": ""}
    [name] = wang.post(REPORT, sent).context["kept"]
    body = {field: value for field, value in sent.items() if field != "photos"}

    phone_of(office.he).post(REPORT, body | {"drop": name})
    for wrong in ("", "../../x.jpg", "00-zz.jpg", f"{name}/.."):
        assert wang.post(REPORT, body | {"drop": wrong}).status_code == 200

    assert wang.post(REPORT, body).context["kept"] == [name]
