"""A program for tests: a token in its owner's name, and a client that sends it."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from governance.choices import ApiArea
from governance.models import ApiToken, Organisation, User
from governance.services import tokens


def granted(user: User, **more: Any) -> ApiToken:
    """A token for the user's post, waiting to be collected."""
    values: dict[str, Any] = {
        "areas": ApiArea.values,
        "expires_on": timezone.localdate() + timedelta(days=90),
        "by": None,
    }
    return tokens.grant(user.person.appointments.get(), "每日同步", **(values | more))


def secret_of(user: User, **more: Any) -> str:
    """A collected token's secret."""
    return tokens.collect(granted(user, **more), by=user)


def program(user: User, **more: Any) -> Client:
    """A client that sends a token of the user with each request."""
    return with_secret(secret_of(user, **more))


def with_secret(secret: str, **headers: str) -> Client:
    """A client that sends this secret."""
    return Client(headers={"authorization": f"Bearer {secret}", **headers})


def read(client: Client, address: str, **query: Any) -> Any:
    """The JSON of an address that must answer."""
    answer = client.get(f"/api/v1/{address}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def numbers(client: Client, **query: Any) -> list[str]:
    """The numbers of the complaints on the first page."""
    return [row["number"] for row in read(client, "complaints/", **query)["results"]]


def narrow_to(organisation: Organisation) -> dict[str, Any]:
    """A token's reach as an argument of `granted`."""
    return {"organisation": organisation}
