"""The interface's page in a real Chromium: drawn whole under the strict content policy."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.api.programs import secret_of
from tests.cast import build_cast
from tests.desk import BACKEND

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_document_is_drawn_and_tried_out(
    new_page: Callable[..., Page], picture: Callable[..., object]
) -> None:
    cast = build_cast()
    secret = secret_of(cast.chen)
    client = Client()
    client.force_login(cast.chen, BACKEND)
    page = new_page()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}]
    )

    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock")).to_have_count(9)
    picture(page, "api-documentation")
    page.locator(".btn.authorize").click()
    page.locator(".auth-container input").fill(secret)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()
    page.locator(".opblock", has_text="/api/v1/grids/").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text("东园第一网格")
