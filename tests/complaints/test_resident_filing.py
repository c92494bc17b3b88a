"""扫码反映: what a resident without an account can file, and what the door refuses."""

import os
import time
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client
from PIL import Image

from complaints.choices import Source, Stage
from complaints.entrances import current_notice, plain_kinds
from complaints.models import (
    BudgetUse,
    Category,
    Complaint,
    Consent,
    PlainKind,
    PrivacyNotice,
    ResidentLink,
    ResidentRules,
)
from complaints.rules import rules_changed
from complaints.services import budgets, photos
from complaints.services.budgets import DAY, Budget
from complaints.services.place_codes import new_code
from complaints.services.resident_filing import WALL, Report, file_from_wall, forget_leftovers
from complaints.services.resident_links import link_behind
from governance.errors import HouseError
from governance.models import AuditEntry, Deed, Notice
from tests.cast import Cast
from tests.complaints.residents import (
    PHONE,
    WORDS,
    filed,
    hidden_of,
    page_url,
    picture,
    report,
    typed,
    wall,
)

pytestmark = pytest.mark.django_db


def test_a_report_from_the_wall_is_a_case_with_place_category_and_words_agreed_to(
    office: Cast, monday: Any
) -> None:
    case, _address = filed(monday, office, phone="139 0000 5555", detail="2单元门口")

    assert (case.source, case.stage, case.filed_by) == (Source.QR, Stage.PENDING_ACCEPTANCE, None)
    assert case.place == office.east_group
    assert case.building == office.east_building
    assert case.address == "东园花园3号楼2单元门口"
    assert case.category == Category.objects.get(code="010101", subdistrict=None)
    assert (case.caller.phone_masked, case.caller.phone_tail) == ("139****5555", "5555")
    assert PHONE not in case.caller.phone_sealed
    assert Consent.objects.get(complaint=case).notice == current_notice(office.street)
    assert Notice.objects.filter(person=office.chen.person, key=f"filed:{case.pk}").exists()


def test_the_answer_is_a_link_of_128_bits_of_which_only_a_digest_is_kept(
    office: Cast, monday: Any
) -> None:
    case, address = filed(monday, office)
    secret = address.strip("/").split("/")[1]
    link = ResidentLink.objects.get(complaint=case)

    assert len(secret) == 22  # 16 bytes in base64
    assert secret not in repr(vars(link)) + repr(list(Deed.objects.values()))
    assert secret not in repr(list(AuditEntry.objects.values()))
    assert (link.expires_at - link.made_at).days == 180
    assert link_behind(secret) == link
    page = Client().get(address)
    assert case.number in page.content.decode()


