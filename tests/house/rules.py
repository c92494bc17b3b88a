"""The rules of the house as questions to a source tree; each answers with the places that break it.

Every question takes the root of a tree, so that the tests can show it a small bad one.
"""

import ast
import re
from pathlib import Path

from tests.house.reading import (
    FLOORS,
    functions,
    imported_modules,
    place,
    sources,
    tree,
)

DOORS = ("admin", "mobile", "api", "tasks", "views")
STRING_KEY = re.compile(r"^[A-Za-z_]\w*\.[A-Z]\w*$")
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
NUMBERED_ONLY = re.compile(r"^\d{4}(_initial|_auto_.*|_alter_.*_and_more)?$")
MIGRATION_NAME = re.compile(r"^\d{4}_[a-z][a-z0-9_]+$")


def upward_imports(root: Path, floor: str) -> list[str]:
    """Files of a floor that import a floor above it."""
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    return [
        f"{path} imports {name}"
        for path in sources(root / floor)
        for name in imported_modules(path, root)
        if name.split(".")[0] in above
    ]


def imports_of_tests(root: Path, floor: str) -> list[str]:
    """Files of the house that need its tests."""
    return [
        f"{path} imports {name}"
        for path in sources(root / floor)
        for name in imported_modules(path, root)
        if name.split(".")[0] == "tests"
    ]


def table_of_contents(package: Path) -> list[str]:
    """The topics of a models package in the order in which `__init__.py` names them."""
    contents = package / "__init__.py"
    if not contents.exists():
        return []
    found = []
    for node in tree(contents).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            topic = node.module.split(".")[-1]
            if (package / f"{topic}.py").exists() and topic not in found:
                found.append(topic)
    return found


def topics_out_of_order(root: Path, floor: str) -> list[str]:
    """Topics that use a topic listed after them, or that the table of contents leaves out."""
    package = root / floor / "models"
    order = table_of_contents(package)
    faults = []
    for path in sorted(package.glob("*.py")):
        if path.stem == "__init__":
            continue
        if path.stem not in order:
            faults.append(f"{path} is missing in the table of contents")
            continue
        later = set(order[order.index(path.stem) + 1 :])
        for name in imported_modules(path, root):
            parts = name.split(".")
            if parts[:2] == [floor, "models"] and len(parts) > 2 and parts[2] in later:
                faults.append(f"{path} imports {name}, which comes later")
            elif parts[:2] == [floor, "models"] and len(parts) > 2 and parts[2] not in order:
                faults.append(f"{path} imports {name} through the table of contents")
    return faults


def local_imports(root: Path, floor: str) -> list[str]:
    """Imports inside functions: they hide arrows from the reader."""
    return [
        f"{place(path, node)} in {function.name}"
        for path in sources(root / floor)
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def is_door(path: Path, root: Path) -> bool:
    """Whether a file is one of an app's doors, or lies in a door's package."""
    parts = path.relative_to(root).with_suffix("").parts
    return any(part in DOORS for part in parts[1:])


def doors_past_reach(root: Path, floor: str) -> list[str]:
    """Doors that use `.objects` (or another manager) for anything but `.visible_to`."""
    faults = []
    for path in sources(root / floor):
        if not is_door(path, root):
            continue
        whole = tree(path)
        allowed = {
            id(node.value)
            for node in ast.walk(whole)
            if isinstance(node, ast.Attribute) and node.attr == "visible_to"
        }
        faults += [
            place(path, node)
            for node in ast.walk(whole)
            if isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_default_manager", "_base_manager")
            and id(node) not in allowed
        ]
    return faults


def uses_of_signals(root: Path, floor: str) -> list[str]:
    """Files that import Django's signals: what happens is called by name."""
    signal_modules = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    return [
        f"{path} imports {name}"
        for path in sources(root / floor)
        for name in imported_modules(path, root)
        if name.startswith(signal_modules)
        or name.startswith(("django.contrib.auth.signals", "django.test.signals"))
    ]


def string_keys(root: Path, floor: str) -> list[str]:
    """Relations that name their model as "app.Model" instead of the class."""
    faults = []
    for path in sources(root / floor):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and called_name(node) in RELATIONS:
                targets = node.args[:1] + [k.value for k in node.keywords if k.arg == "to"]
                faults += [
                    f"{place(path, node)} {target.value!r}"
                    for target in targets
                    if isinstance(target, ast.Constant)
                    and isinstance(target.value, str)
                    and target.value != "self"
                ]
    return faults


def called_name(node: ast.Call) -> str:
    """`ForeignKey` for both `ForeignKey(…)` and `models.ForeignKey(…)`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def badly_named_migrations(root: Path, floor: str) -> list[str]:
    """Migrations whose name does not say what they do."""
    return [
        str(path)
        for path in sorted((root / floor / "migrations").glob("[0-9]*.py"))
        if NUMBERED_ONLY.match(path.stem) or not MIGRATION_NAME.match(path.stem)
    ]


def migrations_that_import_the_house(root: Path, floor: str) -> list[str]:
    """Migrations that import app code: it changes, they must not."""
    return [
        f"{path} imports {name}"
        for path in sources(root / floor / "migrations")
        for name in imported_modules(path, root)
        if name.split(".")[0] in FLOORS
    ]


def modules_without_a_line(root: Path, floor: str) -> list[str]:
    """Modules without a docstring (an empty `__init__.py` and a migration need none)."""
    return [
        str(path)
        for path in sources(root / floor)
        if path.read_text(encoding="utf-8").strip()
        and "migrations" not in path.parts
        and not ast.get_docstring(tree(path))
    ]
