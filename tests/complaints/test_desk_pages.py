"""The desk's pages: what they show to whom, what their numbers open, and with how few statements."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.choices import Stage
from complaints.desk.workbench import tiles
from complaints.models import Complaint
from complaints.services import closing, dispatching, supervising
from complaints.services.imports import run_import
from complaints.stranded import nobody_can_act
from governance.models import Job, Notice
from governance.services import appointments, jobs, notices, people
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST, page_of, signed_in, typed

QUEUE = f"{LIST}queue/"
IMPORT = f"{LIST}import/"
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def text_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def street(office: Cast) -> dict[str, Complaint]:
    """A case of the eastern side at every stage a desk sees."""
    return {
        "filed": stages.filed(office, title="门口堆着石子"),
        "accepted": stages.accepted(office, title="楼前路灯不亮"),
        "signed": stages.signed(office, title="车库里积水"),
        "replied": stages.replied(office, title="夜里有噪声"),
        "approved": stages.approved(office, title="树枝挡了窗"),
    }


@pytest.mark.parametrize("name", ["chen", "lin", "su", "ma", "sun", "wang"])
def test_every_page_of_every_reader_is_free_of_inline_script_and_style(
    office: Cast, street: dict[str, Complaint], name: str
) -> None:
    desk = signed_in(getattr(office, name))
    case = street["signed"]
    urls = ["/admin/", LIST, f"{LIST}?waiting=1", f"{LIST}add/", QUEUE, IMPORT, page_of(case),
            page_of(case, "print"), page_of(case, "reveal"), page_of(case, "correct"),
            page_of(street["approved"], "record_callback")]  # fmt: skip

    for url in urls:
        answer = desk.get(url)
        assert answer.status_code in (200, 403, 404, 409), url
        assert not INLINE.search(text_of(answer)), url


# The stranger sees nothing ------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?stage=open", "?waiting=1", "?clock=overdue", "?q=1011",
                                   "?stranded=1", "?order=due", "?q=路灯"])  # fmt: skip
def test_the_other_side_finds_nothing_in_the_list(
    office: Cast, street: dict[str, Complaint], query: str
) -> None:
    said = text_of(signed_in(office.zhao).get(f"{LIST}{query}"))

    assert "没有符合条件的诉求" in said
    assert not any(case.number in said or case.title in said for case in street.values())


@pytest.mark.parametrize("page", ["change", "print", "reveal", "dispatch", "photo/1"])
def test_a_foreign_case_and_a_missing_one_look_alike(
    office: Cast, street: dict[str, Complaint], page: str
) -> None:
    desk = signed_in(office.zhao)
    foreign = desk.get(page_of(street["signed"], page))
    missing = desk.get(f"{LIST}999999/{page}/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_the_workbench_of_the_other_side_is_empty(
    office: Cast, street: dict[str, Complaint]
) -> None:
    answer = signed_in(office.zhao).get("/admin/")

    assert [tile.count for tile in answer.context["tiles"]] == [0, 0, 0]
    assert not any(case.title in text_of(answer) for case in street.values())


def test_somebody_without_any_post_has_no_desk(office: Cast) -> None:
    user = people.open_account(people.register("过客", by=None), "guest", by=None)
    user.is_superuser = True
    user.save()

    assert signed_in(user).get("/admin/").status_code == 403
    assert signed_in(office.gu).get(LIST).status_code == 403


def test_a_visitor_is_led_to_the_one_page_to_sign_in(client, db: None) -> None:
    for url in ["/admin/", LIST, "/admin/login/"]:
        assert client.get(url)["Location"].startswith("/accounts/login/")


def test_a_reader_who_may_not_dispatch_has_neither_queue_nor_import(office: Cast) -> None:
    desk = signed_in(office.lin)

    assert [desk.get(url).status_code for url in (QUEUE, IMPORT)] == [403, 403]


# Numbers open exactly what they count -------------------------------------------------------------


@pytest.mark.parametrize("name", ["chen", "su", "sun", "wang"])
def test_every_tile_opens_exactly_the_rows_it_counts(
    office: Cast, street: dict[str, Complaint], monday: time_machine.Traveller, name: str
) -> None:
    monday.move_to("2026-03-06 22:00+08:00")
    user = getattr(office, name)
    desk = signed_in(user)

    for tile in tiles(user):
        rows = desk.get(tile.url).context["rows"]
        assert len(rows) == tile.count, tile.label


def test_the_tiles_count_what_is_late_and_what_is_due_today(
    office: Cast, street: dict[str, Complaint], monday: time_machine.Traveller
) -> None:
    before = [tile.count for tile in tiles(office.chen)]
    due = Complaint.objects.get(pk=street["signed"].pk).due_at
    monday.move_to(due.replace(hour=1))
    today = [tile.count for tile in tiles(office.chen)]
    monday.move_to("2026-04-20 09:00+08:00")
    late = [tile.count for tile in tiles(office.chen)]

    assert before[1:3] == [0, 0]
    assert today[2] >= 1
    assert late[1] == Complaint.objects.exclude(due_at=None).count()


def test_a_case_of_a_unit_where_nobody_serves_is_seen(office: Cast) -> None:
    case = stages.dispatched(office)
    assert not nobody_can_act(office.chen).exists()

    appointments.end(office.wang.person.appointments.get(), by=office.su)

    assert list(nobody_can_act(office.chen)) == [case]
    assert "无人可办" in text_of(signed_in(office.chen).get("/admin/"))


def test_the_workbench_warns_of_a_silent_clock(office: Cast) -> None:
    assert "后台时钟" in text_of(signed_in(office.chen).get("/admin/"))


def test_notices_are_shown_and_put_away(office: Cast) -> None:
    notices.notify([office.su.person_id], title="请看一下", key="try")
    desk = signed_in(office.su)
    assert "请看一下" in text_of(desk.get("/admin/"))

    assert desk.get("/admin/notices/read/").status_code == 405
    desk.post("/admin/notices/read/")

    assert "请看一下" not in text_of(desk.get("/admin/"))
    assert Notice.objects.get(key="try").read_at


# The list -----------------------------------------------------------------------------------------


def test_filters_stay_in_the_address_and_narrow_the_rows(
    office: Cast, street: dict[str, Complaint]
) -> None:
    desk = signed_in(office.chen)
    wanted = street["replied"]
    answer = desk.get(f"{LIST}?stage=pending_review&community={office.east.pk}&source=phone")

    assert [row.pk for row in answer.context["rows"]] == [wanted.pk]
    assert "共 1 件" in text_of(answer)
    assert "community=" in answer.context["order_urls"]["due"]


@pytest.mark.parametrize("query", ["stage=nonsense", "community=abc", "category=99999999999999",
                                   "key=o:x:y", "key=r:9", "key=o:99999999999999:1", "q=%00"])  # fmt: skip
def test_a_crooked_address_breaks_nothing(
    office: Cast, street: dict[str, Complaint], query: str
) -> None:
    assert signed_in(office.chen).get(f"{LIST}?{query}").status_code == 200


def test_a_case_is_found_by_city_number_and_phone_tail(office: Cast) -> None:
    case = stages.filed(office, source="hotline", source_number="26030211110001")
    other = stages.filed(office, caller_phone="13900001012")
    desk = signed_in(office.chen)

    assert other.number.endswith("000002")
    assert [row.pk for row in desk.get(f"{LIST}?q=000002").context["rows"]] == [other.pk]
    assert [row.pk for row in desk.get(f"{LIST}?q={other.number}").context["rows"]] == [other.pk]
    by_number = desk.get(f"{LIST}?q=26030211110001").context["rows"]
    by_tail = desk.get(f"{LIST}?q=1012").context["rows"]

    assert [row.pk for row in by_number] == [case.pk]
    assert [row.pk for row in by_tail] == [other.pk]


@pytest.mark.parametrize("phone", ["13900001011", "139 0000 1011", "+8613900001011"])
def test_a_whole_phone_number_does_not_stay_in_the_address(office: Cast, phone: str) -> None:
    answer = signed_in(office.chen).get(LIST, {"q": phone, "stage": "open"})

    assert answer["Location"] == f"{LIST}?stage=open"


def test_walking_through_the_pages_meets_every_case_once(
    office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = {stages.filed(office).pk for _number in range(3)}
    cases |= {stages.accepted(office).pk for _number in range(4)}
    for query in ("?order=due", "?order=new"):
        assert walked(office, query, monkeypatch) == sorted(cases)


def walked(office: Cast, query: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids met on the way from the first page to the last, two rows a page."""
    for function in ("page_by_number", "page_by_due"):
        monkeypatch.setattr(
            f"complaints.selectors.{function}.__kwdefaults__", {"key": "", "size": 2}
        )
    monkeypatch.setattr(
        "complaints.desk.listing.page_by_due_then_rest.__kwdefaults__", {"key": "", "size": 2}
    )
    desk, met = signed_in(office.chen), []
    while query:
        answer = desk.get(f"{LIST}{query}")
        met += [row.pk for row in answer.context["rows"]]
        query = answer.context["older_url"]
    return sorted(met)


