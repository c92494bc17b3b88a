"""A person goes away: the deputy holds the posts meanwhile, and it ends by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from governance.choices import Word
from governance.errors import HouseError
from governance.models import Appointment, Leave, Notice
from governance.models.reach import may
from governance.selectors import absence_of, people_in_posts, stand_ins, who_serves
from governance.services.leaves import end_leave, take_leave
from tests.cast import Cast
from tests.desk import signed_in

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
DAYS = {"started_on": MONDAY, "last_on": FRIDAY}


def at(day: str) -> Any:
    """Noon of a day in the office's own zone."""
    return time_machine.travel(f"{day}T04:00:00+00:00", tick=False)


@pytest.fixture
def before(cast: Cast) -> Any:
    """The Sunday before the week of the leave."""
    with at("2026-03-01"):
        yield


def away(cast: Cast, **more: Any) -> Leave:
    """Wang is away from Monday to Friday, Ma stands in; Wang enters it."""
    given: dict[str, Any] = {"by": cast.wang, **DAYS, **more}
    return take_leave(cast.wang.person, cast.ma.person, **given)


@pytest.mark.smoke
def test_the_deputy_has_the_rights_for_these_days_and_no_longer(cast: Cast, before: None) -> None:
    take_leave(cast.wang.person, cast.he.person, by=cast.wang, **DAYS)
    found = {}
    for day in ("2026-03-01", "2026-03-02", "2026-03-06", "2026-03-07"):
        with at(day):
            found[day] = may(cast.he, Word.HANDLE, cast.east_branch.path)
    assert list(found.values()) == [False, True, True, False]


def test_who_serves_is_the_deputy_while_it_runs_and_the_person_again(
    cast: Cast, before: None
) -> None:
    away(cast)
    path = cast.east_branch.path
    for day, name in (("2026-03-01", "王强"), ("2026-03-04", "马立新"), ("2026-03-07", "王强")):
        with at(day):
            assert [one.name for one in who_serves(cast.east_branch, word=Word.HANDLE)] == [name]
            [pk] = people_in_posts(path, ["grid_worker"])
            assert stand_ins([cast.wang.person_id]) == [pk]


def test_the_secretary_may_enter_it_but_not_for_herself_as_deputy(cast: Cast, before: None) -> None:
    with pytest.raises(PermissionDenied, match="自己设为"):
        take_leave(cast.wang.person, cast.su.person, by=cast.su, **DAYS)
    for stranger in (cast.zhao, cast.he, cast.chen):
        with pytest.raises(PermissionDenied):
            away(cast, by=stranger)
    leave = away(cast, by=cast.su)
    assert leave.entered_by == cast.su
    assert Notice.objects.filter(person=cast.wang.person, title__contains="已为您登记").exists()
    assert Notice.objects.filter(person=cast.ma.person, title__contains="代理王强").exists()


REFUSALS: dict[str, tuple[Callable[[Cast], dict[str, Any]], str]] = {
    "the end before the start": (
        lambda cast: {"started_on": FRIDAY, "last_on": MONDAY}, "结束日期早于",
    ),
    "the past": (lambda cast: {"started_on": date(2026, 2, 27)}, "不能早于今天"),
    "half a year and more": (
        lambda cast: {"last_on": MONDAY + timedelta(days=180)}, "最长 180 天",
    ),
    "oneself": (lambda cast: {"deputy": cast.wang.person}, "本人代理本人"),
    "somebody from the other side": (lambda cast: {"deputy": cast.zhao.person}, "范围内任职"),
    "a neighbour without a desk": (lambda cast: {"deputy": cast.gu.person}, "范围内任职"),
    "somebody without an account": (lambda cast: {"deputy": cast.li}, "没有可用的账号"),
    "somebody without a post": (
        lambda cast: {"person": cast.gu.person, "by": cast.gu}, "没有需要代理的任职",
    ),
}  # fmt: skip


@pytest.mark.parametrize("given", REFUSALS.values(), ids=REFUSALS)
def test_what_does_not_fit_gets_one_sentence(
    cast: Cast, before: None, given: tuple[Callable[[Cast], dict[str, Any]], str]
) -> None:
    values: dict[str, Any] = {"person": cast.wang.person, "deputy": cast.ma.person, "by": cast.wang}
    values |= {**DAYS, **given[0](cast)}
    with pytest.raises(HouseError, match=given[1]):
        take_leave(values.pop("person"), values.pop("deputy"), **values)
    assert not Leave.objects.exists()
    assert not Appointment.objects.filter(deputises_for__isnull=False).exists()


