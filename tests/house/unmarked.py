"""Finds Chinese in code and templates that no translation would ever reach."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.reading import FLOORS, sources, tree

CHINESE = re.compile("[\u3400-\u9fff]")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "kept", "ngettext", "ngettext_lazy", "pgettext",
         "pgettext_lazy"}  # fmt: skip
# Chinese that is no sentence to a reader, with the reason.
DATA = {
    "portal/demonstration/": "the invented street: its people, places and words are data",
    "portal/bootstrap.py": "speaks both languages at a terminal, before Django is there",
    "portal/env.py": "speaks both languages at a terminal, before Django is there",
    "portal/running.py": "speaks both languages at a terminal",
    "portal/formats/": "how Chinese dates are written",
    "portal/settings.py": "the name that stands in an authenticator, and refusals in both languages",
    "portal/celery.py": "the schedule as the operator reads it",
    "portal/single.py": "speaks both languages at a terminal",
    "complaints/invariants/": "what selfcheck says at the operator's terminal, in both languages",
    "/management/commands/": "the operator's terminal, in Chinese",
    "grids/addresses.py": "how Chinese addresses are written",
    "grids/finding.py": "how Chinese places are named",
    "grids/models/places.py": "a Chinese address stays one in every language",
    "residents/selectors.py": "how Chinese places are named",
    "governance/identity.py": "Chinese names and numbers as they are written",
    "governance/privacy.py": "patterns of Chinese texts, and two sentences in both languages",
    "governance/templatetags/house.py": "the length of a Chinese name",
    "complaints/public_text.py": "patterns of personal data in Chinese texts",
    "complaints/services/imports/rows.py": "words of the city's tables",
    "complaints/spreadsheets.py": "dates of the city's tables",
}
# The document of the API has one text for all readers: Chinese, then English.
DOCUMENTED = ("/api/", "api.py")
ENGLISH = re.compile(r"\b[A-Za-z]{2,}")
# A place in a script that an office writes; the help beside it explains it.
PLACE = re.compile(r"【\w+】")
# The number of a slip, as Chinese offices write it: 督〔2026〕3号.
SIGNS = {"督〔", "〕", "号"}
# A pattern that texts are searched with is no sentence.
PATTERN = re.compile(r"\(\?[:=!<]|\[\^")
CHINESE_DAY = re.compile(r"""(?:date:|now )["'][^"']*[\u3400-\u9fff]""")
# Drawn when everything else has fallen, in both languages at once.
BOTH_LANGUAGES = ("templates/400.html", "templates/500.html")
NO_SENTENCE = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\b.*?%\}|_\(\"[^\"]*\"\)|_\('[^']*'\)"
    r"|中文(?=</button>|\{% endif %\}</a>)",  # a language names itself
    re.DOTALL,
)


def unmarked_in_code(root: Path) -> list[str]:
    """Texts with Chinese in them that stand outside every gettext, as `file:line text`."""
    return [
        f"{name}:{line} {text}"
        for floor in FLOORS
        for path in sources(root / floor)
        for name in [path.relative_to(root).as_posix()]
        if "migrations" not in path.parts and not any(place in name for place in DATA)
        for line, text in unmarked_texts(tree(path))
        if not (any(place in name for place in DOCUMENTED) and ENGLISH.search(text))
    ]


def unmarked_texts(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Constants with Chinese that are neither documentation nor marked for translation."""
    known = {
        id(inner)
        for node in ast.walk(module)
        if is_marked(node) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or id(node) in known or node.value in SIGNS:
            continue
        if not isinstance(node.value, str) or PATTERN.search(node.value):
            continue
        if CHINESE.search(PLACE.sub("", node.value)):
            yield node.lineno, node.value


def is_marked(node: ast.AST) -> bool:
    """Whether a node is a call of gettext."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in MARKS


def unmarked_in_templates(root: Path) -> list[str]:
    """Lines of templates with Chinese outside every translation tag."""
    return [
        f"{name}:{number} {line.strip()}"
        for path in sorted((root / "templates").rglob("*.*"))
        for name in [path.relative_to(root).as_posix()]
        if name not in BOTH_LANGUAGES
        for number, line in enumerate(without_sentences(path).splitlines(), 1)
        if CHINESE.search(line)
    ]


def chinese_days_in_templates(root: Path) -> list[str]:
    """Templates that write a day with 年月日 whatever the language, instead of by its format."""
    return [
        f"{path.relative_to(root).as_posix()}: {found.group()}"
        for path in sorted((root / "templates").rglob("*.html"))
        for found in CHINESE_DAY.finditer(path.read_text(encoding="utf-8"))
    ]


def chinese_in_scripts(root: Path) -> list[str]:
    """Lines of scripts with Chinese outside comments: their words come from the page."""
    return [
        f"{path.name}:{number} {line.strip()}"
        for path in sorted((root / "static" / "js").glob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CHINESE.search(re.sub(r"(^|\s)//.*|/\*.*?\*/", "", line))
    ]


def without_sentences(path: Path) -> str:
    """A template without its comments and marked sentences, line by line as it was."""
    text = path.read_text(encoding="utf-8")
    return NO_SENTENCE.sub(lambda found: "\n" * found.group().count("\n"), text)
