"""What may point to a person is found, replaced, and never published."""

import pytest

from complaints.public_text import marked, personal_words, proposal

NAMES = ["李秀兰", "王强"]

FOUND = {
    "mobile": ("请打13900001011", "phone", "13900001011"),
    "mobile in groups": ("请打139 0000-1011。", "phone", "139 0000-1011"),
    "mobile in full width": ("请打１３９００００１０１１", "phone", "１３９００００１０１１"),
    "mobile with the country": ("+86 13900001011", "phone", "+86 13900001011"),
    "landline": ("0533-2345678", "phone", "0533-2345678"),
    "identity number": ("证号37030319900101123X", "id_number", "37030319900101123X"),
    "identity number in groups": ("370303 1990 0101 1234", "id_number", "370303 1990 0101 1234"),
    "passport": ("护照E12345678", "id_number", "E12345678"),
    "mail": ("写到a.b@example.com", "mail", "a.b@example.com"),
    "chat account": ("加微信：abc_def12", "mail", "微信：abc_def12"),
    "plate": ("鲁C·12345占道", "plate", "鲁C·12345"),
    "green plate": ("鲁CD12345占道", "plate", "鲁CD12345"),
    "building": ("3号楼楼道", "room", "3号楼"),
    "whole address": ("东园花园3号楼2单元501室漏水", "room", "3号楼2单元501室"),
    "chinese numbers": ("三号楼二单元漏水", "room", "三号楼二单元"),
    "room": ("家住502室", "room", "502室"),
    "short address": ("3-2-501门口", "room", "3-2-501"),
    "number of any kind": ("账号62220000", "long_number", "62220000"),
    "caller": ("李秀兰反映", "name", "李秀兰"),
    "handler": ("由王强处理", "name", "王强"),
    "title": ("王女士反映", "addressed", "王女士"),
    "neighbour": ("老张说没有解决", "addressed", "老张"),
    "hidden name": ("张某某占用", "addressed", "张某某"),
}


@pytest.mark.parametrize(("text", "kind", "words"), FOUND.values(), ids=FOUND)
def test_what_points_to_a_person_is_found(text: str, kind: str, words: str) -> None:
    found = personal_words(text, NAMES)
    assert [(one.kind, one.text) for one in found] == [(kind, words)]
    assert personal_words(proposal(text, NAMES), NAMES) == []


@pytest.mark.parametrize(
    "text",
    [
        "已清运垃圾5车12吨，2026年11月20日完成。",
        "2026-11-20 12:30 恢复供水。",
        "拨打12345热线反映。",
        "老旧小区改造，更换6号线电缆300米。",
        "修好1楼大厅灯3盏，单元门口路灯已亮。",
        "和平街道东园社区东园花园",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert personal_words(text, NAMES) == []
    assert proposal(text, NAMES) == text


def test_a_proposal_reads_on_and_the_page_shows_why() -> None:
    text = "李秀兰（13900001011）家住3号楼502室，鲁C12345已驶离。"
    assert proposal(text, NAMES) == "居民家住，某车辆已驶离。"
    labels = [label for _words, label in marked(text, NAMES) if label]
    assert labels == ["姓名", "电话号码", "楼栋门牌", "车牌号"]
    assert "".join(words for words, _label in marked(text, NAMES)) == text
