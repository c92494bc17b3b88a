"""Tokens: who grants, who collects, what is kept, and when they end."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from governance.errors import HouseError
from governance.models import ApiToken, AuditEntry, Notice, RightsOfOneRequest, Role, User
from governance.models.reach import may, narrow, roots
from governance.services import appointments, tokens
from tests.api.programs import granted, secret_of
from tests.cast import Cast, account


@pytest.fixture
def warden(cast: Cast) -> User:
    """The security administrator."""
    return account("安宁", "security", "security_admin", cast.street)


def test_one_person_grants_and_another_collects(cast: Cast, warden: User) -> None:
    token = granted(cast.chen, by=warden)

    with pytest.raises(PermissionDenied):
        tokens.collect(token, by=warden)
    secret = tokens.collect(token, by=cast.chen)

    assert secret.startswith("grid_") and len(secret) > 40
    assert tokens.recognise(secret).pk == token.pk
    assert Notice.objects.filter(person=cast.chen.person, key=f"api_token:{token.pk}:granted")
    verbs = AuditEntry.objects.filter(subject=f"api_token:{token.pk}").values_list("verb", "by")
    assert list(verbs) == [
        ("grant_api_token", warden.pk),
        ("collect_api_token", cast.chen.pk),
    ]


def test_only_a_keyed_digest_of_the_secret_is_kept(cast: Cast) -> None:
    secret = secret_of(cast.chen)

    row = ApiToken.objects.values().get()
    assert secret[10:] not in repr(row) and len(row["digest"]) == 64
    assert secret[10:] not in repr(list(AuditEntry.objects.values()))


def test_a_secret_is_shown_once(cast: Cast) -> None:
    token = granted(cast.chen)
    tokens.collect(token, by=cast.chen)

    with pytest.raises(HouseError, match="只显示一次"):
        tokens.collect(token, by=cast.chen)


def test_nobody_grants_a_token_to_himself_or_without_the_right(cast: Cast, warden: User) -> None:
    Role.objects.filter(code="security_admin").update(words=["secure", "see"])

    for user, owner in ((warden, warden), (cast.su, cast.wang), (cast.lin, cast.wang)):
        with pytest.raises(PermissionDenied):
            granted(owner, by=user)
    assert granted(cast.wang, by=warden).organisation == cast.east_branch


BAD: list[tuple[str, dict[str, Any]]] = [
    ("任职所在组织", {"organisation": "west"}),
    ("查看权限", {"words": ["see", "care"]}),
    ("可读内容", {"areas": []}),
    ("可读内容", {"areas": ["people"]}),
    ("晚于今天", {"expires_on": timedelta(0)}),
    ("最长使用一年", {"expires_on": timedelta(days=400)}),
    ("每分钟", {"requests_per_minute": 0}),
    ("每分钟", {"requests_per_minute": 100_000}),
]


@pytest.mark.parametrize(("sentence", "values"), BAD)
def test_a_token_that_would_read_too_much_or_too_long_is_refused(
    sentence: str, values: dict[str, Any], cast: Cast
) -> None:
    given = dict(values)
    if "organisation" in given:
        given["organisation"] = cast.west
    if "expires_on" in given:
        given["expires_on"] = timezone.localdate() + given["expires_on"]

    with pytest.raises(HouseError, match=sentence):
        granted(cast.su, **given)
    assert granted(cast.su, organisation=cast.east_branch).state_on() == ApiToken.State.WAITING


def test_a_post_without_the_right_to_see_gives_no_token(cast: Cast) -> None:
    with pytest.raises(HouseError, match="查看权限"):
        granted(cast.gu)


def test_an_unknown_secret_says_nothing(cast: Cast) -> None:
    secret_of(cast.chen)

    for secret in ("", "grid_", "grid_" + "x" * 43, "x" * 5000, "grid_\x00", "密钥"):
        with pytest.raises(tokens.UnknownToken):
            tokens.recognise(secret)


def test_a_token_ends_when_it_is_revoked(cast: Cast, warden: User) -> None:
    secret = secret_of(cast.chen)
    token = ApiToken.objects.get()

    with pytest.raises(PermissionDenied):
        tokens.revoke(token, by=cast.lin)
    tokens.revoke(token, by=warden, note="电脑遗失")
    tokens.revoke(token, by=warden)

    with pytest.raises(HouseError, match="已吊销"):
        tokens.recognise(secret)
    assert AuditEntry.objects.filter(verb="revoke_api_token").count() == 1


def test_a_token_ends_with_its_day_its_post_and_its_person(cast: Cast) -> None:
    secret = secret_of(cast.chen)
    day = ApiToken.objects.get().expires_on
    assert tokens.recognise(secret)

    ApiToken.objects.update(expires_on=timezone.localdate())
    with pytest.raises(HouseError, match="已到期"):
        tokens.recognise(secret)
    ApiToken.objects.update(expires_on=day)
    Role.objects.filter(code="hotline_clerk").update(is_enabled=False)
    with pytest.raises(HouseError, match="任职已经结束"):
        tokens.recognise(secret)
    Role.objects.update(is_enabled=True)
    appointments.leave(cast.chen.person, by=account("史磊", "system", "system_admin", cast.street))
    with pytest.raises(HouseError, match="任职已经结束"):
        tokens.recognise(secret)


def test_its_use_is_written_at_most_once_in_five_minutes(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = tokens.recognise(secret_of(cast.chen))
        tokens.note_use(token)
        first = ApiToken.objects.get().last_used_at
        assert first is not None
        clock.shift(timedelta(minutes=4))
        tokens.note_use(ApiToken.objects.get())
        assert ApiToken.objects.get().last_used_at == first
        clock.shift(timedelta(minutes=1))
        tokens.note_use(ApiToken.objects.get())
        assert ApiToken.objects.get().last_used_at == first + timedelta(minutes=5)


def test_rights_shrink_to_the_token_and_only_for_one_request(cast: Cast) -> None:
    with RightsOfOneRequest():
        narrow(cast.su, ["see"], cast.east_branch.path)
        assert roots(cast.su, "see") == [cast.east_branch.path]
        assert not may(cast.su, "dispatch", cast.east_branch.path)
        narrow(cast.su, ["see"], cast.west.path)
        assert roots(cast.su, "see") == []
    with RightsOfOneRequest():
        narrow(cast.su, ["see"], cast.street.path)
        assert roots(cast.su, "see") == [cast.east.path]

    assert may(cast.su, "dispatch", cast.east.path)
    with pytest.raises(RuntimeError):
        narrow(cast.su, ["see"], cast.east.path)
