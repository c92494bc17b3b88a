"""Addresses as people write them: brought into one form, and their parts read out of a text.

Pure text; knows no table. 号楼, 幢, 栋, 座 and # mean the same, full and half width too, and
Chinese numerals are read as digits (`domain.md` 3.3).
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = re.compile("[〇零一二三四五六七八九十百]+")
SPACED_DIGITS = re.compile(r"(?<=[0-9])\s+(?=[0-9])")
DASHES = re.compile(r"[—–−―~﹣－_/\\|]+")
BRACKETS = str.maketrans("", "", "·•()[]【】《》〈〉“”‘’\"'*")
DECORATION = re.compile(r"[-.,。、#]+")

NUMBER = r"[A-Z]?[0-9]{1,4}[A-Z]?|[A-Z](?=[座栋幢号])|[甲乙丙丁][0-9]{0,3}"
# What follows a number that is no room: 12月, 501米, 100户居民.
NO_ROOM = r"(?![0-9-]|号楼|栋|幢|米|天|年|月|日|个|%|点|分|多|余|人|次|元|户[居人业住没都])"
DOOR = re.compile(
    # "3栋楼" counts buildings; "3号" and "3楼" name one only before a unit or a room.
    rf"(?:(?P<building>{NUMBER})(?:号楼|号院|[栋幢](?!楼)|座|#楼?|号(?=-?[0-9])|楼(?=[0-9]+单元))"
    r"|#(?P<hash>[0-9]{1,4})(?:号?楼)?)"
    r"-?(?:(?P<unit>[0-9]{1,2}|[A-Z])(?:单元|门(?![口前])|-(?=[0-9]{2,5})))?"
    rf"-?(?:[0-9]{{1,2}}[楼层]-?)?(?:(?P<room>[0-9]{{2,5}}[A-Z]?){NO_ROOM})?"
)
DASHED = re.compile(
    r"(?P<building>[A-Z]?[0-9]{1,3}[A-Z]?)(?:号楼|[栋幢座#])?"
    r"-(?:(?P<unit>[0-9]{1,2}|[A-Z])(?:单元)?-)?(?P<room>[0-9]{2,5}[A-Z]?)(?![0-9-])"
)
FILLER = re.compile(r"[-,:;的内里中]{0,3}(?:[东西南北]区|[0-9]区)?-?")


@dataclass(frozen=True, slots=True)
class Door:
    """What a text says about a door; "" for what it does not say."""

    building: str
    unit: str = ""
    room: str = ""


def plain(text: str) -> str:
    """One form for all: half width, capitals, Arabic digits, one kind of dash, no spaces."""
    text = unicodedata.normalize("NFKC", text).upper().translate(BRACKETS)
    text = SPACED_DIGITS.sub("-", text)
    text = DASHES.sub("-", "".join(text.split()))
    return NUMERAL.sub(lambda found: _digits(found[0]), text)


def _digits(numeral: str) -> str:
    """二十一 → 21, 五〇一 → 501, 一百零五 → 105; 百 alone is no number."""
    if not set(numeral) & {"十", "百"}:
        return "".join(str(DIGITS[sign]) for sign in numeral)
    if numeral[0] == "百":
        return numeral
    total, last = 0, 0
    for sign in numeral:
        if sign in "十百":
            total, last = total + (last or 1) * (10 if sign == "十" else 100), 0
        else:
            last = DIGITS[sign]
    return str(total + last)


def name_key(name: str) -> str:
    """By what the name of a compound or community is compared: 植物园 小区 = 植物园小区."""
    return DECORATION.sub("", plain(name))


@lru_cache(maxsize=2048)
def building_key(number: str) -> str:
    """三号楼 = 3栋 = 3幢 = #3 = 03 → "3"; A座 → "A"."""
    key = name_key(number)
    key = re.sub(r"(号楼|栋楼|号|栋|幢|座|楼)$", "", key)
    return key.lstrip("0") or key


@lru_cache(maxsize=2048)
def unit_key(unit: str) -> str:
    """二单元 → "2"; 无 and nothing → ""."""
    key = re.sub(r"(单元|门)$", "", name_key(unit))
    return "" if key == "无" else key.lstrip("0") or key


@lru_cache(maxsize=2048)
def room_number_key(room: str) -> str:
    """501室 → "501"."""
    return re.sub(r"(室|户|房|号)$", "", name_key(room))


def floor_of(room: str) -> int | None:
    """The floor that a room number tells: 501 → 5, 1203 → 12; None when it tells none."""
    digits = re.match(r"[0-9]{3,5}", room)
    return int(digits[0][:-2]) if digits else None


def room_key(compound_id: int, building: str, unit: str, room: str) -> str:
    """The one key of a dwelling, e.g. `12|3|2|501`; two streets may name compounds alike."""
    return "|".join(
        (str(compound_id), building_key(building), unit_key(unit), room_number_key(room))
    )


def door_at(text: str, start: int = 0) -> Door | None:
    """The door written right at `start` of a plain text: `3号楼2单元501`, `3-2-501`."""
    start = FILLER.match(text, start).end()  # type: ignore[union-attr]  # matches the empty text
    return _door(DASHED.match(text, start) or DOOR.match(text, start))


def door_after(text: str, start: int, end: int) -> Door | None:
    """The first door within a stretch of a plain text; a dash alone is not trusted there."""
    return _door(DOOR.search(text, start, end))


def _door(found: re.Match[str] | None) -> Door | None:
    if found is None:
        return None
    parts = found.groupdict()
    building = building_key(parts["building"] or parts.get("hash") or "")
    return Door(building, unit_key(parts["unit"] or ""), parts["room"] or "")


Named = TypeVar("Named", bound=Hashable)


class NameIndex(Generic[Named]):
    """Finds the longest of many names inside a text, in one walk along the text."""

    def __init__(self, names: Iterable[tuple[str, Named]]) -> None:
        self._by_start: dict[str, list[tuple[str, set[Named]]]] = {}
        self.names: dict[str, set[Named]] = {}
        for name, named in names:
            if len(name) >= 2:
                self.names.setdefault(name, set()).add(named)
        for name in sorted(self.names, key=len, reverse=True):
            self._by_start.setdefault(name[:2], []).append((name, self.names[name]))
        # The expression leaps from one possible first sign to the next; `(?!)` matches nowhere.
        firsts = "".join(re.escape(sign) for sign in sorted({name[0] for name in self.names}))
        self._first = re.compile(f"[{firsts}]" if firsts else "(?!)")

    def found_in(self, text: str) -> Iterator[tuple[int, int, set[Named]]]:
        """Start, end and meaning of every name in a plain text; longest first at each place."""
        possible = self._first.search(text)
        while possible:
            start = end = possible.start()
            for name, named in self._by_start.get(text[start : start + 2], ()):
                if text.startswith(name, start):
                    end = start + len(name)
                    yield start, end, named
                    break
            possible = self._first.search(text, max(end, start + 1))
