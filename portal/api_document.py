"""The OpenAPI document read as a page: what each address takes and what a row holds. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
REFERENCE = "#/components/schemas/"
CHOICE = re.compile(r"^\* `([^`]*)` - (.+)$", re.MULTILINE)
ROWS = "results"


@dataclass(frozen=True)
class Field:
    """A parameter, or a column of a row; `choices` are the values it knows, with their meaning."""

    name: str
    kind: str
    words: str
    choices: tuple[tuple[str, str], ...]
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One address, how it is asked and what one row of its answer holds."""

    code: str
    method: str
    address: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    columns: tuple[Field, ...]
    statuses: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """Whether the answer comes in pages."""
        return any(field.name == "cursor" for field in self.parameters)


def operations(document: Schema) -> list[Operation]:
    """All operations of an OpenAPI document, in its own order."""
    known = document["components"]["schemas"]
    return [
        Operation(
            code=said["operationId"],
            method=method.upper(),
            address=address,
            summary=said.get("summary", ""),
            words=said.get("description", ""),
            parameters=tuple(
                field_of(one["name"], one["schema"], known, one, bool(one.get("required")))
                for one in said.get("parameters", ())
            ),
            columns=tuple(columns_of(answer_of(said), known)),
            statuses=tuple(sorted(said["responses"])),
        )
        for address, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def answer_of(said: Schema) -> Schema:
    """The schema of the answer when all went well."""
    [content] = said["responses"]["200"]["content"].values()
    return dict(content["schema"])


def columns_of(schema: Schema, known: Schema) -> Iterator[Field]:
    """The columns of one row; of a list, those of the rows in its pages."""
    whole = resolved(schema, known)
    if ROWS in whole.get("properties", {}):
        whole = resolved(whole["properties"][ROWS]["items"], known)
    required = whole.get("required", ())
    for name, one in whole.get("properties", {}).items():
        yield field_of(name, one, known, {}, name in required)


def field_of(name: str, schema: Schema, known: Schema, said: Schema, is_required: bool) -> Field:
    """A field in words: the list of values that a description ends with is taken apart."""
    whole = resolved(schema, known)
    inner = resolved(whole.get("items", whole), known)
    texts = [
        said.get("description", ""),
        whole.get("description", ""),
        inner.get("description", ""),
    ]
    chosen = next((found for text in texts if (found := CHOICE.findall(text))), [])
    words = CHOICE.sub("", next((text for text in texts if text), "")).strip()
    return Field(name, kind_of(schema, known), words, tuple(chosen), is_required)


def resolved(schema: Schema, known: Schema) -> Schema:
    """What a reference, or the one choice beside null and blank, stands for."""
    while True:
        if "$ref" in schema:
            schema = known[schema["$ref"].removeprefix(REFERENCE)]
        elif "oneOf" in schema:
            schema = next(one for one in schema["oneOf"] if not is_nothing(one, known))
        else:
            return schema


def is_nothing(schema: Schema, known: Schema) -> bool:
    """Whether a choice only says that there may be no value."""
    named = known.get(schema.get("$ref", "").removeprefix(REFERENCE), schema)
    return named.get("type") == "null" or named.get("enum") in ([""], [None])


def kind_of(schema: Schema, known: Schema) -> str:
    """The kind of a value as programs call it, e.g. `string (date-time)`, `integer 1–200`, `string[]`."""
    whole = resolved(schema, known)
    kinds = whole.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    if kind == "array":
        return f"{kind_of(whole['items'], known)}[]"
    if kind == "object" and "properties" in whole:
        return "{" + ", ".join(whole["properties"]) + "}"
    if "format" in whole:
        return f"{kind} ({whole['format']})"
    if kind == "integer" and {"minimum", "maximum"} <= whole.keys():
        return f"{kind} {whole['minimum']}–{whole['maximum']}"
    return str(kind)
