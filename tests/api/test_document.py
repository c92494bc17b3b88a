"""The document says what the interface does; what it generates breaks nothing."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from complaints.api.complaints import Complaints
from complaints.choices import Stage
from governance.models import ApiToken
from portal.api_document import field_of, kind_of
from tests.api.conftest import Cases
from tests.api.programs import secret_of, with_secret
from tests.cast import Cast, account
from tests.desk import signed_in
from tests.house.reading import ROOT

ADDRESS = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EVERYDAY, HEAVY = 5, 300


def test_the_document_is_valid_and_without_a_warning() -> None:
    written = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=written)

    text = written.getvalue()
    assert text.startswith("openapi: 3.1.0")
    for address in ("complaints", "organisations", "grids", "categories"):
        assert f"  /api/v1/{address}/:" in text


def test_a_program_and_a_desk_read_the_document_and_nobody_else(office: Cast) -> None:
    secret = secret_of(office.chen, areas=["grids"])

    for reader in (with_secret(secret), signed_in(office.chen)):
        said = reader.get(ADDRESS)
        assert said.status_code == 200 and said.json()["openapi"] == "3.1.0"
    for stranger in (Client(), with_secret("grid_" + "x" * 43)):
        assert stranger.get(ADDRESS).status_code == 401
    assert signed_in(office.gu).get(ADDRESS).status_code == 403


def test_the_page_is_for_desks_and_loads_only_files_of_this_server(office: Cast) -> None:
    page = signed_in(office.chen).get("/api/v1/docs/")
    text = page.content.decode()

    assert page.status_code == 200 and "http" not in text
    assert "unsafe" not in page["Content-Security-Policy"]
    assert Client().get("/api/v1/docs/")["Location"].startswith("/accounts/login/")
    assert signed_in(office.gu).get("/api/v1/docs/").status_code == 403
    assert with_secret(secret_of(office.chen)).get("/api/v1/docs/").status_code == 302


def test_the_page_says_all_that_the_document_says(office: Cast) -> None:
    client = signed_in(office.chen)
    document, page = client.get(ADDRESS).json(), client.get("/api/v1/docs/")
    text = unescape(page.content.decode())

    assert [one.address for one in page.context["operations"]] == list(document["paths"])
    for address, methods in document["paths"].items():
        assert f"<code>{address}</code>" in text
        for parameter in methods["get"].get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in text
    for value, label in Stage.choices:
        assert f"<code>{value}</code> {label}" in text
    for column in document["components"]["schemas"]["ComplaintRow"]["properties"]:
        assert f"<code>{column}</code>" in text


def test_fields_are_named_as_programs_call_them() -> None:
    known = {
        "Colour": {"type": "string", "enum": ["red"], "description": "* `red` - 红"},
        "Nothing": {"enum": [""]},
        "Row": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {}}},
    }
    colour = {
        "oneOf": [{"$ref": "#/components/schemas/Colour"}, {"$ref": "#/components/schemas/Nothing"}]
    }
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
    moment = {"type": ["string", "null"], "format": "date-time"}
    number = {"type": "integer", "minimum": 1, "maximum": 200}

    field = field_of("colour", colour, known, {"description": "颜色"}, False)
    assert (field.kind, field.words, field.choices) == ("string", "颜色", (("red", "红"),))
    kinds = [kind_of(one, known) for one in (rows, moment, number)]
    assert kinds == ["{id, name}[]", "string (date-time)", "integer 1–200"]


def test_its_words_follow_the_readers_language(office: Cast) -> None:
    client = signed_in(account("史磊", "system", "system_admin", office.street))
    text = json.dumps(client.get(ADDRESS).json(), ensure_ascii=False)

    assert "* `handling` - 办理中" in text


@contextmanager
def no_budget(secret: str) -> Iterator[dict[str, str]]:
    """The headers of a token that may ask as fast as the machine answers.

    Meanwhile requests leave the connection open: the test's own transaction lives in it.
    """
    ApiToken.objects.update(requests_per_minute=32_000)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield headers_with(secret)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def headers_with(secret: str) -> dict[str, str]:
    """What every request sends."""
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}


def faults(headers: dict[str, str], examples: int) -> tuple[int, list[str]]:
    """How many requests were made from the document, and what was wrong with the answers."""
    schema = schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application(), headers=headers)
    asked, found = [0], []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(max_examples=examples, deadline=None, derandomize=True, database=None,
                      suppress_health_check=list(HealthCheck), report_multiple_bugs=False)  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                asked[0] += 1
                case.call_and_validate(headers=headers, checks=CHECKS)

            try:
                ask()
            except (FailureGroup, Exception) as fault:
                told = [str(one) for one in getattr(fault, "exceptions", [fault])]
                found.append(f"{operation.label}: {told}")
    return asked[0], found


def test_nothing_that_the_document_allows_or_forbids_breaks_the_house(
    office: Cast, cases: Cases, request: pytest.FixtureRequest
) -> None:
    examples = HEAVY if request.config.getoption("--full") else EVERYDAY
    with no_budget(secret_of(office.chen)) as headers:
        asked, found = faults(headers, examples)

    assert found == []
    assert asked > 9 * examples, asked


def test_a_view_that_breaks_is_seen(
    office: Cast, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(Complaints, "get_queryset", lambda view: 1 / 0)

    with no_budget(secret_of(office.chen)) as headers:
        _asked, found = faults(headers, 2)
    assert found and all("/complaints/" in fault and "500" in fault for fault in found)


def test_the_guide_names_every_list_and_every_parameter(office: Cast) -> None:
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    document = signed_in(office.chen).get(ADDRESS).json()

    for address, methods in document["paths"].items():
        assert address in guide, address
        asked = [one for one in methods["get"].get("parameters", []) if one["in"] == "query"]
        for parameter in asked:
            assert f"`{parameter['name']}`" in guide, parameter["name"]
    fields = document["components"]["schemas"]["ComplaintRow"]["properties"]
    assert [name for name in fields if f"`{name}`" not in guide] == []
