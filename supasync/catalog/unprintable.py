"""Reading a catalog that does not let itself be read: objects the server cannot print, by name.

A function whose language is gone, a view over a table whose row was deleted from pg_class: one such
object fails the statement that reads all. Only then is it looked for, by halves.
"""

from __future__ import annotations

import json

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.kinds import KINDS
from supasync.catalog.look import MOVING
from supasync.catalog.scope import Scope
from supasync.errors import SchemaMoving, SqlError, UnexpectedAnswer, Unprintable
from supasync.sql import dollar

_TRIES = 3
_SHOWN = 10
_INTERNAL = ("XX", "22", "42", "54", "58", "0A")
"""Classes of SQLSTATE that printing a damaged object fails with. XX000 is the usual one."""
_NOT_INTERNAL = ("42501",)


async def fetch(database: ports.Database, sql: str, scope: Scope) -> str:
    """What the statement answers. An object dropped meanwhile fails it too: then it runs again.

    Raises: Unprintable, SchemaMoving, UnexpectedAnswer, SqlError, UnknownError.
    """
    for again in reversed(range(_TRIES)):
        try:
            text = await database.fetch(sql)
        except SqlError as error:
            if error.sqlstate == MOVING:
                message = f"{database.name}: the schema kept changing while it was read"
                raise SchemaMoving(message) from error
            if not error.sqlstate.startswith(_INTERNAL) or error.sqlstate in _NOT_INTERNAL:
                raise
            if found := await _damaged(database, scope):
                raise Unprintable(_told(database.name, found)) from error
            if not again:
                raise
        else:
            if text is None:
                raise UnexpectedAnswer(f"{database.name}: the catalog query returned no row")
            return text
    raise AssertionError


def _told(name: str, found: list[str]) -> str:
    more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{name}: PostgreSQL cannot print\n  " + "\n  ".join(found[:_SHOWN]) + more


async def _damaged(database: ports.Database, scope: Scope) -> list[str]:
    """`FUNCTION public.f(): cache lookup failed for language 42`, one per object."""
    answer = await database.fetch(search(scope))
    return [
        f"{KINDS[rank].label} {'.'.join(path) if path else f'with oid {oid}'}: {why}"
        for rank, oid, path, why in json.loads(answer or "[]")
    ]


def search(scope: Scope) -> str:
    """The text that looks for what cannot be printed."""
    blocks = "".join(_block(rank, scope) for rank in range(len(KINDS)))
    body = f"""
declare
  bad json[] := '{{}}'; oids oid[]; low int; high int; lows int[]; highs int[]; path text[];
begin
{blocks}
perform set_config('supasync.bad', to_json(bad)::text, true);
end"""
    return f"{queries.PINNED}do {dollar(body)};\nselect current_setting('supasync.bad') as bad"


def _block(rank: int, scope: Scope) -> str:
    """plpgsql: appends to `bad` what cannot be printed of a kind. All of it first, then halves."""
    kind = KINDS[rank]
    oid, tables, where = kind.query.oid, kind.query.tables, kind.query.where
    part = queries.kind_rows(kind, rank, scope, f"{oid} = any(oids[low:high])")
    return f"""
begin
  {_printing(queries.kind_rows(kind, rank, scope), scope)}
exception when others then
  with {queries.world(scope)}
  select array_agg(distinct {oid}) into oids from {tables} where {where};
  lows := array[1]; highs := array[cardinality(oids)];
  while cardinality(lows) > 0 loop
    low := lows[1]; high := highs[1]; lows := lows[2:]; highs := highs[2:];
    begin
      {_printing(part, scope)}
    exception when others then
      if low < high then
        lows := array[low, (low + high) / 2 + 1] || lows;
        highs := array[(low + high) / 2, high] || highs;
      else
        path := null;
        begin
          with {queries.world(scope)}
          select array[{kind.query.path}]::text[] into path from {tables}
            where ({where}) and {oid} = oids[low] limit 1;
        exception when others then null;
        end;
        bad := bad || json_build_array({rank}, oids[low]::int8, path, sqlerrm);
      end if;
    end;
  end loop;
end;"""


def _printing(rows: str, scope: Scope) -> str:
    return f"""perform count(*) from (with {queries.world(scope)}
    select r from ({rows}) r) printed where r::text is not null;"""
