"""The query string of a table request as SQL: select, filters, order, limit.

Source: docs.postgrest.org/en/v13/references/api/tables_views.html. Columns, renamings, casts and
the comparisons below are understood; embedded resources, `or` and JSON paths are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from supasync.sandbox.rest.errors import unreadable
from supasync.sandbox.rest.quoting import quoted

OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
}
IS = {"null": "null", "true": "true", "false": "false", "unknown": "unknown"}
RESERVED = frozenset({"select", "order", "limit", "offset", "columns", "on_conflict", "apikey"})
NAME = r'[A-Za-z_][\w$ ]*|"[^"]+"'
COLUMN = re.compile(rf"(?:(?P<alias>{NAME}):)?(?P<name>{NAME}|\*)(?:::(?P<type>\w+))?")
ORDER = re.compile(rf"(?P<name>{NAME})(?:\.(?P<way>asc|desc))?(?:\.nulls(?P<nulls>first|last))?")
FILTER = re.compile(r"(?P<no>not\.)?(?P<operator>\w+)\.(?P<value>.*)", re.DOTALL)
LISTED = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,]+)')


@dataclass(frozen=True)
class Clause:
    """A piece of SQL and the values of its placeholders, in order."""

    text: str
    values: tuple[str, ...] = ()


def columns(select: str) -> str:
    """`id,mail:email,created_at::text` as a select list; empty is every column."""
    return ", ".join(_column(part.strip()) for part in (select or "*").split(","))


def _column(part: str) -> str:
    found = COLUMN.fullmatch(part)
    if found is None:
        raise unreadable("select parameter", part)
    if found["name"] == "*":
        return "*"
    name = _unquoted(found["name"])
    text = quoted(name)
    if found["type"]:
        text = f"{text}::{found['type']}"
    return f"{text} as {quoted(_unquoted(found['alias']) if found['alias'] else name)}"


def where(items: Iterable[tuple[str, str]]) -> Clause:
    """Every parameter that is not reserved is a filter on the column of its name."""
    clauses = [_filter(name, value) for name, value in items if name not in RESERVED]
    if not clauses:
        return Clause("")
    text = " and ".join(clause.text for clause in clauses)
    return Clause(f" where {text}", tuple(value for each in clauses for value in each.values))


def _filter(name: str, condition: str) -> Clause:
    found = FILTER.fullmatch(condition)
    if found is None or not re.fullmatch(NAME, name):
        raise unreadable("filter", f"{name}={condition}")
    column, value = quoted(_unquoted(name)), found["value"]
    operator = found["operator"]
    if operator == "in":
        compared = _in(column, value)
    elif operator == "is" and value.lower() in IS:
        compared = Clause(f"{column} is {IS[value.lower()]}")
    elif operator in OPERATORS:
        if operator.endswith("like"):
            value = value.replace("*", "%")
        compared = Clause(f"{column} {OPERATORS[operator]} %s", (value,))
    else:
        raise unreadable("filter", condition)
    return Clause(f"not ({compared.text})", compared.values) if found["no"] else compared


def _in(column: str, listed: str) -> Clause:
    if not (listed.startswith("(") and listed.endswith(")")):
        raise unreadable("filter", listed)
    values = tuple(
        re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for quoted, plain in LISTED.findall(listed[1:-1])
    )
    if not values:
        return Clause("false")
    return Clause(f"{column} in ({', '.join(['%s'] * len(values))})", values)


def order(text: str) -> str:
    """`created_at.desc.nullslast,id` as an ORDER BY clause."""
    terms = []
    for part in text.split(",") if text else []:
        found = ORDER.fullmatch(part)
        if found is None:
            raise unreadable("order", part)
        way = f" {found['way']}" if found["way"] else ""
        nulls = f" nulls {found['nulls']}" if found["nulls"] else ""
        terms.append(quoted(_unquoted(found["name"])) + way + nulls)
    return f" order by {', '.join(terms)}" if terms else ""


def number(name: str, text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise unreadable(name, text)
    return int(text)


def _unquoted(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name
