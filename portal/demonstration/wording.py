"""What people say: invented complaints, replies and notes for every leaf of the category tree."""

import csv
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random

from complaints.choices import ResultKind, Source
from portal.demonstration import names

FOLDER = Path(__file__).resolve().parent

# When it happened, and from which hour of today one may say so.
WHEN = (
    ("昨天", 0), ("前天晚上", 0), ("这两天", 0), ("上周末", 0), ("昨天夜里", 0), ("这几天", 0),
    ("前几天", 0), ("昨天傍晚", 0), ("前天", 0), ("上周", 0),
    ("今天早上", 8), ("今天上午", 11), ("今天中午", 13), ("今天下午", 16), ("刚才", 8), ("今晚", 20),
)  # fmt: skip
DAYS = (
    "两三天", "三四天", "快一周", "一个多星期", "半个月", "快一个月", "四五天", "好几天", "十来天", "二十多天",
)  # fmt: skip
TIMES = (
    "早上五六点", "晚上十点多", "每天晚上", "早上七点来钟", "下午放学时", "半夜", "傍晚六点左右", "周末",
    "凌晨一两点", "中午十二点多", "晚上八点以后", "天刚亮",
)  # fmt: skip
OPENERS = {
    Source.HOTLINE: (
        "市民来电反映：", "来电人反映，", "诉求人来电：", "市民{hour}来电称，", "诉求人于{day}{hour}来电反映：",
        "市民反映：", "来电人住{compound}，反映：", "",
    ),
    Source.PLATFORM: ("平台转来：", "上级平台交办：", "转办件：", "区平台{day}转来：", ""),
    Source.PHONE: ("居民来电，", "电话反映：", "居民打来电话说，", "{compound}居民来电：", ""),
    Source.COUNTER: ("居民到窗口反映：", "来访人说，", "居民{hour}到大厅反映，", "一位老人来窗口说，"),
    Source.WEB: ("", "", "您好，", "网友留言：", "领导好，", "想反映个事，"),
    Source.QR: ("", "", "", "你好，", "扫码反映一下，", "社区你好，"),
    Source.PATROL: ("巡查发现并听居民反映：", "走访时居民反映，", "网格巡查：", "入户走访时了解到，", "{hour}巡查，"),
}  # fmt: skip
# Some matters are cried out, some are asked, some are a thank-you; the rest is complained about.
MOODS = {
    "urgent": ("030301", "040201", "020304", "040204", "050402", "050404", "070102", "070202"),
    "ask": (
        "030402", "040301", "040302", "040402", "070101", "070201", "070301", "070303", "070304",
        "070401", "080101", "080203", "080301", "100101", "100201",
    ),
    "thanks": ("100301",),
}  # fmt: skip
# Whose shops are meant: those that cook, and those that take money in advance.
KITCHENS = ("0101", "0102", "0301", "0501", "0602", "0601", "090101", "0701")
SERVED = ("090102", "050403", "050404", "070302")
# How often a complaint also says who suffers, what was tried before, where to look.
ASIDES = (("who", 0.32), ("history", 0.34), ("evidence", 0.24))


@dataclass
class Phrases:
    """What is said about one kind of matter: headlines, complaints, and what was done about it."""

    subject: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    """Where a matter lies, in words, and when it is told (local time)."""

    where: str
    compound: str
    road: str
    at: datetime


@lru_cache(maxsize=1)
def phrases() -> dict[str, Phrases]:
    """The invented phrases by code of the leaf."""
    found: dict[str, Phrases] = {}
    with (FOLDER / "phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            getattr(found.setdefault(row["code"], Phrases()), row["part"]).append(row["text"])
    return found


@lru_cache(maxsize=1)
def voices() -> dict[str, list[str]]:
    """What is said about any matter, by the occasion."""
    found: dict[str, list[str]] = {}
    with (FOLDER / "voices.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["pool"], []).append(row["text"])
    return found


def say(chance: Random, occasion: str, code: str = "") -> str:
    """One of the usual sentences of an occasion, in the mood of the matter where it has its own."""
    pools = voices()
    own = f"{occasion}_{mood_of(code)}" if code else occasion
    return chance.choice(pools.get(own) or pools[occasion])


def mood_of(code: str) -> str:
    """In which mood a matter is told."""
    return next((mood for mood, codes in MOODS.items() if code in codes), "plea")


def complaint_text(chance: Random, code: str, source: str, scene: Scene) -> str:
    """A complaint in everyday words, or in those of the clerk who wrote it down."""
    mood = mood_of(code)
    words = {
        "where": scene.where,
        "compound": scene.compound,
        "road": scene.road,
        "shop": chance.choice(shops_of(code)),
        "when": chance.choice([when for when, hour in WHEN if scene.at.hour >= hour]),
        "days": chance.choice(DAYS),
        "time": chance.choice(TIMES),
        "day": f"{scene.at.month}月{scene.at.day}日",
        "hour": f"{scene.at.hour}时许",
    }
    parts = [chance.choice(OPENERS[Source(source)]), chance.choice(phrases()[code].told)]
    if mood == "plea":
        parts += [say(chance, pool) for pool, share in ASIDES if chance.random() < share]
    is_order = source in (Source.HOTLINE, Source.PLATFORM) and mood == "plea"
    parts.append(say(chance, "order" if is_order else mood))
    return spoken("".join(parts).format(**words))


def shops_of(code: str) -> tuple[str, ...]:
    """Smoke comes from kitchens; cards are sold by gyms and schools."""
    if code.startswith(KITCHENS):
        return names.EATERIES
    return names.SERVICES if code.startswith(SERVED) else names.SHOPS


def spoken(text: str) -> str:
    """Two words that met in the middle are said once."""
    for twice, once in (("单元单元", "单元"), ("早上早上", "早上"), ("晚上晚上", "晚上")):
        text = text.replace(twice, once)
    return text


def title(chance: Random, code: str, scene: Scene) -> str:
    """A headline: the place and the matter."""
    place = scene.compound if chance.random() < 0.7 else scene.where
    return spoken(f"{place}{chance.choice(phrases()[code].subject)}")


def public_reply(
    chance: Random, code: str, kind: str, unit: str, *, scene: Scene, title: str, at: datetime
) -> str:
    """The answer a citizen reads; `at` is when it is written (local time)."""
    words = {
        "unit": unit,
        "title": title,
        "filed": f"{scene.at.month}月{scene.at.day}日",
        "on": f"{at.month}月{at.day}日",
    }
    is_asked = mood_of(code) == "ask"
    has_result = kind in (ResultKind.SOLVED, ResultKind.PARTLY)
    visit = "visit_true" if has_result and not is_asked and chance.random() < 0.4 else "visit"
    done = f"{chance.choice(phrases()[code].done)}。" if has_result else ""
    parts = (say(chance, "greeting"), say(chance, visit, code), done, say(chance, kind, code),
             say(chance, "thank"))  # fmt: skip
    return spoken("".join(parts).format(**words))
