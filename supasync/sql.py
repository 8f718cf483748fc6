"""Quoting for PostgreSQL: identifiers, literals, dollar quotes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def ident(*names: str) -> str:
    """A qualified identifier, always quoted: `"public"."users"`."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(value: str | None) -> str:
    """A text literal, independent of standard_conforming_strings; None is NULL."""
    if value is None:
        return "NULL"
    quoted = "'" + value.replace("'", "''") + "'"
    return " E" + quoted.replace("\\", "\\\\") if "\\" in value else quoted


def text_array(values: Iterable[str]) -> str:
    """A `text[]` expression of literals."""
    return "ARRAY[" + ", ".join(literal(value) for value in values) + "]::text[]"


def dollar(body: str, tag: str = "supasync") -> str:
    """A dollar-quoted string whose delimiter does not occur in `body`."""
    while f"${tag}$" in body or body.endswith("$" + tag):
        tag = "s" + hashlib.sha256((tag + body).encode()).hexdigest()[:12]
    return f"${tag}${body}${tag}$"


def comment(text: str) -> str:
    """A comment line that ends where the line does, whatever is in `text`."""
    return "-- " + "".join(c if c.isprintable() else " " for c in text)
