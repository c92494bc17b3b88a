"""通知 at the desk: the whole inbox of one person, what was read and what was not."""

from typing import Any

import pytest
from django.test import Client

from complaints.admin import inbox
from governance.models import Notice
from governance.services import notices
from tests.cast import Cast
from tests.complaints import stages
from tests.complaints.desk import LIST, signed_in

pytestmark = pytest.mark.django_db
INBOX = f"{LIST}notices/"


def told(cast: Cast, number: int, **more: Any) -> None:
    """Tell Su something."""
    notices.notify([cast.su.person_id], title=f"提醒{number}号", key=f"k{number}", **more)


def titles(client: Client, **query: str) -> list[str]:
    return [row.title for row in client.get(INBOX, query).context["rows"]]


@pytest.fixture
def su(office: Cast) -> Client:
    """Su with two notices; what the street told her before is away."""
    Notice.objects.all().delete()
    for number in (1, 2):
        told(office, number)
    return signed_in(office.su)


def test_unread_ones_stand_first_and_read_ones_are_still_found(su: Client, office: Cast) -> None:
    assert titles(su) == ["提醒2号", "提醒1号"]
    first = Notice.objects.get(title="提醒1号")

    answer = su.post(f"{INBOX}?show=unread", {"shown": [first.pk]})

    assert (answer.status_code, answer["Location"]) == (302, f"{INBOX}?show=unread")
    assert titles(su) == ["提醒2号"] and titles(su, show="all") == ["提醒2号", "提醒1号"]
    assert "已读" in su.get(INBOX, {"show": "all"}).content.decode()


def test_a_notice_leads_to_what_it_is_about(su: Client, office: Cast) -> None:
    case = stages.signed(office)
    told(office, 3, subject=f"complaint:{case.pk}")

    assert f'href="{LIST}{case.pk}/change/"' in su.get(INBOX).content.decode()


def test_the_inbox_of_others_is_neither_read_nor_marked(su: Client, office: Cast) -> None:
    row = Notice.objects.filter(person=office.su.person).first()
    stranger = signed_in(office.ma)

    assert titles(stranger, show="all") == []
    stranger.post(INBOX, {"shown": [row.pk]})
    row.refresh_from_db()
    assert row.read_at is None


def test_pages_run_by_key_and_an_empty_inbox_says_so(
    su: Client, office: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE_SIZE", 2)
    told(office, 3)
    first = su.get(INBOX)
    assert [row.title for row in first.context["rows"]] == ["提醒3号", "提醒2号"]
    assert [row.title for row in su.get(INBOX + first.context["older_url"]).context["rows"]] == [
        "提醒1号"
    ]

    notices.mark_read(office.su)
    assert "没有未读通知" in su.get(INBOX).content.decode()


@pytest.mark.parametrize("wrong", [{"shown": "x"}, {"shown": "9" * 40}, {"shown": "\x00"}, {}])
def test_nonsense_marks_nothing(su: Client, wrong: dict[str, str]) -> None:
    assert su.post(INBOX, wrong).status_code == 302
    assert len(titles(su)) == 2
    assert su.get(INBOX, {"show": "x"}).status_code == 404
    assert su.get(INBOX, {"before": "\x00"}).status_code == 200


def test_the_list_costs_the_same_for_more_rows(su: Client, office: Cast, statements: Any) -> None:
    su.get(INBOX)
    for number in range(3, 20):
        told(office, number)

    with statements(most=8):
        su.get(INBOX)
    assert len(titles(su)) == 19


def test_the_menu_and_the_workbench_lead_there(su: Client, office: Cast) -> None:
    assert INBOX in su.get("/admin/").content.decode()
    assert INBOX in signed_in(office.lin).get("/board/").content.decode()
