"""All that production is asked about rows: three statements, each composed of what it says it asks.

The first line of a text is a comment that says in JSON what is asked. The text is read by that
line alone and composed anew; only if both are the same, letter for letter, is it one of these.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from supasync.catalog.queries import PINNED
from supasync.sql import VALUE, Statement, fill, ident, literal, text_array
from supasync.sync.data import description

PINS = PINNED + (
    "set local lc_monetary = 'C'; set local xmloption = 'content'; "
    # rows that a policy hides are an error then, not missing
    "set local row_security = off;"
)
"""Settings that change what values look like as text, and which rows are there."""

_HEAD = "-- supasync "
_PAGE = re.compile(r"\boffset ([0-9]{1,18}) limit ([0-9]{1,18})\n\) r\Z")
_FORMS = re.compile(r"(?:plain|digest|first:[0-9]{1,3})\Z")

_MARK = """\
select {number} as number, case when {fence} then count(*) end as rows,
  coalesce(sum(octet_length(r)), 0) as bytes, encode(sha256(convert_to(
    coalesce(string_agg(md5(r), '' order by md5(r) collate "C"), ''), 'UTF8')), 'hex') as digest
from (
{rows}
) r"""

Column = tuple[str, str]
"""A column and the form in which it is read: plain, digest (SHA-256), or first:N letters."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """Which values of a table. order: its key's columns; without any, the rows' own texts.

    limit: how many rows, the first in that order. partitioned: the partitions have the rows.
    """

    table: tuple[str, str]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    limit: int | None = None
    partitioned: bool = False

    @property
    def told(self) -> str:
        """`public.crew (id, email as digest)`"""
        shown = (name if form == "plain" else f"{name} as {form}" for name, form in self.columns)
        return f"{'.'.join(self.table)} ({', '.join(shown)})"

    def rows(self, last: str) -> str:
        """A query of the rows as texts, each a record of the columns.

        last: which part of them, in their order.
        """
        values = ", ".join(_value(*column) for column in self.columns)
        order = ", ".join(f"t.{ident(name)}" for name in self.order) or f"row({values})::text"
        only = "" if self.partitioned else "only "
        return (
            f"select row({values})::text as r from {only}{ident(*self.table)} t\n"
            f"where {self.fence}" + (f"\norder by {order} {last}" if last else "")
        )

    @property
    def fence(self) -> str:
        """It is a table as was thought, with these columns: `t.name` could else be a function's
        value. A constant to the planner: where it does not hold, nothing is executed."""
        named = literal(ident(*self.table)) + "::pg_catalog.regclass"
        columns = {name for name, _ in self.columns}.union(self.order)
        kind = "p" if self.partitioned else "r"
        fence = (
            f"(select c.relkind = '{kind}' and not c.relispartition from pg_catalog.pg_class c"
            f" where c.oid = {named}) and (select pg_catalog.count(*) = {len(columns)}"
            f" from pg_catalog.pg_attribute a where a.attrelid = {named} and a.attnum > 0"
            f" and not a.attisdropped and a.attname = any({text_array(sorted(columns))}))"
        )
        if self.partitioned:
            fence += (
                f" and not exists (select from pg_catalog.pg_partition_tree({named}) p"
                " join pg_catalog.pg_class f on f.oid = p.relid where f.relkind = 'f')"
            )
        return fence


@dataclass(frozen=True, kw_only=True)
class Describe:
    """What tables are like: catalogs only."""

    tables: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        return "tables " + ", ".join(".".join(table) for table in self.tables)

    def template(self) -> str:
        return f"{_head('tables', self.tables)}{PINS}\n{description.select(self.tables)}"

    def text(self) -> str:
        return self.template()


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Of what is to be read: how many rows, bytes, and a digest, all of one moment."""

    reads: tuple[Read, ...]

    @property
    def query(self) -> str:
        return "digests " + ", ".join(read.told for read in self.reads)

    def template(self) -> str:
        return f"{_head('digests', [_plain(read) for read in self.reads])}{PINS}\n{self.select()}"

    def text(self) -> str:
        return self.template()

    def select(self) -> str:
        """[[number, rows, bytes, digest], …] as text; null for the rows of what is no table. See
        rowtext.Digest."""
        each = "\nunion all\n".join(
            _MARK.format(number=number, fence=read.fence, rows=read.rows(_first(read.limit)))
            for number, read in enumerate(self.reads)
        )
        return (
            "select json_agg(json_build_array(number, rows, bytes, digest) order by number)::text"
            f" from (\n{each}\n) m"
        )


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the rows, in their order."""

    read: Read
    offset: int
    limit: int

    @property
    def query(self) -> str:
        return f"rows {self.read.told} {self.offset} to {self.offset + self.limit}"

    def template(self) -> str:
        rows = self.read.rows(f"offset {VALUE} limit {VALUE}")
        return (
            f"{_head('rows', _plain(self.read))}{PINS}\n"
            f"select coalesce(json_agg(r), '[]')::text from (\n{rows}\n) r"
        )

    def text(self) -> str:
        return fill(self.template(), self.values)

    @property
    def values(self) -> tuple[str, ...]:
        return str(self.offset), str(self.limit)


Asked = Describe | Marks | Page


def parse(sql: str) -> Asked | None:
    """What a text asks; None when it is none of these."""
    if VALUE in sql or not sql.startswith(_HEAD):
        return None
    try:
        what, told = json.loads(sql[len(_HEAD) :].partition("\n")[0])
        asked = _asked(what, told, sql)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return asked if asked is not None and asked.text() == sql else None


def understand(sql: str) -> Statement | None:
    """See catalog.statements.understand."""
    asked = parse(sql)
    if asked is None:
        return None
    values = asked.values if isinstance(asked, Page) else ()
    return Statement(asked.query, asked.template(), values)


def engine() -> str:
    """Identifies these statements by their texts."""
    tables = (("s", "t"),)
    every = (("a", "plain"), ("b", "digest"), ("c", "first:1"))
    reads = (
        Read(table=tables[0], columns=every),
        Read(table=tables[0], columns=every, order=("a",), limit=1, partitioned=True),
    )
    page = Page(read=reads[0], offset=0, limit=1)
    texts = Describe(tables=tables).text(), Marks(reads=reads).text(), page.text()
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _head(what: str, told: object) -> str:
    return f"{_HEAD}{json.dumps([what, told], separators=(',', ':'))}\n"


def _plain(read: Read) -> list[object]:
    return [read.table, read.columns, read.order, read.limit, read.partitioned]


def _asked(what: str, told: Any, sql: str) -> Asked | None:
    match what:
        case "tables":
            return Describe(tables=tuple(_table(*each) for each in told))
        case "digests":
            return Marks(reads=tuple(_read(each) for each in told))
        case "rows":
            page = _PAGE.search(sql)
            if page is None:
                return None
            return Page(read=_read(told), offset=int(page[1]), limit=int(page[2]))
        case _:
            return None


def _read(told: Sequence[Any]) -> Read:
    """Raises: ValueError, TypeError."""
    table, columns, order, limit, partitioned = told
    if not (limit is None or type(limit) is int) or type(partitioned) is not bool:
        raise ValueError
    return Read(
        table=_table(*table),
        columns=tuple(_column(*column) for column in columns),
        order=tuple(_text(name) for name in order),
        limit=limit,
        partitioned=partitioned,
    )


def _table(schema: Any, name: Any) -> tuple[str, str]:
    return _text(schema), _text(name)


def _column(name: Any, form: Any) -> Column:
    if not _FORMS.match(_text(form)):
        raise ValueError
    return _text(name), form


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _first(limit: int | None) -> str:
    return "" if limit is None else f"limit {limit}"


def _value(name: str, form: str) -> str:
    column = f"t.{ident(name)}"
    if form == "digest":
        return f"encode(sha256(convert_to({column}::text, 'UTF8')), 'hex')"
    if form.startswith("first:"):
        kept = int(form.removeprefix("first:"))
        shown = f"case when length({column}::text) > {kept} then {kept} else 0 end"
        return f"left({column}::text, {shown}) || '***'"
    return column
