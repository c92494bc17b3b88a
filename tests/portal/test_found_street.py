"""Founding a real street from nothing."""

import pytest
from django.core.management import CommandError, call_command

from governance.models import Organisation, User
from governance.models.reach import may, roots

STREET = {
    "name": "和平街道党工委",
    "short_name": "和平街道",
    "short_code": "hp",
    "person": "高原",
    "username": "gaoyuan",
}


@pytest.mark.django_db
def test_a_street_stands_with_one_administrator_who_must_change_the_password(capsys) -> None:
    call_command("found_street", **STREET)
    street, user = Organisation.objects.get(), User.objects.get()
    password = capsys.readouterr().out.split("初始密码 ")[1].split("（")[0]
    assert (street.short_code, street.level) == ("HP", 1)
    assert user.check_password(password)
    assert user.must_change_password
    assert may(user, "manage", street.path)
    assert roots(user, "see") == []


@pytest.mark.django_db
def test_a_second_try_with_the_same_account_or_code_changes_nothing() -> None:
    call_command("found_street", **STREET)
    with pytest.raises(CommandError, match="账号"):
        call_command("found_street", **STREET)
    with pytest.raises(CommandError, match="简码"):
        call_command("found_street", **(STREET | {"username": "other"}))
    assert Organisation.objects.count() == User.objects.count() == 1
