"""Tokens at the desk: granted by form, collected once, revoked; nobody sees another's."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance.models import ApiToken, User
from governance.services import tokens
from tests.api.programs import granted
from tests.cast import Cast, account
from tests.desk import signed_in as desk

LIST = "/admin/governance/apitoken/"
# The form has no fields: pressing the button is all.
PRESSED = {"pressed": "yes"}


@pytest.fixture
def warden(cast: Cast) -> User:
    """The security administrator."""
    return account("安宁", "security", "security_admin", cast.street)


def form(user: User, **values: Any) -> dict[str, Any]:
    """What the form of a token sends."""
    return {
        "name": "区数据平台每日同步",
        "appointment": user.person.appointments.get().pk,
        "organisation": "",
        "areas": ["complaints", "grids"],
        "requests_per_minute": 60,
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        **values,
    }


def test_a_token_is_granted_collected_and_used(cast: Cast, warden: User) -> None:
    answer = desk(warden).post(LIST + "add/", form(cast.chen))
    token = ApiToken.objects.get()
    page = f"{LIST}{token.pk}/"

    assert answer.status_code == 302
    assert (token.organisation, token.areas) == (cast.street, ["complaints", "grids"])
    assert "领取密钥" in desk(cast.chen).get(page + "change/").content.decode()
    shown = desk(cast.chen).post(page + "collect/", PRESSED).context["shown"]
    assert tokens.recognise(shown) == token
    assert desk(cast.chen).post(page + "collect/", PRESSED).status_code == 404
    assert shown not in desk(cast.chen).get(page + "change/").content.decode()


def test_the_notice_leads_to_the_page_where_it_is_collected(cast: Cast) -> None:
    for user, inbox in ((cast.chen, "/admin/"), (cast.wang, "/m/notices/")):
        page = f"{LIST}{granted(user).pk}/change/"
        assert f'href="{page}"' in desk(user).get(inbox).content.decode()
        assert "领取密钥" in desk(user).get(page).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("areas", [], "必填"),
        ("expires_on", "2020-01-01", "晚于今天"),
        ("expires_on", "没有日期", "日期"),
        ("requests_per_minute", "-1", "大于"),
        ("appointment", "999999", "选"),
        ("name", "", "请填写"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    field: str, value: Any, sentence: str, cast: Cast, warden: User
) -> None:
    answer = desk(warden).post(LIST + "add/", form(cast.chen, **{field: value}))
    text = answer.content.decode()

    assert answer.status_code == 200 and not ApiToken.objects.exists()
    assert sentence in text
    assert field == "name" or "区数据平台每日同步" in text


def test_everybody_sees_the_own_tokens_and_the_warden_all(cast: Cast, warden: User) -> None:
    granted(cast.wang)
    other = granted(cast.zhao)

    def shown(user: User) -> int:
        return len(desk(user).get(LIST).context["cl"].result_list)

    assert [shown(user) for user in (warden, cast.wang, cast.zhao, cast.lin)] == [2, 1, 1, 0]
    for deed in ("change", "collect", "revoke"):
        assert desk(cast.wang).get(f"{LIST}{other.pk}/{deed}/").status_code == 404
    assert desk(warden).post(f"{LIST}{other.pk}/collect/", PRESSED).status_code == 403
    assert desk(cast.su).get(LIST + "add/").status_code == 403


def test_a_token_is_revoked_by_its_owner_or_the_warden(cast: Cast, warden: User) -> None:
    one, other = granted(cast.wang), granted(cast.wang)

    desk(cast.wang).post(f"{LIST}{one.pk}/revoke/", {"note": ""})
    desk(warden).post(f"{LIST}{other.pk}/revoke/", {"note": "不再需要"})

    assert {token.state_on() for token in ApiToken.objects.all()} == {ApiToken.State.REVOKED}
    assert desk(warden).get(f"{LIST}{one.pk}/revoke/").status_code == 404


def test_the_list_costs_no_statement_for_each_row(
    cast: Cast, warden: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        granted(cast.wang)
    browser = desk(warden)
    browser.get(LIST)

    with django_assert_max_num_queries(9):
        browser.get(LIST)