# One case -----------------------------------------------------------------------------------------


def test_the_caller_is_masked_on_the_page_and_on_paper(office: Cast) -> None:
    case = stages.signed(office)
    for page in ("change", "print"):
        said = text_of(signed_in(office.chen).get(page_of(case, page)))
        assert "139****1011" in said
        assert "13900001011" not in said
        assert "李秀兰" not in said


def test_a_caller_who_asked_for_secrecy_is_known_to_the_desk_only(office: Cast) -> None:
    case = stages.signed(office, is_secret_caller=True)

    assert "李*兰" in text_of(signed_in(office.chen).get(page_of(case)))
    assert "李*兰" not in text_of(signed_in(office.su).get(page_of(case)))
    assert "李*兰" not in text_of(signed_in(office.su).get(page_of(case, "print")))


def test_only_what_one_may_do_now_is_offered(office: Cast) -> None:
    case = stages.signed(office)

    def offered(user: Any) -> set[str]:
        deeds = signed_in(user).get(page_of(case)).context["deeds"]
        return {deed["url"].rstrip("/").rpartition("/")[2] for deed in deeds}

    assert {"dispatch", "urge", "restrict"} <= offered(office.chen)
    assert "reply" not in offered(office.chen)
    assert {"reply", "contact", "escalate"} <= offered(office.su)
    assert offered(office.lin) == {"instruct", "elevate"}
    assert offered(office.he) == set()


