"""Every key of config.toml with its type and default, from the JSON Schema for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reference_pages.words import code, table
from supasync.config.schema import json_schema

Schema = Mapping[str, Any]


def part() -> str:
    schema = json_schema()
    defs = schema["$defs"]
    parts = [
        f"## `{name}`\n\n" + table(("key", "type", "default"), _rows(defs[found], defs))
        for name, found in _sections(schema["properties"], "", defs)
    ]
    return "\n".join(parts)


def _sections(keys: Schema, within: str, defs: Schema) -> Iterator[tuple[str, str]]:
    """(heading, definition) of what is written as a section, outer ones first."""
    for key, value in keys.items():
        for shape, title in (
            (value, "[{}]"),
            (value.get("additionalProperties", {}), "[{}.NAME]"),
            (value.get("items", {}), "[[{}]]"),
        ):
            if isinstance(shape, dict) and (found := _named(shape)):
                path = within + key
                yield title.format(path), found
                inner = title.format(path).strip("[]") + "."
                yield from _sections(defs[found]["properties"], inner, defs)
        if key == "data":
            yield f'[{within}{key}."SCHEMA.TABLE"]', "DataTable"


def _rows(definition: Schema, defs: Schema) -> Iterator[tuple[str, str, str]]:
    required = definition.get("required", ())
    for key, value in definition["properties"].items():
        default = "required" if key in required else _default(value)
        yield f"`{key}`", _type(value, defs), default


def _default(value: Schema) -> str:
    default = value.get("default")
    return "none" if default in (None, [], {}, "") or "$ref" in value else code(json.dumps(default))


def _named(value: Schema) -> str:
    """The definition that a value is, also an optional one."""
    shapes = [each for each in value.get("anyOf", [value]) if each.get("type") != "null"]
    return str(shapes[0].get("$ref", "")).removeprefix("#/$defs/") if len(shapes) == 1 else ""


def _type(value: Schema, defs: Schema) -> str:
    if shapes := value.get("anyOf"):
        return " or ".join(_type(each, defs) for each in shapes if each.get("type") != "null")
    if name := _named(value):
        keys = ", ".join(f"`{key}`" for key in defs[name]["properties"])
        return f"section of {keys}"
    if "enum" in value or "const" in value:
        return ", ".join(f'`"{each}"`' for each in value.get("enum", [value.get("const")]))
    kind = str(value.get("type", "any"))
    if kind == "array":
        return f"list of {_type(value['items'], defs)}"
    if kind == "object":
        return f"table of {_type(value['additionalProperties'], defs)}"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)
