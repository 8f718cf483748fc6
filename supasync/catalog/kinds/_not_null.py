"""NOT NULL constraints: from PostgreSQL 18 on they have names, comments and options of their own.

A column says what of it is unusual; what `not null` alone makes is nothing to say.
https://www.postgresql.org/docs/18/catalog-pg-constraint.html
"""

from __future__ import annotations

from typing import Final, NamedTuple

from supasync.catalog.query import NEAR
from supasync.sql import ident, literal

TABLES: Final = f"""left join (with named as materialized (select * from (
          select conrelid as attrelid, conkey[1] as attnum, oid, conname, conislocal, connoinherit,
            convalidated
          from pg_constraint where contype = 'n' and conrelid > 0) k
        where true {NEAR}) select * from named) nn
        on nn.attrelid = a.attrelid and nn.attnum = a.attnum
      left join pg_description nd on nd.classoid = 'pg_constraint'::regclass
        and nd.objoid = nn.oid"""
"""Joins of the constraint `nn` of the column `a`, and of its comment; no row before 18."""

# a partition's is its own for pg_dump; one that only the parents have is named after theirs
_OWN: Final = "(nn.conislocal or c.relispartition)"
_USUAL: Final = "c.relname || '_' || a.attname || '_not_null'"

UNUSUAL: Final = f"""case when not {_OWN} or nn.conname <> {_USUAL} or nn.connoinherit
      or not nn.convalidated or nd.description is not null
    then json_build_array(case when {_OWN} then nullif(nn.conname, {_USUAL}) end,
      nn.connoinherit, nn.convalidated, {_OWN}, nd.description) end"""


class NotNull(NamedTuple):
    name: str | None = None
    """None: the usual one, or the parents'."""
    no_inherit: bool = False
    valid: bool = True
    own: bool = True
    comment: str | None = None


Unusual = tuple[str | None, bool, bool, bool, str | None] | None


def of(unusual: Unusual) -> NotNull:
    return NotNull(*unusual) if unusual else NotNull()


def clause(unusual: Unusual) -> str:
    """What the column's own words say; a constraint that is not valid is added afterwards."""
    told = of(unusual)
    if not told.valid:
        return ""
    name = f"constraint {ident(told.name)} " if told.name else ""
    return f"{name}not null{' no inherit' if told.no_inherit else ''}"


def add(table: str, column: str, unusual: Unusual) -> list[str]:
    """table, column: quoted."""
    told = of(unusual)
    if told.name is None and told.valid and not told.no_inherit:
        return [f"alter table {table} alter column {column} set not null"]
    name = f"constraint {ident(told.name)} " if told.name else ""
    options = f"{' no inherit' if told.no_inherit else ''}{'' if told.valid else ' not valid'}"
    return [f"alter table {table} add {name}not null {column}{options}"]


def complete(table: str, column: str, name: str, unusual: Unusual) -> list[str]:
    """What of a constraint the column's own words could not say."""
    told = of(unusual)
    added = [] if told.valid else add(table, column, unusual)
    return added + comment(table, name, None, told.comment)


def change(table: str, was: tuple[str, Unusual], now: tuple[str, Unusual]) -> list[str] | None:
    """was, now: the constraint's name and what is unusual. None: it has to be made anew."""
    (old_name, before), (name, after) = was, now
    old, new = of(before), of(after)
    if old.own != new.own or (old.valid and not new.valid):
        return None
    statements = []
    if old_name != name:
        statements.append(f"rename constraint {ident(old_name)} to {ident(name)}")
    if old.no_inherit != new.no_inherit:
        word = "no inherit" if new.no_inherit else "inherit"
        statements.append(f"alter constraint {ident(name)} {word}")
    if new.valid and not old.valid:
        statements.append(f"validate constraint {ident(name)}")
    return [f"alter table {table} {text}" for text in statements] + comment(
        table, name, old.comment, new.comment
    )


def comment(table: str, name: str, old: str | None, new: str | None) -> list[str]:
    if old == new:
        return []
    return [f"comment on constraint {ident(name)} on {table} is {literal(new)}"]