def test_paper_carries_ladder_and_clock(office: Cast) -> None:
    said = text_of(signed_in(office.chen).get(page_of(stages.signed(office), "print")))

    assert "诉求承办单" in said
    assert 'class="ladder"' in said
    assert 'class="clock' in said


def test_instructions_stand_on_the_page(office: Cast) -> None:
    case = stages.signed(office)
    supervising.instruct(case.pk, by=office.lin, text="请两日内解决")

    assert "请两日内解决" in text_of(signed_in(office.su).get(page_of(case)))


def test_what_was_typed_by_others_is_never_markup(office: Cast) -> None:
    case = stages.signed(office, title="<script>alert(1)</script>", text="<img src=x onerror=1>",
                         address="<b>南门</b>", caller_name="<i>李</i>")  # fmt: skip
    for url in (LIST, page_of(case), page_of(case, "print"), "/admin/", page_of(case, "log")):
        said = text_of(signed_in(office.su).get(url))
        assert "<script>alert" not in said
        assert "<img src=x" not in said
        assert "<b>南门" not in said


# The queue ----------------------------------------------------------------------------------------


def test_the_queue_offers_the_branch_that_covers_the_address(office: Cast) -> None:
    stages.accepted(office)
    form = signed_in(office.chen).get(QUEUE).context["form"]

    assert form.suggestions[0].unit == office.east_branch


