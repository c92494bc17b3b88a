"""What the house writes about itself holds no resident's secret."""

import logging

import pytest
from django.conf import settings

from portal.logs import WithoutSecrets

SECRET = "AfRNEKqANDw4raK3Oyqmhw"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("%s: %s", ("Conflict", f"/q/{SECRET}/rate/")),
        (f"Forbidden (CSRF token missing.): /q/{SECRET}/withdraw/", ()),
        ('"GET %s HTTP/1.1" 200', (f"/q/{SECRET}/?size=huge",)),
        ('"POST %s HTTP/1.1" 302', (f"/o/{SECRET}/",)),
    ],
)
def test_an_address_with_a_secret_is_written_with_stars(message: str, arguments: tuple) -> None:
    record = logging.LogRecord("django.request", 30, "", 0, message, arguments, None)

    assert WithoutSecrets().filter(record)
    assert SECRET not in record.getMessage()
    assert "/***" in record.getMessage()


def test_other_lines_stay_as_they_are_and_every_handler_is_guarded() -> None:
    record = logging.LogRecord("a", 30, "", 0, "Not Found: %s", ("/m/complaints/1/",), None)
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Not Found: /m/complaints/1/"
    for handler in settings.LOGGING["handlers"].values():
        assert "without_secrets" in handler["filters"]
