"""The floors, the doors and the migrations keep the rules of the house."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import rules
from tests.house.reading import FLOORS, ROOT

Rule = Callable[[Path, str], list[str]]

RULES: list[Rule] = [
    rules.upward_imports,
    rules.imports_of_tests,
    rules.topics_out_of_order,
    rules.local_imports,
    rules.doors_past_reach,
    rules.uses_of_signals,
    rules.string_keys,
    rules.badly_named_migrations,
    rules.migrations_that_import_the_house,
    rules.modules_without_a_line,
]

# rule → file, a text that keeps the rule, a text that breaks it. The floor is `grids`.
CONTROLS: dict[Rule, tuple[str, str, str]] = {
    rules.upward_imports: (
        "grids/services/places.py",
        '"""x"""\nfrom governance.models import Person\n',
        '"""x"""\nfrom residents.models import Household\n',
    ),
    rules.imports_of_tests: (
        "grids/services/places.py",
        '"""x"""\nfrom governance import choices\n',
        '"""x"""\nfrom tests.cast import Street\n',
    ),
    rules.topics_out_of_order: (
        "grids/models/patrols.py",
        '"""x"""\nfrom grids.models.places import Grid\n',
        '"""x"""\nfrom grids.models.cameras import Camera\n',
    ),
    rules.local_imports: (
        "grids/services/places.py",
        '"""x"""\nimport json\n\ndef f():\n    return json\n',
        '"""x"""\n\ndef f():\n    import json\n    return json\n',
    ),
    rules.doors_past_reach: (
        "grids/admin/places.py",
        '"""x"""\ndef f(user):\n    return Grid.objects.visible_to(user, "see").filter(a=1)\n',
        '"""x"""\ndef f(user):\n    return Grid.objects.filter(a=1)\n',
    ),
    rules.uses_of_signals: (
        "grids/services/places.py",
        '"""x"""\nfrom django.db import transaction\n',
        '"""x"""\nfrom django.db.models.signals import post_save\n',
    ),
    rules.string_keys: (
        "grids/models/places.py",
        '"""x"""\nclass A:\n    above = models.ForeignKey("self", models.PROTECT)\n',
        '"""x"""\nclass A:\n    place = models.ForeignKey("governance.Organisation", models.PROTECT)\n',
    ),
    rules.badly_named_migrations: (
        "grids/migrations/0002_number_the_buildings.py",
        "",
        "",
    ),
    rules.migrations_that_import_the_house: (
        "grids/migrations/0002_number_the_buildings.py",
        "from django.db import migrations\n",
        "from governance import choices\n",
    ),
    rules.modules_without_a_line: (
        "grids/services/places.py",
        '"""Places."""\n',
        "import json\n",
    ),
}


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_floor_keeps_the_rule(rule: Rule, floor: str) -> None:
    assert rule(ROOT, floor) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_watcher_sees_a_broken_rule_and_leaves_a_kept_one_alone(
    rule: Rule, tmp_path: Path
) -> None:
    file, kept, broken = CONTROLS[rule]
    good, bad = tmp_path / "good", tmp_path / "bad"
    for root, text in ((good, kept), (bad, broken)):
        lay(root, "grids/models/__init__.py", contents("places", "patrols", "cameras"))
        for topic in ("places", "patrols", "cameras"):
            lay(root, f"grids/models/{topic}.py", '"""x"""\n')
        lay(root, file, text)
    if rule is rules.badly_named_migrations:
        lay(bad, "grids/migrations/0003_auto_20261123_1200.py", "")

    assert rule(good, "grids") == []
    assert len(rule(bad, "grids")) == 1


def test_a_topic_missing_in_the_table_of_contents_is_seen(tmp_path: Path) -> None:
    lay(tmp_path, "grids/models/__init__.py", contents("places"))
    lay(tmp_path, "grids/models/places.py", '"""x"""\n')
    lay(tmp_path, "grids/models/drawer.py", '"""x"""\n')

    assert len(rules.topics_out_of_order(tmp_path, "grids")) == 1


def contents(*topics: str) -> str:
    """A table of contents that names these topics."""
    lines = [f"from grids.models.{topic} import {topic.title()}" for topic in topics]
    return '"""x"""\n' + "\n".join(lines) + "\n"


def lay(root: Path, file: str, text: str) -> None:
    """Write one file of a small tree."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
