"""Tables as `description.select` describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from supasync.errors import UnexpectedAnswer
from supasync.ports import Database
from supasync.sync.data.asking import Describe

Name = tuple[str, str]
"""Schema and name of a table."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """category: PostgreSQL's type category. length: at most so many letters; -4 and less is any.
    filled: by a default, also that of its type, or as an identity."""

    name: str
    type: str
    category: str
    length: int
    not_null: bool
    generated: bool
    filled: bool


@dataclass(frozen=True, kw_only=True)
class ForeignKey:
    """only, to_only: the table itself has the rows, not partitions. operators: of each pair.
    full: MATCH FULL. plain: not over periods. checked: enforced and validated."""

    name: str
    table: Name
    only: bool
    columns: tuple[str, ...]
    to: Name
    to_only: bool
    to_columns: tuple[str, ...]
    operators: tuple[str, ...]
    full: bool
    plain: bool
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A sequence that a column's values come from."""

    column: str
    sequence: Name
    ascending: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    """kind: pg_class.relkind. hides: policies hide rows from whoever asked. key: the primary key's
    columns. unique: the columns of each unique or exclusion index. refers, referred: foreign keys
    from here and to here. firing: triggers and rules that fire for replicated rows too."""

    table: Name
    kind: str
    partition: bool
    foreign_part: bool
    hides: bool
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    refers: tuple[ForeignKey, ...]
    referred: tuple[ForeignKey, ...]
    firing: tuple[str, ...]
    sequences: tuple[Counter, ...]

    @property
    def named(self) -> str:
        return ".".join(self.table)

    @property
    def form(self) -> object:
        """What must be the same on both sides for rows to fit."""
        return self.kind, [(c.name, c.type, c.generated) for c in self.columns]


async def describe(database: Database, tables: Sequence[Name]) -> dict[Name, Table]:
    """Those of the tables that are there. Raises: SqlError, UnknownError."""
    answer = await database.fetch(Describe(tables=tuple(tables)).text())
    try:
        found = [_table(each) for each in json.loads(answer or "")]
    except (ValueError, TypeError, KeyError) as error:
        raise UnexpectedAnswer(f"{database.name} did not describe its tables") from error
    return {table.table: table for table in found}


def _table(found: dict[str, Any]) -> Table:
    return Table(
        table=_name(found.pop("table")),
        columns=tuple(Column(**each) for each in found.pop("columns")),
        key=tuple(found.pop("key")),
        unique=tuple(tuple(each or ()) for each in found.pop("unique")),
        refers=tuple(map(_foreign_key, found.pop("refers"))),
        referred=tuple(map(_foreign_key, found.pop("referred"))),
        firing=tuple(found.pop("firing")),
        sequences=tuple(
            Counter(**each | {"sequence": _name(each["sequence"])})
            for each in found.pop("sequences")
        ),
        **found,
    )


def _foreign_key(found: dict[str, Any]) -> ForeignKey:
    names = {side: _name(found[side]) for side in ("table", "to")}
    lists = {key: tuple(found[key]) for key in ("columns", "to_columns", "operators")}
    return ForeignKey(**found | names | lists)


def _name(pair: Sequence[str]) -> Name:
    schema, name = pair
    return schema, name
