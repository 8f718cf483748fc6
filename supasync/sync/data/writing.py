"""The transaction that makes a branch's tables what was read.

Triggers do not act: the session counts as replicating, so neither webhooks nor foreign keys fire.
Foreign keys are therefore looked at by queries of their own, after all tables are full: the order
of tables does not matter then, and neither do circles and rows that refer to their own table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from supasync import sql
from supasync.sync.data.asking import PINS, Marks, Read
from supasync.sync.data.rowtext import Mark
from supasync.sync.data.tables import Counter, ForeignKey, Name, Table

DANGLING, DIFFERENT = "SY003", "SY004"
"""SQLSTATEs our own statements raise, with a JSON text as message: rows that refer to none, as
[[number of the key, rows], …]; tables that are not what was read, as `Marks` has them."""

# supautils lets postgres do this (supabase/postgres, privileged_role_allowed_configs)
_QUIET = "set local session_replication_role = 'replica';\n"
_AWAKE = "set local session_replication_role = 'origin';\n"


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What a table gets. columns: those that are written. pieces: SQL expressions of JSON arrays of
    texts, each a record of all its columns."""

    table: Table
    columns: tuple[str, ...]
    pieces: tuple[str, ...]


def script(
    fillings: Sequence[Filling],
    keys: Sequence[ForeignKey],
    reads: Sequence[Read],
    expected: Sequence[Mark],
) -> str:
    """All of it, but for lease and journal. keys: `keys_of` the tables. reads, expected: what all
    listed tables have to be at the end, also those that are not filled."""
    parts = [PINS, "\n"]
    if fillings:
        parts += [_QUIET, *map(_replace, fillings), _AWAKE, _refer(keys)]
    parts.append(_prove(reads, expected))
    parts += [_count_on(one.table, counter) for one in fillings for counter in one.table.sequences]
    return "".join(parts)


def keys_of(tables: Iterable[Table]) -> tuple[ForeignKey, ...]:
    """The foreign keys from and to these tables, each once."""
    found: Mapping[tuple[Name, str], ForeignKey] = {
        (key.table, key.name): key
        for table in tables
        for key in (*table.refers, *table.referred)
        if key.checked and key.plain
    }
    return tuple(found.values())


def _replace(filling: Filling) -> str:
    table, named = filling.table, sql.ident(*filling.table.table)
    columns = ", ".join(map(sql.ident, filling.columns))
    values = ", ".join(f"(x.r).{sql.ident(name)}" for name in filling.columns)
    parts = [f"delete from {_only(table.kind != 'p')}{named};\n"]
    parts += [
        f"insert into {named} ({columns}) overriding system value\n"
        # offset: each text is read once, not once for each column
        f"select {values} from (select e::{named} as r from json_array_elements_text("
        f"{piece}::json) e offset 0) x;\n"
        for piece in filling.pieces
    ]
    return "".join(parts)


def _refer(keys: Sequence[ForeignKey]) -> str:
    """Raises DANGLING unless every row refers to one that is there."""
    if not keys:
        return ""
    counts = "\nunion all ".join(
        f"select {number} as number, count(*) as rows from {_dangling(key)}"
        for number, key in enumerate(keys)
    )
    body = (
        "\ndeclare found json; begin\n"
        f"select json_agg(json_build_array(number, rows) order by number) into found from (\n"
        f"{counts}\n) k where rows > 0;\n"
        "if found is not null then\n"
        f"  raise exception using errcode = '{DANGLING}', message = found::text;\n"
        "end if;\nend"
    )
    return f"do {sql.dollar(body)};\n"


def _dangling(key: ForeignKey) -> str:
    pairs = zip(key.columns, key.operators, key.to_columns, strict=True)
    same = " and ".join(f"p.{sql.ident(to)} {op} t.{sql.ident(column)}" for column, op, to in pairs)
    columns = [f"t.{sql.ident(column)}" for column in key.columns]
    refers = " or " if key.full else " and "
    given = refers.join(f"{column} is distinct from null" for column in columns)
    return (
        f"{_only(key.only)}{sql.ident(*key.table)} t where ({given}) and not exists\n"
        f"  (select from {_only(key.to_only)}{sql.ident(*key.to)} p where {same})"
    )


def _prove(reads: Sequence[Read], expected: Sequence[Mark]) -> str:
    """Raises DIFFERENT unless the tables are what was read."""
    wanted = json.dumps([[number, *mark] for number, mark in enumerate(expected)])
    body = (
        "\ndeclare found text; begin\n"
        f"found := ({Marks(reads=tuple(reads)).select()});\n"
        f"if found::jsonb is distinct from {sql.literal(wanted)}::jsonb then\n"
        f"  raise exception using errcode = '{DIFFERENT}', message = found;\n"
        "end if;\nend"
    )
    return f"do {sql.dollar(body)};\n"


def _count_on(table: Table, counter: Counter) -> str:
    """SQL that moves a sequence beyond the rows' values, so that the next one is new."""
    column, named = sql.ident(counter.column), sql.ident(*counter.sequence)
    last, beyond = ("max", ">") if counter.ascending else ("min", "<")
    place = sql.literal(named) + "::regclass"
    return (
        f"select setval({place}, m.value::int8) from (select {last}({column}) as value"
        f" from {sql.ident(*table.table)}) m, {named} s, pg_catalog.pg_sequence q\n"
        f"where q.seqrelid = {place} and m.value between q.seqmin and q.seqmax\n"
        f"  and (m.value {beyond} s.last_value or m.value = s.last_value and not s.is_called);\n"
    )


def _only(alone: bool) -> str:
    return "only " if alone else ""
