"""Every deed the house writes into the audit has a name there that an auditor can read."""

import ast

import pytest

from governance.admin.audit import VERBS
from governance.admin.audit_words import DEEDS, deed_words
from tests.house.reading import ROOT

FLOORS = ("governance", "grids", "residents", "complaints", "portal")


def recorded_verbs() -> set[str]:
    """The first words of every call of `record`, as far as they are written out."""
    found: set[str] = set()
    for floor in FLOORS:
        for file in (ROOT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("record", "_record"):
                    found |= {
                        one.value
                        for one in plain_words(node.args[0])
                        if isinstance(one.value, str) and one.value.isidentifier()
                    }
    return found


def plain_words(first: ast.expr) -> list[ast.Constant]:
    """The strings a verb may be; the pieces of a composed one are no verbs."""
    if isinstance(first, ast.Constant):
        return [first]
    if isinstance(first, ast.IfExp):
        return [*plain_words(first.body), *plain_words(first.orelse)]
    return []


def test_every_deed_of_the_audit_has_a_chinese_name() -> None:
    verbs = recorded_verbs()

    assert {"move_in_many", "reset_password", "make_place_code"} <= verbs
    assert [verb for verb in sorted(verbs) if verb not in VERBS and verb not in DEEDS] == []


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("change_reminderrule", "修改提醒规则"),
        ("add_category", "新增诉求分类"),
        ("unheard", "unheard"),
    ],
)
def test_a_row_without_a_deed_of_its_own_is_named_by_its_table(verb: str, words: str) -> None:
    assert deed_words(verb) == words
