"""Texts for PostgreSQL: identifiers, literals, dollar quotes, and templates of known texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

VALUE = "⟨value⟩"
"""Stands in a template where a value goes."""

_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


@dataclass(frozen=True)
class Statement:
    """A known text by its parts. query: what it asks, by name."""

    query: str
    template: str
    values: tuple[str, ...]


def fill(template: str, values: Iterable[str]) -> str:
    """The text of a template. Raises: ValueError when there are more values or fewer."""
    parts, given = template.split(VALUE), list(values)
    if len(given) != len(parts) - 1:
        raise ValueError(f"{len(parts) - 1} values are wanted, {len(given)} given")
    return parts[0] + "".join(value + part for value, part in zip(given, parts[1:], strict=True))


def names(qualified: str) -> tuple[str, ...]:
    """The names PostgreSQL reads in `public."User"`: unquoted ones are folded to lower case."""
    return tuple(
        quoted.replace('""', '"') if quoted else plain.strip().lower()
        for quoted, plain in _PART.findall(qualified)
    )


@lru_cache(maxsize=4096)
def ident(*names: str) -> str:
    """A qualified identifier, always quoted: `"public"."users"`. The same ones are asked often."""
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


def unmistakable(statement: str) -> str:
    """A statement that means the same in any text, when standard_conforming_strings is on by the
    time it runs.

    A text is read whole before its first statement runs, so by the setting that the session
    began with; what PostgreSQL prints (pg_get_expr and its kin) has literals such as 'a\\b' that
    are read otherwise when that is off. EXECUTE reads by the setting of its own time.
    """
    if "\\" not in statement:
        return statement
    return f"do {dollar(f'begin execute {dollar(statement)}; end')}"


def for_psql(statement: str) -> str:
    """The statement, in which psql finds no variable: `a[1:"USER"]` becomes `a[1: "USER"]`.

    psql puts a variable's value in the place of :name, :'name' and :"name", outside of quotes.
    """
    if ":" not in statement:
        return statement
    return _TOKEN.sub(lambda token: ": " if token[0] == ":" else token[0], statement)


_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*" | \bE'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*'
    | (?P<dollar>(?<![\w$])\$(?:[^\W\d]\w*)?\$).*?(?P=dollar)
    | :: | :(?=["'\w])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What psql does not look into, casts, and what it would take for a variable."""


def comment(text: str) -> str:
    """A comment line that ends where the line does, whatever is in `text`."""
    return "-- " + "".join(c if c.isprintable() else " " for c in text)
