"""Every example of the guide works as it is written."""

import re
import shlex

import pytest

from tests.api.conftest import Cases
from tests.api.programs import secret_of, with_secret
from tests.cast import Cast
from tests.house.reading import ROOT

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl .*$", GUIDE, re.MULTILINE)


def test_the_guide_has_an_example_for_every_list() -> None:
    for name in ("complaints", "organisations", "grids", "categories"):
        assert any(f"/api/v1/{name}/" in line for line in EXAMPLES), name


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_answers(line: str, office: Cast, cases: Cases) -> None:
    secret = secret_of(office.chen)
    _curl, *words = shlex.split(line.replace("$TOKEN", secret).replace("$PORTAL", ""))
    headers = [words[place + 1] for place, word in enumerate(words) if word == "-H"]
    named = dict(header.split(": ", 1) for header in headers)

    assert named.pop("Authorization") == f"Bearer {secret}"
    answer = with_secret(secret, **named).get(words[-1])
    said = answer.json()
    if "limit=0" in line:
        assert answer.status_code == 400 and said["errors"]["limit"]
    else:
        assert answer.status_code == 200
        assert said["grids"] if line.endswith('v1/"') else said["results"] or "0504" not in line
