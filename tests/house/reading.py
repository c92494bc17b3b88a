"""Reading the house's own source: what is imported, where, and what is written there."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# An app imports the floors before it in this list, never one after it (architecture.md 1).
FLOORS = ["governance", "grids", "residents", "complaints", "portal"]


def sources(folder: Path) -> list[Path]:
    """Every Python file below a folder."""
    return sorted(folder.rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """The file as a syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(path: Path, root: Path = ROOT) -> list[str]:
    """The full names of all modules and members that a file imports, relative ones resolved."""
    package = ".".join(path.relative_to(root).with_suffix("").parts[:-1])
    return [name for node in ast.walk(tree(path)) for name in names_of(node, package)]


def names_of(node: ast.AST, package: str) -> list[str]:
    """The names that one import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    return [f"{base}.{alias.name}" for alias in node.names]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, nested ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, node: ast.AST) -> str:
    """`file:line`, as editors understand it."""
    return f"{path}:{getattr(node, 'lineno', 0)}"
