"""Messages: every marked sentence of code and templates, gathered without GNU gettext."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    # What goes into the record stays in the language of the office; readers see their own.
    "kept": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
}
# The file, the sentence (one form, or the two of `ngettext`) and its context.
Found = tuple[str, str | tuple[str, ...], str | None]
CODE = ("governance", "grids", "residents", "complaints", "portal")
HEADER = "# English of the portal; the Chinese sentence is the key (docs/languages.md)."
CATALOGUE = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"


def gathered(found: Iterable[Found] | None = None) -> Catalog:
    """A catalogue of all marked sentences, each with the file it stands in."""
    catalogue = Catalog(locale="en", project="portal", charset="utf-8")
    for place, message, context in sentences() if found is None else found:
        catalogue.add(message, locations=[(place, 1)], context=context)
    return catalogue


def sentences() -> Iterator[Found]:
    """Each marked sentence wherever it stands."""
    for path, source in sources():
        place = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            yield place, message, context


def counted_and_not(found: Iterable[Found]) -> list[str]:
    """Places that say without a number what another place counts: English would say "3 case"."""
    found = list(found)
    counted = {message[0] for _place, message, _context in found if isinstance(message, tuple)}
    return [f"{place} {message}" for place, message, _context in found if message in counted]


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that may hold sentences, as Python source; templates are turned into it."""
    for root in CODE:
        for path in sorted((settings.BASE_DIR / root).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt", ".svg"):
            yield path, without_indents(templatize(path.read_text(encoding="utf-8")))


def without_indents(source: str) -> str:
    """What templates become is no sound Python: its indents mean nothing and are taken away."""
    return "\n".join(line.strip() for line in source.splitlines())


def update() -> Catalog:
    """Write the catalogue of English with what is new, and without what has gone."""
    catalogue = kept()
    since = catalogue.creation_date
    catalogue.update(gathered(), no_fuzzy_matching=True)
    catalogue.creation_date = since
    catalogue.obsolete.clear()
    write(catalogue)
    return catalogue


def write(catalogue: Catalog) -> None:
    """Put the catalogue where set-up compiles it, sorted, so that a change shows as few lines."""
    catalogue.fuzzy = False
    catalogue.version, catalogue.last_translator = "1", "portal"
    catalogue.language_team, catalogue.msgid_bugs_address = "en", "-"
    catalogue.revision_date = catalogue.creation_date
    catalogue.header_comment = HEADER
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def kept() -> Catalog:
    """The catalogue as it lies in the repository."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", project="portal", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def missing_from(catalogue: Catalog, everything: Catalog) -> list[str]:
    """Sentences of the house (`gathered()`) that the catalogue does not know."""
    known = {(message.id, message.context) for message in catalogue}
    return [
        str(message.id)
        for message in everything
        if message.id and (message.id, message.context) not in known
    ]
