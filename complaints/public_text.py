"""Public text: what may point to a person, found by rules, and the words to put in its place.

Pure: knows no table. A rule that finds too much costs a clerk a second; one that finds too little
shows a neighbour to the whole street, so in doubt a rule finds (`domain.md` 4.1, PIPL 25).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PHONE, ID_NUMBER, LONG_NUMBER = "phone", "id_number", "long_number"
MAIL, PLATE, ROOM, NAME, ADDRESSED = "mail", "plate", "room", "name", "addressed"
# Numbers that belong to one person, whoever reads.
NUMBERS = (PHONE, ID_NUMBER)
LABELS = {
    PHONE: gettext_lazy("电话号码"),
    ID_NUMBER: gettext_lazy("证件号码"),
    LONG_NUMBER: gettext_lazy("长串数字"),
    MAIL: gettext_lazy("邮箱或社交账号"),
    PLATE: gettext_lazy("车牌号"),
    ROOM: gettext_lazy("楼栋门牌"),
    NAME: gettext_lazy("姓名"),
    ADDRESSED: gettext_lazy("对个人的称呼"),
}
# Chinese text writes digits in full width as well; each stands for one sign, so places stay true.
NARROW = str.maketrans("０１２３４５６７８９－（）＠．", "0123456789-()@.")
GAP = r"[\s\-·.]?"
COUNT = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,4})"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎"
    "鲁韦昌马苗方俞任袁柳史唐费岑薛雷贺倪汤罗毕郝安常乐于傅齐康伍余顾孟平黄穆萧尹姚邵汪毛狄米明臧计成"
    "戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童颜郭梅盛林钟徐邱骆高夏蔡田胡凌霍万柯管卢莫房缪解应丁宣邓"
    "单杭洪包左石崔吉龚程裴陆荣翁段侯宁仇武刘景龙叶白赖卓屠乔谭温庄阎连习向古易戈廖耿满匡文聂曾关"
)
TITLES = "先生|女士|小姐|大爷|大娘|大妈|阿姨|奶奶|爷爷|叔叔|老师|师傅|老人|同志|某某|某"

# In the order in which they win: a longer fact hides the shorter one inside it.
RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (ID_NUMBER, re.compile(rf"(?<!\d)\d{{6}}{GAP}(?:19|20)\d{{2}}{GAP}\d{{4}}{GAP}\d{{3}}[\dXx](?![\dA-Za-z])"), ""),
    (ID_NUMBER, re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])|(?<![A-Za-z])[EGHMehgm]\d{8}(?!\d)"), ""),
    (PHONE, re.compile(rf"(?<!\d)(?:\+?86{GAP})?1[3-9]\d(?:{GAP}\d){{8}}(?!\d)"), ""),
    (PHONE, re.compile(r"(?<!\d)\(?0\d{2,3}\)?[\s\-]?\d{7,8}(?!\d)"), ""),
    (MAIL, re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?:微信|QQ|qq)号?\s*[:：]?\s*[A-Za-z0-9_-]{5,}"), ""),
    (PLATE, re.compile(rf"[{PROVINCES}]\s?[A-HJ-NP-Za-hj-np-z]\s?[·•.\-]?\s?[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}(?![A-Za-z0-9])"), "某车辆"),
    (ROOM, re.compile(
        rf"(?:{COUNT}\s?(?:号楼|栋|幢|座|#楼|#|号院)\s?)(?:{COUNT}\s?单元\s?)?(?:{COUNT}\s?(?:室|户|号|房|楼|层)?)?"
        rf"|{COUNT}\s?单元\s?(?:{COUNT}\s?(?:室|户|号|房|楼|层)?)?"
        rf"|(?<![\d.])\d{{3,4}}\s?(?:室|户|房)"
        rf"|(?<!\d)\d{{1,3}}[-－#]\d{{1,2}}[-－]\d{{3,4}}(?!\d)"), ""),
    (LONG_NUMBER, re.compile(r"\d{7,}"), ""),
    (ADDRESSED, re.compile(rf"[{SURNAMES}](?:{TITLES})|老[{SURNAMES}](?=[说称讲住]|家|反映|表示|[，。、；！？\s]|$)"), "居民"),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Words of a text that may point to a person, where they stand, and what to say instead."""

    kind: str
    start: int
    end: int
    text: str
    instead: str

    @property
    def label(self) -> str:
        """What kind of words these are."""
        return str(LABELS[self.kind])


def personal_words(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """What in `text` may point to a person, in the order of the text.

    `names` are people known to belong to the matter: the caller, those who handled it.
    """
    narrow = text.translate(NARROW)
    found: list[Finding] = []
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    rules = [(NAME, re.compile(re.escape(name)), _("居民")) for name in known]
    for kind, pattern, instead in (*rules, *RULES):
        for match in pattern.finditer(narrow):
            start, end = match.span()
            while end > start and text[end - 1].isspace():
                end -= 1
            if end > start and not any(start < one.end and one.start < end for one in found):
                found.append(Finding(kind, start, end, text[start:end], instead))
    return sorted(found, key=lambda one: one.start)


def proposal(text: str, names: Iterable[str] = ()) -> str:
    """The text with other words in the place of all that was found; the clerk may go on from it."""
    names = list(names)
    for one in reversed(personal_words(text, names)):
        text = text[: one.start] + one.instead + text[one.end :]
    text = re.sub(r"[（(]\s*[)）]", "", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def marked(text: str, names: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The text in pieces, each with what was found in it ("" for plain words), for a page."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for one in personal_words(text, names):
        pieces += [(text[at : one.start], ""), (one.text, one.label)]
        at = one.end
    return [piece for piece in (*pieces, (text[at:], "")) if piece[0]]
