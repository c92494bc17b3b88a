"""Signing in with a real browser, at the desk and on a phone."""

import pytest

from governance.services import people

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "Heping-Street-2026"


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_person_signs_in_and_out_again(new_page, picture, phone):
    people.open_account(people.register("林岚", by=None), "lin", by=None, password=PASSWORD)
    page = new_page(phone=phone)
    page.goto("/accounts/login/")
    picture(page, f"login-{'phone' if phone else 'desk'}")
    page.locator("input[name=login]").fill("lin")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form[action='/accounts/login/'] button[type=submit]").click()
    page.wait_for_url(lambda address: "login" not in address)

    page.goto("/accounts/logout/")
    page.locator("form[action='/accounts/logout/'] button[type=submit]").click()
    page.locator("input[name=login]").wait_for()
    page.goto("/accounts/password/change/")

    assert "/accounts/login/" in page.url


def test_a_wrong_password_keeps_the_name_and_says_so(new_page):
    page = new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("lin")
    page.locator("input[name=password]").fill("wrong")
    page.locator("form[action='/accounts/login/'] button[type=submit]").click()

    assert page.locator("input[name=login]").input_value() == "lin"
    assert page.get_by_text("不正确").count() or page.locator(".errorlist, [role=alert]").count()