def test_nobody_is_in_two_places(cast: Cast, before: None) -> None:
    away(cast)
    with pytest.raises(HouseError, match="重叠"):
        away(cast, started_on=FRIDAY, last_on=FRIDAY + timedelta(days=3))
    with pytest.raises(HouseError, match="代理王强"):
        take_leave(cast.ma.person, cast.su.person, by=cast.ma, **DAYS)
    take_leave(cast.su.person, cast.chen.person, by=cast.su, **DAYS)
    with pytest.raises(HouseError, match="也请假"):
        take_leave(cast.he.person, cast.su.person, by=cast.he, **DAYS)
    later = {"started_on": FRIDAY + timedelta(days=1), "last_on": FRIDAY + timedelta(days=2)}
    assert away(cast, **later).pk


def test_coming_back_earlier_takes_the_rights_at_once(cast: Cast, before: None) -> None:
    leave = take_leave(cast.su.person, cast.chen.person, by=cast.su, **DAYS)
    with at("2026-03-03"):
        assert may(cast.chen, Word.MANAGE, cast.east.path)
        assert absence_of(cast.su) == leave
        with pytest.raises(PermissionDenied):
            end_leave(leave, by=cast.zhao)
        end_leave(leave, by=cast.su)
        assert not may(cast.chen, Word.MANAGE, cast.east.path)
        with pytest.raises(HouseError, match="已经结束"):
            end_leave(leave, by=cast.su)


def test_a_leave_taken_back_before_it_begins_never_counts(cast: Cast, before: None) -> None:
    end_leave(away(cast), by=cast.wang)
    with at("2026-03-04"):
        assert [one.name for one in who_serves(cast.east_branch, word=Word.HANDLE)] == ["王强"]
    assert away(cast).pk  # the days are free again


def test_the_phone_enters_and_ends_the_own_leave_and_keeps_what_was_typed(
    cast: Cast, before: None
) -> None:
    browser = signed_in(cast.wang)
    typed = {"started_on": "2026-03-02", "last_on": "2026-03-06", "note": "探亲"}
    refused = browser.post("/m/leaves/", {**typed, "deputy": cast.zhao.person_id})
    assert refused.status_code == 422
    assert "请从名单中选择" in refused.content.decode()
    assert "探亲" in refused.content.decode()
    assert browser.post("/m/leaves/", {**typed, "deputy": cast.ma.person_id}).status_code == 302
    leave = Leave.objects.get()
    assert "由 马立新 代理" in browser.get("/m/leaves/").content.decode()
    assert signed_in(cast.zhao).post(f"/m/leaves/{leave.pk}/end/").status_code == 404
    assert browser.post(f"/m/leaves/{leave.pk}/end/").status_code == 302
    leave.refresh_from_db()
    assert leave.is_taken_back


def test_the_desk_enters_it_for_people_one_manages_and_strangers_see_nothing(
    cast: Cast, before: None
) -> None:
    secretary = signed_in(cast.su)
    typed = {
        "person": cast.wang.person_id, "deputy": cast.wang.person_id, "started_on": "2026-03-02",
        "last_on": "2026-03-06", "note": "住院",
    }  # fmt: skip
    refused = secretary.post("/admin/governance/leave/add/", typed).content.decode()
    assert "本人代理本人" in refused
    assert "住院" in refused
    done = secretary.post(
        "/admin/governance/leave/add/", typed | {"deputy": cast.ma.person_id}, follow=True
    )
    assert "马立新" in done.content.decode()
    leave = Leave.objects.get()
    own, page = "/admin/governance/leave/", f"/admin/governance/leave/{leave.pk}/change/"
    assert "王强" not in signed_in(cast.zhao).get(own).content.decode()
    assert signed_in(cast.zhao).get(page).status_code == 404
    deputy = signed_in(cast.ma).get(page).content.decode()
    assert "王强" in deputy
    assert "住院" not in deputy  # the reason may be an illness
    assert "住院" in secretary.get(page).content.decode()
    secretary.post(f"/admin/governance/leave/{leave.pk}/end/", {"sure": "1"})
    assert Leave.objects.get().is_taken_back