def test_the_queue_reads_the_address_of_a_case_without_a_place(office: Cast) -> None:
    stages.accepted(office, place=None, building=None, address="西园小区1号楼1单元")
    form = signed_in(office.chen).get(QUEUE).context["form"]

    assert form.suggestions[0].unit == office.west_branch


def test_the_department_of_the_category_comes_first(office: Cast) -> None:
    case = stages.accepted(office)
    kind = Complaint.objects.get(pk=case.pk).category
    kind.default_handler = "执法中队"
    kind.save()

    form = signed_in(office.chen).get(f"{QUEUE}?case={case.pk}").context["form"]

    assert [one.unit for one in form.suggestions[:2]] == [office.squad, office.east_branch]


def test_who_handed_a_case_on_is_not_offered_again(office: Cast) -> None:
    case = stages.signed(office)
    dispatching.hand_on(case.pk, by=office.wang, note="不属于本网格")

    form = signed_in(office.su).get(QUEUE).context["form"]

    assert "东一网格党支部转出" in Complaint.objects.get(pk=case.pk).hint
    assert office.east_branch not in [one.unit for one in form.suggestions]
    assert str(office.east_branch.pk) in form.units


def test_the_queue_stands_as_it_presses_and_is_walked_by_keys(
    office: Cast, monday: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late, then 特急 that nobody accepted, due soonest, and the unaccepted in their order."""
    monkeypatch.setattr("complaints.desk.suggesting.QUEUE_ROWS", 2)
    monkeypatch.setattr("complaints.admin.queue.QUEUE_ROWS", 2)
    quiet = stages.filed(office)
    late = stages.accepted(office)
    monday.move_to(late.case_due_at + timedelta(minutes=5))
    soon = stages.accepted(office)
    urgent = stages.filed(office)
    Complaint.objects.filter(pk=urgent.pk).update(urgency="critical")
    quieter = stages.filed(office)
    order = [late.pk, urgent.pk, soon.pk, quiet.pk, quieter.pk]
    desk = signed_in(office.chen)

    first = desk.get(QUEUE).context
    assert [row.pk for row in first["rows"]] == order[:2] and first["count"] == "5"
    second = desk.get(f"{QUEUE}?case={urgent.pk}").context
    assert second["next_url"].endswith(f"?case={soon.pk}")
    deeper = desk.get(second["next_url"]).context
    assert [row.pk for row in deeper["rows"]] == order[2:4] and deeper["count"] == "5"
    assert deeper["first_url"] == QUEUE
    assert deeper["next_url"].endswith(f"?case={quiet.pk}")
    assert desk.get(f"{QUEUE}?case=999999").context["case"].pk == late.pk

    sent = typed(soon, "dispatch", office.chen, unit=office.east_branch.pk, next="queue")
    gone = desk.post(page_of(soon, "dispatch"), sent)
    assert gone["Location"].endswith(f"?case={quiet.pk}"), "goes on where the case stood"


def test_an_empty_queue_says_so(office: Cast) -> None:
    assert "派单台已清空" in text_of(signed_in(office.chen).get(QUEUE))


def test_a_community_dispatches_only_its_own_queue(office: Cast) -> None:
    case = stages.signed(office)
    dispatching.hand_on(case.pk, by=office.wang, note="不属于本网格")
    stages.accepted(office, place=office.west_branch)

    answer = signed_in(office.su).get(QUEUE)

    assert [row.pk for row in answer.context["rows"]] == [case.pk]
    units = {unit.pk for unit in answer.context["form"].units.values()}
    assert office.west_branch.pk not in units


# Statements ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "most"),
    [("/admin/", 16), (LIST, 10), (f"{LIST}?waiting=1", 11), (QUEUE, 12), (f"{LIST}add/", 10)],
)
def test_pages_ask_few_statements(
    office: Cast, street: dict[str, Complaint], statements: Any, url: str, most: int
) -> None:
    for _number in range(6):
        stages.accepted(office)
    desk = signed_in(office.chen)
    desk.get(url)

    with statements(most):
        assert desk.get(url).status_code == 200


@pytest.mark.parametrize(("stage", "most"), [("signed", 12), ("replied", 12), ("filed", 12)])
def test_the_page_of_a_case_asks_few_statements(
    office: Cast, street: dict[str, Complaint], statements: Any, stage: str, most: int
) -> None:
    for user in (office.chen, office.su):
        desk = signed_in(user)
        desk.get(page_of(street[stage]))
        with statements(most):
            assert desk.get(page_of(street[stage])).status_code == 200


# Import -------------------------------------------------------------------------------------------

ORDERS = "工单编号,诉求标题,诉求内容,诉求人,联系电话,派发时间\n26030201,路灯不亮,东园花园3号楼前路灯不亮,李秀兰,13900001011,2026-03-02 08:30\n"


def test_a_file_becomes_a_job_that_can_be_found_again(office: Cast) -> None:
    desk = signed_in(office.chen)
    file = SimpleUploadedFile("热线.csv", ORDERS.encode("gb18030"))
    answer = desk.post(IMPORT, {"file": file, "source": "hotline", "subdistrict": office.street.pk})

    job = Job.objects.get()
    assert answer["Location"] == f"{IMPORT}{job.pk}/"
    assert "排队中" in text_of(desk.get(answer["Location"]))
    status = desk.get(f"{IMPORT}{job.pk}/status/").json()
    assert (status["state"], status["done"]) == ("waiting", 0)
    assert "热线.csv" in text_of(desk.get(IMPORT))


def test_a_finished_import_tells_row_by_row(office: Cast) -> None:
    from_desk = signed_in(office.chen)
    file = SimpleUploadedFile("a.csv", (ORDERS + "26030202,,,,,\n").encode())
    from_desk.post(IMPORT, {"file": file, "source": "hotline", "subdistrict": office.street.pk})
    job = Job.objects.get()
    jobs.run_waiting({job.kind: run_import})

    said = text_of(from_desk.get(f"{IMPORT}{job.pk}/"))

    assert "导入完成" in said
    assert "新增 1 件" in said
    assert "没有导入的行" in said
    assert Complaint.objects.get().stage == Stage.PENDING_DISPATCH


def test_a_file_that_is_no_table_is_refused_on_the_form(office: Cast) -> None:
    file = SimpleUploadedFile("a.exe", b"MZ\x90\x00")
    answer = signed_in(office.chen).post(
        IMPORT, {"file": file, "source": "hotline", "subdistrict": office.street.pk}
    )

    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_an_import_of_another_street_is_not_found(office: Cast) -> None:
    file = SimpleUploadedFile("a.csv", ORDERS.encode())
    signed_in(office.chen).post(
        IMPORT, {"file": file, "source": "hotline", "subdistrict": office.street.pk}
    )
    job = Job.objects.get()

    for url in (f"{IMPORT}{job.pk}/", f"{IMPORT}{job.pk}/status/"):
        assert signed_in(office.zhao).get(url).status_code == 404
        assert signed_in(office.su).get(url).status_code == 404


def test_a_case_taken_back_is_not_called_answered(office: Cast) -> None:
    case = stages.signed(office)
    closing.withdraw(case.pk, by=office.chen, note="居民说不用了")
    answered = closing.record_callback(
        stages.approved(office).pk,
        by=office.chen,
        outcome="reached",
        solved="yes",
        satisfaction="satisfied",
    )

    for pk, words in ((case.pk, "不计时"), (answered.pk, "已办结")):
        head = signed_in(office.chen).get(f"{LIST}{pk}/change/").content.decode()
        chip = head.split('class="clock ')[1].split("<span")[0]
        assert words in chip, (pk, chip)
