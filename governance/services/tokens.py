"""Tokens: granted by the security administrator, collected once by their owner, revoked by either."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as kept

from governance.choices import ApiArea, NoticeKind, Word
from governance.errors import HouseError
from governance.models import ApiToken, Appointment, Organisation
from governance.models.reach import may, require
from governance.privacy import digest
from governance.services import audit, notices

# Recognisable in logs and by scanners for secrets that were left lying about.
PREFIX = "grid_"
PURPOSE = "api_token"
SECRET_BYTES = 32
HINT_SIGNS = 10
LONGEST_SECRET = 100
MOST_DAYS = 366
MOST_REQUESTS_PER_MINUTE = 600
USE_NOTED_EVERY = timedelta(minutes=5)
READING = (Word.SEE.value,)


class UnknownToken(HouseError):
    """No token has this secret."""


@audit.deed()
def grant(
    appointment: Appointment,
    name: str,
    *,
    by: Any,
    areas: Sequence[str],
    expires_on: date,
    organisation: Organisation | None = None,
    words: Sequence[str] = READING,
    requests_per_minute: int = 120,
) -> ApiToken:
    """Let a program read in the name of whoever holds `appointment`, until `expires_on`.

    `organisation` narrows it to a part of the post's reach; by default it is the whole. Needs the
    right to secure there, and nobody grants a token to himself (`by=None` is the house itself).
    Raises HouseError when a word is not the post's, the place lies outside it, the post is over,
    the person has no account, nothing is to be read, or the day is past or over a year away.
    """
    organisation = organisation or appointment.organisation
    if by is not None:
        require(by, Word.SECURE, organisation.path)
        if by.person_id == appointment.person_id:
            raise PermissionDenied(_("不能给自己批准令牌，请由另一位安全管理员办理。"))
    if not organisation.path.startswith(appointment.organisation.path):
        raise HouseError(_("范围须是任职所在组织或其下级组织。"))
    if not words or not set(words) <= set(appointment.role.words):
        raise HouseError(_("这个岗位没有查看权限，不能据此读取数据。请另选一项任职。"))
    if not areas or not set(areas) <= set(ApiArea.values):
        raise HouseError(_("请至少选择一项可读内容。"))
    _refuse_unfit_day(expires_on)
    if not 1 <= requests_per_minute <= MOST_REQUESTS_PER_MINUTE:
        raise HouseError(
            _("每分钟请求上限须在 1 到 %(most)s 之间。") % {"most": MOST_REQUESTS_PER_MINUTE}
        )
    user = getattr(appointment.person, "user", None)
    if not _is_served(appointment) or user is None or not user.is_active:
        raise HouseError(_("这项任职现在无效，或此人没有可用的账号。"))
    token = ApiToken.objects.create(
        name=name.strip()[:60],
        appointment=appointment,
        organisation=organisation,
        words=list(words),
        areas=[area for area in ApiArea.values if area in areas],
        requests_per_minute=requests_per_minute,
        expires_on=expires_on,
        granted_by=by,
    )
    _record("grant_api_token", token, by)
    notices.notify(
        [appointment.person_id],
        title=kept("接口令牌“%(name)s”已批准，请到工作台“接口令牌”领取密钥") % {"name": token.name},
        key=f"api_token:{token.pk}:granted",
        subject=f"api_token:{token.pk}",
        kind=NoticeKind.TASK,
    )
    return token


@audit.deed()
def collect(token: ApiToken, *, by: Any) -> str:
    """Make the secret and return it, once; only its keyed digest stays (HMAC-SM3, domain.md 4.3).

    Only the owner may. Raises HouseError when it was collected before, has expired or was revoked.
    """
    row = ApiToken.objects.select_for_update(of=("self",)).select_related(
        "appointment", "organisation"
    ).get(pk=token.pk)  # fmt: skip
    if by.person_id != row.appointment.person_id:
        raise PermissionDenied(_("只有令牌所属的本人可以领取密钥。"))
    if row.state_on() != ApiToken.State.WAITING:
        raise HouseError(_("密钥只显示一次，已经领取或令牌已失效。需要新的密钥，请另行申请。"))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row.digest, row.hint = digest(secret, PURPOSE), secret[:HINT_SIGNS]
    row.collected_at = timezone.now()
    row.save(update_fields=["digest", "hint", "collected_at"])
    _record("collect_api_token", row, by)
    return secret


@audit.deed()
def revoke(token: ApiToken, *, by: Any, note: str = "") -> None:
    """End a token at once; its next request is refused. Repeating it changes nothing.

    The owner may, and whoever holds the right to secure where it reads.
    """
    row = ApiToken.objects.select_for_update(of=("self",)).select_related(
        "appointment", "organisation"
    ).get(pk=token.pk)  # fmt: skip
    if by is not None and by.person_id != row.appointment.person_id:
        require(by, Word.SECURE, row.organisation.path)
    if row.revoked_at is not None:
        return
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    _record("revoke_api_token", row, by, note=note.strip()[:200])


def recognise(secret: str) -> ApiToken:
    """The token with this secret, in force today, its owner's account beside it; one statement.

    Raises UnknownToken for a secret that was never given out, HouseError for a token that has
    expired, was revoked, or whose owner no longer serves where it was granted (`reliability.md` T17).
    """
    unknown = UnknownToken(_("令牌无效。请检查是否完整复制。"))
    if not secret.startswith(PREFIX) or len(secret) > LONGEST_SECRET:
        raise unknown
    token = (
        ApiToken.objects.filter(digest=digest(secret, PURPOSE))
        .select_related("appointment__role", "appointment__person__user", "organisation")
        .first()
    )
    if token is None:
        raise unknown
    state = token.state_on()
    if state != ApiToken.State.ACTIVE:
        raise HouseError(_("令牌%(state)s，请联系安全管理员。") % {"state": state.label})
    post = token.appointment
    if not post.person.user.is_active or not post.role.is_enabled or not _is_served(post):
        raise HouseError(_("令牌所依据的任职已经结束，请联系安全管理员。"))
    return token


def note_use(token: ApiToken) -> None:
    """Remember that it was used; written at most once in five minutes."""
    now = timezone.now()
    if token.last_used_at is not None and now - token.last_used_at < USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def may_revoke(user: Any, token: ApiToken) -> bool:
    """Whether the token is the user's own, or lies where the user secures."""
    own = user.person_id == token.appointment.person_id
    return own or may(user, Word.SECURE, token.organisation.path)


def _is_served(post: Appointment) -> bool:
    today = timezone.localdate()
    return post.started_on <= today and (post.ended_on is None or post.ended_on > today)


def _refuse_unfit_day(expires_on: date) -> None:
    today = timezone.localdate()
    if expires_on <= today:
        raise HouseError(_("到期日期须晚于今天。"))
    if expires_on > today + timedelta(days=MOST_DAYS):
        raise HouseError(_("令牌最长使用一年，到期后重新批准。"))


def _record(verb: str, token: ApiToken, by: Any, **detail: Any) -> None:
    audit.record(
        verb,
        by=by,
        subject=f"api_token:{token.pk}",
        organisation_path=token.organisation.path,
        detail={"name": token.name, "person": token.appointment.person_id, **detail},
    )
