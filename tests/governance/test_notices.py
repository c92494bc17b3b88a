"""Notices: one line in an inbox, told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notice
from governance.services.notices import inbox, mark_read, notify, older_than, unread_count
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def test_everybody_named_is_told_once_however_often_it_is_said(cast: Cast) -> None:
    people = [cast.wang.person_id, cast.su.person_id, cast.wang.person_id, None]
    for _ in range(2):
        assert notify(people, title="工单超期：HP-2026-000001", key="remind:1") == 2
    assert Notice.objects.count() == 2


def test_another_key_is_other_news(cast: Cast) -> None:
    for key in ("remind:1", "remind:2"):
        notify([cast.wang.person_id], title="提醒", key=key)
    assert unread_count(cast.wang) == 2


def test_the_inbox_is_ones_own_newest_first(cast: Cast) -> None:
    for number in range(3):
        notify([cast.wang.person_id], title=f"第{number}条", key=str(number))
    notify([cast.zhao.person_id], title="别人的", key="z")
    assert [row.title for row in inbox(cast.wang)] == ["第2条", "第1条", "第0条"]


def test_what_is_read_no_longer_waits_and_nobody_reads_for_another(cast: Cast) -> None:
    for number in range(3):
        notify([cast.wang.person_id], title="提醒", key=str(number))
    own = list(inbox(cast.wang).values_list("pk", flat=True))
    assert mark_read(cast.zhao, ids=own) == 0
    assert mark_read(cast.wang, ids=own[:1]) == 1
    assert unread_count(cast.wang) == 2
    assert mark_read(cast.wang) == 2
    assert unread_count(cast.wang) == 0


def test_waiting_notices_are_counted_up_to_a_hundred(cast: Cast) -> None:
    for number in range(103):
        notify([cast.wang.person_id], title="提醒", key=str(number))
    assert unread_count(cast.wang) == 100


def test_long_words_are_cut_to_their_columns(cast: Cast) -> None:
    notify([cast.wang.person_id], title="长" * 200, body="文" * 400, key="k")
    row = Notice.objects.get()
    assert (len(row.title), len(row.body)) == (120, 300)


def test_an_inbox_runs_by_moment_even_where_older_news_was_written_later(cast: Cast) -> None:
    at = timezone.now()
    for number, hours in enumerate((3, 1, 2, 2)):
        notify([cast.wang.person_id], title=f"{number}", key=str(number))
        Notice.objects.filter(key=str(number)).update(created_at=at - timedelta(hours=hours))
    rows = inbox(cast.wang)
    assert [row.title for row in rows] == ["1", "3", "2", "0"]

    pages, last = [], None
    for _page in range(4):
        row = older_than(rows, cast.wang, last)[0]
        pages.append(row.title)
        last = row.pk
    assert pages == ["1", "3", "2", "0"]
    # A key of somebody else's inbox, or of none, turns no page.
    assert older_than(rows, cast.zhao, last).count() == 4
    assert older_than(rows, cast.wang, 999_999).count() == 4