def test_the_same_form_sent_twice_is_one_case_and_one_link(office: Cast, monday: Any) -> None:
    code = wall(office)
    body = typed(monday, code)
    first, second = (Client().post(page_url(code), body) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Complaint.objects.count() == ResidentLink.objects.count() == 1


def test_a_grids_code_leads_to_its_grid_and_elsewhere_to_where_it_is(
    office: Cast, monday: Any
) -> None:
    code = new_code(office.west_grid, by=office.chen)
    report(monday, code)
    assert Complaint.objects.latest("id").place == office.west_branch

    report(monday, code, elsewhere="东园花园3号楼2单元", text="另一处的路灯不亮了。")
    case = Complaint.objects.latest("id")
    assert (case.place, case.building) == (office.east_group, office.east_building)
    assert "西园第一网格" in case.hint


def test_photos_are_made_anew_without_position_and_wait_while_the_form_is_refused(
    office: Cast, monday: Any
) -> None:
    code, client = wall(office), Client()
    body = typed(monday, code, client)
    refused = client.post(page_url(code), {**body, "agree": "", "photos": [picture()]})
    assert refused.status_code == 422
    assert "已保留 1 张照片" in refused.content.decode()

    client.post(
        page_url(code), {**body, **hidden_of(refused), "photos": [picture("seagreen"), picture()]}
    )
    case = Complaint.objects.get()
    assert case.photos.count() == 2  # the same picture twice is one
    for photo in case.photos.all():
        with photo.file.open("rb") as file:
            assert not Image.open(file).getexif()
        assert photo.by is None


def test_whoever_complains_about_staff_is_confidential_and_secret_unasked(
    office: Cast, monday: Any
) -> None:
    kind = PlainKind.objects.get(name="干部作风")
    case, address = filed(monday, office, kind=kind.pk, text="网格员态度很差。", phone=PHONE)

    assert case.is_confidential
    assert case.caller.is_secret
    for staff in (office.wang, office.su, office.he, office.zhao):
        assert not Complaint.objects.visible_to(staff).exists()
    assert Complaint.objects.visible_to(office.chen).get() == case
    assert "承办单位" not in Client().get(address).content.decode()


def test_a_matter_nobody_can_name_waits_for_the_clerks_category(office: Cast, monday: Any) -> None:
    kind = PlainKind.objects.get(name="说不清楚")
    case, _address = filed(monday, office, kind=kind.pk)
    assert case.category is None


BAD = [
    ({"text": "  "}, "请写几句"),
    ({"text": "长" * 2001}, "2000"),
    ({"kind": ""}, "请选一类"),
    ({"kind": "999999"}, "请从下面的分类里选一个"),
    ({"kind": "一"}, "请从下面的分类里选一个"),
    ({"phone": "12345"}, "电话"),
    ({"phone": "1390000555"}, "11 位"),
    ({"detail": "长" * 61}, "60"),
    ({"elsewhere": "长" * 121}, "120"),
    ({"agree": ""}, "请先阅读并同意"),
    ({"notice": "999999"}, "刚刚更新"),
    ({"notice": ""}, "刚刚更新"),
    ({"website": "http://buy.example"}, "没有成功"),
    ({"opened": "1234:abcd:efgh"}, "打开得太久"),
    ({"opened": ""}, "打开得太久"),
    ({"key": "no-key"}, "还差一点"),
    ({"text": "a\x00b"}, "还差一点"),
]


def test_bad_input_is_said_in_chinese_keeps_the_words_and_files_nothing(
    office: Cast, monday: Any
) -> None:
    code = wall(office)
    for bad, sentence in BAD:
        answer = report(monday, code, **{"detail": "南门口", **bad})

        text = answer.content.decode()
        assert answer.status_code == 422, bad
        assert sentence in text, bad
        assert "南门口" in text or "detail" in bad, bad
    assert Complaint.objects.count() == BudgetUse.objects.count() == 0


def test_what_is_no_photo_is_refused_with_every_word_kept(office: Cast, monday: Any) -> None:
    code = wall(office)
    for content in (b"<svg onload=alert(1)>", b"PK\x03\x04", picture().read()[:400]):
        file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        answer = report(monday, code, photos=[file])

        assert answer.status_code == 422
        assert "照片" in answer.content.decode()
        assert WORDS in answer.content.decode()
    assert Complaint.objects.count() == 0


def test_too_many_photos_are_refused(office: Cast, monday: Any) -> None:
    answer = report(monday, wall(office), photos=[picture() for _ in range(10)])
    assert answer.status_code == 422
    assert "一次最多 9 张" in answer.content.decode()


def test_nobody_fills_a_form_in_two_seconds_but_the_second_tap_passes(
    office: Cast, monday: Any
) -> None:
    code, client = wall(office), Client()
    body = typed(monday, code, client)
    hasty = {**body, **hidden_of(client.get(page_url(code)))}
    refused = client.post(page_url(code), hasty)
    assert refused.status_code == 422
    assert "提交得太快" in refused.content.decode()

    monday.shift(5)
    assert client.post(page_url(code), {**hasty, **hidden_of(refused)}).status_code == 302


def test_a_new_version_of_the_notice_asks_for_a_new_agreement(office: Cast, monday: Any) -> None:
    code, client = wall(office), Client()
    body = typed(monday, code, client)
    fresh = PrivacyNotice.objects.create(
        subdistrict=office.street, version=1, title="本街道告知", text="新的内容。"
    )
    refused = client.post(page_url(code), body)
    assert refused.status_code == 422
    assert "新的内容。" in refused.content.decode()
    assert 'name="agree" data-draft-skip="" required id="id_agree" checked' not in (
        refused.content.decode()
    )

    client.post(page_url(code), {**body, **hidden_of(refused)})
    assert Consent.objects.get().notice == fresh


def test_the_streets_own_plain_words_replace_the_common_ones(office: Cast) -> None:
    assert len(plain_kinds(office.street)) == 14
    PlainKind.objects.create(subdistrict=office.street, name="河道有味", position=1)
    assert [kind.name for kind in plain_kinds(office.street)] == ["河道有味"]


# ── budgets ────────────────────────────────────────────────────────────────────────────────────


def set_rules(**values: int) -> None:
    """What the office has set."""
    ResidentRules.objects.filter(subdistrict=None).update(**values)
    rules_changed()


def test_one_phone_files_as_often_as_the_office_allows(office: Cast, monday: Any) -> None:
    set_rules(phone_day=1)
    code = wall(office)
    assert report(monday, code, phone=PHONE).status_code == 302
    refused = report(monday, code, phone="139-0000-5555", text="又一件事情。")
    assert refused.status_code == 422
    assert "这个电话今天已提交 1 件" in refused.content.decode()
    assert "又一件事情。" in refused.content.decode()
    assert report(monday, code, phone="13900006666").status_code == 302

    monday.shift(24 * 3600)
    assert report(monday, code, phone=PHONE).status_code == 302


def test_one_address_files_as_often_as_the_office_allows(office: Cast, monday: Any) -> None:
    set_rules(address_hour=1)
    code = wall(office)
    assert report(monday, code).status_code == 302
    refused = report(monday, code, text="又一件事情。")
    assert "请过一小时再试" in refused.content.decode()
    other = Client(REMOTE_ADDR="203.0.113.9").post(
        page_url(code), typed(monday, code, text="别人家的事情。")
    )
    assert other.status_code == 302
    monday.shift(3600)
    assert report(monday, code, text="又一件事情。").status_code == 302
    stored = repr(list(BudgetUse.objects.values()))
    assert "127.0.0.1" not in stored and "203.0.113.9" not in stored


def test_a_refused_report_gives_its_budget_back(office: Cast) -> None:
    notice = current_notice(office.street)
    assert notice is not None
    with pytest.raises(HouseError):
        file_from_wall(wall(office), Report(key=uuid4(), text=" ", notice=notice, address="::1"))
    assert BudgetUse.objects.count() == 0


def test_counts_of_past_days_are_forgotten(office: Cast, monday: Any) -> None:
    filed(monday, office)
    monday.shift(86400)
    assert budgets.forget_old() == 0
    monday.shift(2 * 86400)
    assert budgets.forget_old() == 2


def test_photos_of_a_report_that_was_never_sent_are_thrown_away_at_night(
    office: Cast, monday: Any
) -> None:
    code, client = wall(office), Client()
    body = typed(monday, code, client)
    client.post(page_url(code), {**body, "agree": "", "photos": [picture()]})
    tray = UUID(body["tray"])
    assert len(photos.kept(tray, by=WALL)) == 1
    forget_leftovers()
    assert len(photos.kept(tray, by=WALL)) == 1
    folder = photos.tray_folder(tray, WALL)
    yesterday = time.time() - 2 * 86400
    os.utime(folder, (yesterday, yesterday))
    forget_leftovers()
    assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_a_budget_holds_when_many_spend_at_once(on_postgres: None) -> None:
    barrier, refused = Barrier(6), []

    def spend() -> None:
        barrier.wait()
        try:
            from_one_address()
        except HouseError:
            refused.append(1)
        finally:
            connections.close_all()

    threads = [Thread(target=spend) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(refused), BudgetUse.objects.get().count) == (2, 4)


def from_one_address() -> None:
    """One spending in a transaction of its own."""
    with transaction.atomic():
        budgets.spend([Budget("address_day", "203.0.113.7", 4, DAY, "够了")])


# ── what it costs ──────────────────────────────────────────────────────────────────────────────


def test_filing_costs_at_most_22_statements(office: Cast, statements: Any) -> None:
    code, notice = wall(office), current_notice(office.street)
    kind = PlainKind.objects.select_related("category").get(name="垃圾卫生")
    assert notice is not None

    def act() -> None:
        facts = {"notice": notice, "kind": kind, "phone": PHONE, "address": "203.0.113.7"}
        file_from_wall(code, Report(key=uuid4(), text=WORDS, **facts))

    act()
    with statements(most=22):
        act()


def test_the_page_costs_few_statements_and_little_weight(office: Cast, statements: Any) -> None:
    code, client = wall(office), Client()
    client.get(page_url(code))
    with statements(most=5):
        page = client.get(page_url(code))
    assert len(page.content) < 40_000
