"""Guessing: which category, place and unit a row of the city's spreadsheet speaks of."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.models import Category
from complaints.services.imports.rows import Order
from governance.models import Organisation
from governance.models.reach import beneath
from grids.addresses import NameIndex, name_key, plain
from grids.selectors import Certainty, Place, bulk_place_finder

PARTS = re.compile(r"[/、]")
READ_OF_TEXT = 600
LEAST_SCORE = 3
TITLE_WEIGHT = 3
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """What is known of an order's category and place, and a hint for what is not."""

    category: Category | None
    place: Place
    hint: str
    is_place_known: bool


class CategoryFinder:
    """Leaves by code, by name, by a part of a name; else by the everyday words of each leaf."""

    def __init__(self, subdistrict: Organisation) -> None:
        rows = Category.objects.filter(
            Q(subdistrict=None) | Q(subdistrict=subdistrict), is_leaf=True, is_enabled=True
        ).select_related("parent__parent")
        ordered = sorted(rows, key=lambda row: row.subdistrict_id is not None)
        self.leaves = {row.code: row for row in ordered}
        self.named: dict[str, set[str]] = defaultdict(set)
        words: list[tuple[str, str]] = []
        for code, leaf in self.leaves.items():
            keywords = [name_key(word) for word in leaf.keywords.split()]
            parts = [name_key(part) for part in PARTS.split(leaf.name)]
            for name in {name_key(leaf.name), *parts, *keywords}:
                self.named[name].add(code)
            words += [(word, code) for word in {*parts, *keywords}]
        self.words = NameIndex(words)

    def exact(self, order: Order) -> Category | None:
        """The leaf that the city's own category names, when it names exactly one."""
        above = name_key(order.get("category_main"))
        for text in (order.get("category_sub"), order.get("category_main")):
            codes = {text} & self.leaves.keys() or self.named.get(name_key(text), set())
            if len(codes) > 1:
                codes = {code for code in codes if above in self._branches(code)}
            if len(codes) == 1:
                return self.leaves[next(iter(codes))]
        return None

    def likely(self, order: Order) -> list[Category]:
        """The leaves whose everyday words the order uses, best first; two at most."""
        points: Counter[str] = Counter()
        title = f"{order.matter} {order.get('title')}"
        for text, weight in ((title, TITLE_WEIGHT), (order.get("text")[:READ_OF_TEXT], 1)):
            used = dict(self._used(text))
            for word, codes in used.items():
                for code in codes:
                    points[code] += len(word) * weight
        best = [(score, code) for code, score in points.items() if score >= LEAST_SCORE]
        best.sort(key=lambda pair: (-pair[0], pair[1]))
        return [self.leaves[code] for _score, code in best[:MOST_NAMED]]

    def _used(self, text: str) -> Iterable[tuple[str, set[str]]]:
        whole = plain(text)
        return ((whole[start:end], codes) for start, end, codes in self.words.found_in(whole))

    def _branches(self, code: str) -> set[str]:
        middle = self.leaves[code].parent
        top = middle.parent if middle else None
        return {name_key(node.name) for node in (middle, top) if node}


class UnitFinder:
    """Units of the street by the name the city uses for them."""

    def __init__(self, subdistrict: Organisation) -> None:
        units = Organisation.objects.current().filter(
            beneath("path", [subdistrict.path]), Q(level=None) | Q(level=2)
        )
        names = {
            (name_key(name), unit.display_name)
            for unit in units
            for name in (unit.name, unit.short_name)
        }
        self.names = NameIndex(names)

    def find(self, text: str) -> str:
        """The unit a text names, the longest name first; "" when it names none or several."""
        hits = list(self.names.found_in(plain(text)))
        found = max(hits, key=lambda hit: hit[1] - hit[0], default=None)
        return next(iter(found[2])) if found and len(found[2]) == 1 else ""


class Guesser:
    """Reads the street once and then answers row after row without the database."""

    def __init__(self, subdistrict: Organisation) -> None:
        self.street = name_key(subdistrict.short_name or subdistrict.name)
        self.categories = CategoryFinder(subdistrict)
        self.units = UnitFinder(subdistrict)
        self.find_place: Callable[[str], Place] = bulk_place_finder(subdistrict)

    def guess(self, order: Order) -> Guess:
        """Category and place of an order, with a hint in the clerk's words for what is missing."""
        category = self.categories.exact(order)
        likely = [] if category else self.categories.likely(order)
        place = self.place_of(order)
        notes = [*self._about_category(category, likely, order), *self._about_place(place)]
        is_known = place.organisation is not None
        if any(leaf.is_confidential for leaf in [category, *likely] if leaf):
            # Who is complained about may serve at that very place; a clerk looks first.
            place, is_known = Place(), False
            notes.insert(0, _("疑似反映工作人员作风，请先判断是否按保密件办理"))
        notes += [*self._about_unit(order), *self._about_dates(order)]
        return Guess(category, place, "；".join(notes)[:200], is_known)

    def place_of(self, order: Order) -> Place:
        """The place the address column names, else the one the text names."""
        place = self.find_place(order.where) if order.where else Place()
        if place.organisation is None:
            words = f"{order.get('title')} {order.get('text')[:READ_OF_TEXT]}"
            in_text = self.find_place(words)
            if in_text.organisation is not None or not place.candidates:
                return in_text
        return place

    def _about_category(
        self, category: Category | None, likely: list[Category], order: Order
    ) -> list[str]:
        if category:
            if name_key(category.name) in {name_key(word) for word in order.matter.split(" / ")}:
                return []
            return [_("分类按来源“%(matter)s”判断，请核对") % {"matter": order.matter[-30:]}]
        names = "、".join(leaf.name for leaf in likely)
        if names:
            return [_("分类待定，可能是：%(names)s") % {"names": names}]
        if order.matter:
            return [_("分类待定，来源分类：%(matter)s") % {"matter": order.matter[:60]}]
        return [_("分类待定")]

    def _about_place(self, place: Place) -> list[str]:
        if place.organisation is not None:
            if place.certainty is Certainty.UNSURE:
                name = place.organisation.display_name
                return [_("地点按名称推测为%(name)s，请核对") % {"name": name}]
            return []
        names = "、".join(one.display_name for one in place.candidates[:MOST_NAMED])
        if names:
            return [_("地点不明，可能是：%(names)s") % {"names": names}]
        return [_("地点不明，请补充小区和楼号")]

    def _about_unit(self, order: Order) -> list[str]:
        notes = []
        street = order.street
        if street and self.street not in name_key(street):
            notes.append(_("来源标注属%(street)s，可退回来源") % {"street": street[:20]})
        if unit := order.get("unit"):
            own = self.units.find(unit)
            if own:
                notes.append(_("来源建议派给：%(unit)s") % {"unit": own})
            else:
                notes.append(_("来源承办单位：%(unit)s") % {"unit": unit[:30]})
        return notes

    def _about_dates(self, order: Order) -> list[str]:
        if order.happened_at and order.city_due_at and order.city_due_at <= order.happened_at:
            return [_("来源的承诺完成时间不晚于派发时间，请核对")]
        return []
