"""Every sentence is marked for translation, stands in the English catalogue and is sound there."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from portal.messages import Found, counted_and_not, gathered, kept, missing_from, sentences
from tests.house.reading import ROOT
from tests.house.unmarked import (
    CHINESE,
    chinese_days_in_templates,
    chinese_in_scripts,
    unmarked_in_code,
    unmarked_in_templates,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
# "%(count)s cases" is wrong for one case; such a sentence needs `ngettext` and two forms.
COUNTED = re.compile(
    r"%\((?:count|shown|days|hours|minutes|unused|age)\)s (?!is\b|was\b|has\b)\w+s\b"
)
# What an English reader must see in Chinese: a name of a column, an example of what is typed.
CHINESE_ON_PURPOSE = (
    "“处理结果”",
    "“工单编号、诉求内容、派发时间”",
    "东园花园3号楼2单元",
    "3号楼2单元501",
    "2025年9月11日 14时29分",
    "【街道】",
    "【标题】",
    "【办结日期】",
    "【承办单位】",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return kept()


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return list(sentences())


@pytest.fixture(scope="module")
def everything(found: list[Found]) -> Catalog:
    return gathered(found)


def forms(message: Message) -> list[str]:
    """The English of a message, one for each number it speaks of."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def chinese(message: Message) -> str:
    """The Chinese sentence, which is the key."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with the catalogue, sentence by sentence."""
    return [
        f"{chinese(message)} → {english}: {fault}"
        for message in catalogue
        if message.id
        for english in forms(message)
        if (fault := fault_of(message, english))
    ]


def fault_of(message: Message, english: str) -> str:
    """The first thing wrong with one English sentence, or nothing."""
    bare = english
    for allowed in CHINESE_ON_PURPOSE:
        bare = bare.replace(allowed, "")
    if not english.strip():
        return "missing"
    if message.fuzzy:
        return "unsure"
    if sorted(PLACEHOLDER.findall(chinese(message))) != sorted(PLACEHOLDER.findall(english)):
        return "other placeholders"
    if CHINESE.search(bare):
        return "still Chinese"
    if isinstance(message.id, tuple) and len(forms(message)) != 2:
        return "no plural"
    if not isinstance(message.id, tuple) and COUNTED.search(english):
        return "one form for all numbers"
    return ""


def test_the_catalogue_knows_every_sentence_of_code_and_templates(
    catalogue: Catalog, everything: Catalog
) -> None:
    assert missing_from(catalogue, everything) == [], "python3 manage.py gather_messages"


def test_a_sentence_that_is_not_in_the_catalogue_is_found(everything: Catalog) -> None:
    known = deepcopy(everything)
    known.delete("受理")
    assert missing_from(known, everything) == ["受理"]


def test_every_sentence_has_sound_english(catalogue: Catalog) -> None:
    assert faults(catalogue) == []


def test_the_catalogue_is_sure_of_itself_and_has_two_forms(catalogue: Catalog) -> None:
    assert not catalogue.fuzzy
    assert catalogue.num_plurals == 2


@pytest.mark.parametrize(
    ("sentence", "english", "fault"),
    [
        ("受理", "", "missing"),
        ("第%(round)s轮", "Round", "other placeholders"),
        ("受理", "Accept 受理", "still Chinese"),
        ("剩 %(days)s 天", "%(days)s days left", "one form for all numbers"),
        (("剩 %(days)s 天", "剩 %(days)s 天"), ("%(days)s day left", ""), "missing"),
    ],
)
def test_the_watcher_sees_each_fault(sentence, english, fault) -> None:
    small = Catalog(locale="en")
    small.add("受理诉求", "Accept the case")
    small.add(sentence, english)

    found = faults(small)

    assert len(found) == 1
    assert found[0].endswith(f": {fault}")


def test_what_is_counted_in_one_place_is_counted_in_all(found: list[Found]) -> None:
    assert counted_and_not(found) == []
    assert counted_and_not(
        [
            ("a.py", ("%(n)s 件", "%(n)s 件"), None),
            ("b.html", "%(n)s 件", None),
            ("c.py", "件", None),
        ]
    ) == ["b.html %(n)s 件"]


def test_no_sentence_for_people_escapes_translation() -> None:
    assert unmarked_in_code(ROOT) == []
    assert unmarked_in_templates(ROOT) == []
    assert chinese_days_in_templates(ROOT) == []
    assert chinese_in_scripts(ROOT) == []


def test_the_watcher_sees_what_is_not_marked_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    room = tmp_path / "complaints"
    room.mkdir()
    (tmp_path / "templates").mkdir()
    (room / "a.py").write_text(
        '"""关于诉求。"""\nX = _("受理")\n# 注\nY = "派单"\n', encoding="utf-8"
    )
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "a.js").write_text(
        "// 注\nsay('定位'); // 注\n", encoding="utf-8"
    )
    (tmp_path / "templates" / "a.html").write_text(
        '{# 注 #}{% translate "受理" %}\n<p title="派单">\n{{ x|default:_("无") }}{{ y|date:"n月" }}',
        encoding="utf-8",
    )

    assert unmarked_in_code(tmp_path) == ["complaints/a.py:4 派单"]
    assert unmarked_in_templates(tmp_path)[0] == 'templates/a.html:2 <p title="派单">'
    assert chinese_days_in_templates(tmp_path) == ['templates/a.html: date:"n月']
    assert chinese_in_scripts(tmp_path) == ["a.js:2 say('定位'); // 注"]
