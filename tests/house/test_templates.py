"""Pages obey the strict content policy, and text from people is never trusted."""

import re
from pathlib import Path

import pytest

from tests.house.reading import ROOT

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "script without a file": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "address that is a script": re.compile(r"javascript:", re.IGNORECASE),
    "foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    # The help of a field is written in the code, as Django expects it; nothing else is trusted.
    "text that is trusted": re.compile(r"(?<!\.help_text)\|\s*safe\b|autoescape\s+off"),
}


def faults(root: Path) -> list[str]:
    """Every place in the templates below `root` that breaks one of the rules."""
    return [
        f"{path.relative_to(root)}:{text[: found.start()].count(chr(10)) + 1} {name}"
        for path in sorted(root.rglob("*.html"))
        for text in [path.read_text(encoding="utf-8")]
        for name, pattern in FORBIDDEN.items()
        for found in pattern.finditer(text)
    ]


def test_no_template_breaks_the_content_policy_or_trusts_text():
    assert faults(ROOT / "templates") == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("inline style", '<p style="color: red">'),
        ("style element", "<style>p { color: red }</style>"),
        ("script without a file", "<script>go()</script>"),
        ("handler in an attribute", '<button type="button" onclick="go()">'),
        ("address that is a script", '<a href="javascript:go()">'),
        ("foreign address", '<script src="//elsewhere.example/x.js"></script>'),
        ("text that is trusted", "{{ complaint.text|safe }}"),
    ],
)
def test_the_watcher_sees_each_fault_and_leaves_a_good_page_alone(tmp_path, name, line):
    good = '<p class="on" data-on="1">{{ text }}</p><script src="{% static "js/a.js" %}"></script>'
    (tmp_path / "page.html").write_text(f"<h1>x</h1>\n{line}\n{good}\n")

    assert faults(tmp_path) == [f"page.html:2 {name}"]
