"""Signing in: nobody registers alone, and a password has three of four kinds of characters."""

import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from governance.models import User
from governance.privacy import seal, unseal

SECOND_FACTOR = "second-factor"
# Without the signs that are taken for one another when somebody reads them from a slip of paper.
EASY_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by an appointment, never taken at the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes for account and address, not here for the account."""

    def set_password(self, user: User, password: str) -> None:
        """A password of one's own ends the duty to choose one."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """One counter of wrong passwords for all spellings that the sign-in page takes for one account."""
    given = (credentials or {}).get("username") or request.POST.get("username")
    return str(given).strip().lower() if given else None


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secret of the second factor lies sealed, like every other secret of a person."""

    def encrypt(self, text: str) -> str:
        return seal(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, SECOND_FACTOR)


def not_here(request: HttpRequest) -> HttpResponse:
    """Pages that the library links to and this house does not have."""
    raise Http404


class CharacterClasses:
    """At least three of: lower case, upper case, digits, other signs (domain.md 4.2)."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password made of fewer than three kinds of characters."""
        kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
        if sum(any(kind(sign) for sign in password) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("密码须包含小写字母、大写字母、数字、其他符号中的至少三类。")


def random_password() -> str:
    """A first password that is easy to type from paper and always passes `CharacterClasses`.

    Twelve random signs, about 59 bits, in groups of four behind a word with a capital letter.
    """
    groups = ("".join(secrets.choice(EASY_SIGNS) for _ in range(4)) for _ in range(3))
    return "-".join(["Grid", *groups])
