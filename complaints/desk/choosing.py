"""What the filters and forms of the desk offer: units, categories, and the fixed choices."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints import due
from complaints.choices import Source, Stage, Urgency
from complaints.models import Category
from complaints.services.defaults import NAME_BREAK
from governance.choices import Level, Word, words_of
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, roots
from governance.prepared import prepared
from governance.saying import said_once
from governance.selectors import streets_of


@dataclass(frozen=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: str
    group: str = ""
    path: str = ""


def filter_choices(user: Any) -> dict[str, list[Choice]]:
    """What the filters of the list offer; two statements."""
    units = [
        (str(pk), path, level, short_name or name)
        for pk, path, level, name, short_name in _units(paths=roots(user, Word.SEE))
    ]
    names = {path: name for _pk, path, level, name in units if level == Level.GRAND_COMMITTEE}
    return {
        **fixed_choices(),
        "community": [
            Choice(pk, name, path=path) for pk, path, _level, name in units if path in names
        ],
        "grid": [
            Choice(pk, name, names.get(path[:-SEGMENT], ""), path)
            for pk, path, level, name in units
            if level == Level.GRID_BRANCH
        ],
        "category": category_choices(user),
    }


@said_once
def fixed_choices() -> dict[str, list[Choice]]:
    """What is the same for everybody who speaks a language."""
    return {
        "stage": [Choice("open", _("未办结")), *stage_choices()],
        "source": [Choice(*pair) for pair in words_of(Source).items()],
        "urgency": [Choice(*pair) for pair in words_of(Urgency).items()],
        "clock": [Choice(band, str(label)) for band, label in due.LABELS.items()],
    }


@prepared
def _units(*, paths: Any) -> QuerySet[Any, Any]:
    units = Organisation.objects.within(paths).current().order_by("path")
    levels = (Level.GRAND_COMMITTEE, Level.GRID_BRANCH)
    return units.filter(level__in=levels).values_list("pk", "path", "level", "name", "short_name")


def stage_choices() -> list[Choice]:
    """The stages in the order of a case's life."""
    return [Choice(*pair) for pair in words_of(Stage).items() if pair[0] != Stage.DRAFT]


def category_choices(user: Any) -> list[Choice]:
    """The leaves of the category tree, grouped by what stands above them; one statement."""
    streets = streets_of(user, [Word.SEE])
    leaves = _leaves(streets=streets) if streets else []
    return [
        Choice(str(pk), name, full_name.rpartition(NAME_BREAK)[0]) for pk, name, full_name in leaves
    ]


def category_words(user: Any) -> dict[str, str]:
    """By which words of a text each leaf is found, under its id; one statement."""
    streets = streets_of(user, [Word.SEE])
    leaves = _leaves_with_words(streets=streets) if streets else []
    return {str(pk): words for pk, words in leaves if words}


@prepared
def _leaves_with_words(*, streets: Any) -> QuerySet[Any, Any]:
    rows = Category.objects.filter(Q(subdistrict=None) | beneath("subdistrict__path", streets))
    return rows.filter(is_leaf=True, is_enabled=True).values_list("pk", "keywords")


@prepared
def _leaves(*, streets: Any) -> QuerySet[Any, Any]:
    rows = Category.objects.filter(Q(subdistrict=None) | beneath("subdistrict__path", streets))
    leaves = rows.filter(is_leaf=True, is_enabled=True).order_by("code")
    return leaves.values_list("pk", "name", "full_name")
