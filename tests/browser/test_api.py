"""The interface's page in a real Chromium: drawn whole under the strict content policy."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.api.programs import secret_of, with_secret
from tests.cast import build_cast
from tests.desk import BACKEND

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_document_is_drawn_and_its_line_is_answered(
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
    expect(page.locator(".api-operation")).to_have_count(9)
    page.locator(".api-operation", has_text="/api/v1/grids/").first.locator("summary").click()
    expect(page.locator("#grids_list")).to_contain_text("tier")
    picture(page, "api-documentation")
    line = page.locator("#grids_list .api-line").inner_text()
    address = line.split('"$PORTAL')[1].rstrip('"')
    said = with_secret(secret).get(address)
    assert [row["name"] for row in said.json()["results"]][:1] == ["东园第一网格"]
