"""What running the seed again would change, found out in a transaction that always rolls back.

Nothing stays, sequences included: setval() and nextval() are kept even when a transaction rolls
back, except on a sequence whose storage is that transaction's own, and ALTER SEQUENCE … RESTART
gives it such storage (PostgreSQL, src/backend/commands/sequence.c, AlterSequence).

It takes two runs. The first tells which tables the seed writes and what each of their columns has
then. What the second makes otherwise is new each time (a random id, the time): no expectation. The
rest of the second run's rows is what the seed expects, and is compared with what was there before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from supasync import sql
from supasync.catalog import scope
from supasync.errors import LeaseHeld, SqlError, UnexpectedAnswer
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping, names
from supasync.sync.bookkeeping.lease import understood
from supasync.sync.seeding import run
from supasync.sync.seeding.script import Script

_FOUND, _HELD = "SY003", "SY004"
"""SQLSTATEs of the exceptions that roll back: with what was found; since a sync is under way."""
_LOCK_TIMEOUT = "55P03"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that the seed writes. rows: how many it makes it have. found: how many there were.

    missing: rows that the seed makes, or changes, and that were not there as they shall be; extra:
    rows that were there and that it removes or changes. new_each_time: columns that were left
    out. checksum: of the rest of the rows that the seed leaves there.
    """

    name: str
    rows: int
    found: int
    missing: int
    extra: int
    new_each_time: tuple[str, ...]
    checksum: str


async def rehearse(
    database: WritableDatabase, script: Script, *, timely: bool
) -> tuple[Table, ...]:
    """timely: the seed uses the current time, so that times and dates are new each time, also
    when they are the same twice in a row.

    Raises: SeedError when the seed fails, LeaseHeld, SqlError, UnknownError.
    """
    first = await _run(database, script, "", _COLUMNS)
    if not first:
        return ()
    copies = "".join(
        f"create temporary table supasync_before_{number} as\n"
        f"  select * from only {sql.ident(each['schema'], each['name'])};\n"
        for number, each in enumerate(first)
    )
    again = await _run(database, script, copies, _compared(first, timely=timely))
    return tuple(Table(**{**each, "new_each_time": tuple(each["new_each_time"])}) for each in again)


async def _run(
    database: WritableDatabase, script: Script, before: str, body: str
) -> list[dict[str, Any]]:
    head = bookkeeping.TAKE_WRITE_LOCK + _OURS + _NO_SYNC + _SEQUENCES + before
    tail = f"reset role;\n{_OURS}set local search_path = '';\ndo {sql.dollar(body)};\n"
    try:
        await database.run(head + script.text + tail)
    except SqlError as error:
        if error.sqlstate == _FOUND:
            return list(json.loads(error.detail or "[]"))
        if error.sqlstate == _HELD:
            raise LeaseHeld(
                f"{database.name} is being synced by {error.message}",
                remedy="Wait until that sync is finished and run the command again.",
            ) from error
        if error.sqlstate == _LOCK_TIMEOUT:
            raise understood(error, database.name) from error
        place = await run.place_of(error, script, database, head.count("\n"))
        if place is None:
            raise
        raise run.told(error, place) from error
    raise UnexpectedAnswer(f"{database.name}: a transaction that had to roll back did not")


_NO_SYNC = f"""\
do $held$ declare who text; begin
  select holder into who from supasync.lease where expires > clock_timestamp();
  if found then
    raise exception using errcode = '{_HELD}', message = who;
  end if;
end $held$;
"""

_OURS = "select pg_catalog.setval('supasync.seed_position', 0);\n"
"""What follows is none of the seed's statements."""

_SEQUENCES = f"""\
do $sequences$ declare one record; last bigint; called boolean; begin
  for one in select c.oid, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and c.relpersistence <> 't' and pg_has_role(c.relowner, 'USAGE')
      and not {scope(names.SCOPE).managed("n.nspname")}
  loop
    execute 'select last_value, is_called from ' || one.name into last, called;
    execute 'alter sequence ' || one.name || ' restart';
    perform setval(one.oid, last, called);
  end loop;
end $sequences$;
"""

# what a transaction has written it has locked
_WRITTEN = """select n.nspname as schema, c.relname as name, c.oid
    from pg_locks l join pg_class c on c.oid = l.relation
      join pg_namespace n on n.oid = c.relnamespace
    where l.locktype = 'relation' and l.pid = pg_backend_pid() and l.granted
      and l.database = (select oid from pg_database where datname = current_database())
      and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock')
      and c.relkind = 'r' and c.relpersistence <> 't'
      and n.nspname <> 'supasync' and n.nspname !~ '^pg_'
    group by 1, 2, 3 order by 1, 2"""

_HASH_COLUMNS = """
    select array_agg(a.attname::text order by a.attnum), string_agg(format(
        'coalesce(sum(hashtextextended(%I::text, 0)), 0)::text', a.attname), ', '
        order by a.attnum) into names, list
      from pg_attribute a where a.attrelid = one.oid and a.attnum > 0 and not a.attisdropped;
    execute format('select array[%s]::text[] from only %I.%I', list, one.schema, one.name)
      into hashes;"""
"""Sums of hashes: no order has to be agreed on."""

_COLUMNS = f"""
declare one record; names text[]; list text; hashes text[]; found json[] := '{{}}'; begin
  for one in {_WRITTEN} loop{_HASH_COLUMNS}
    found := found || json_build_object('schema', one.schema, 'name', one.name,
      'columns', json_object(names, hashes));
  end loop;
  raise exception using errcode = '{_FOUND}', message = 'found', detail = to_json(found)::text;
end"""


def _compared(first: Sequence[dict[str, Any]], *, timely: bool) -> str:
    known, timely_ = sql.literal(json.dumps(first, ensure_ascii=False)), str(timely).lower()
    return f"""
declare
  one record; other jsonb; names text[]; list text; hashes text[]; left_out text[];
  number int := 0; rows int; was int; missing int; extra int; checksum text;
  found json[] := '{{}}';
begin
  for other in select jsonb_array_elements({known}::jsonb) loop
    select n.nspname as schema, c.relname as name, c.oid into one
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = other->>'schema' and c.relname = other->>'name';{_HASH_COLUMNS}
    select string_agg(format('%I::text', k.name), ', ' order by k.attnum) filter (where k.same),
      coalesce(array_agg(k.name order by k.attnum) filter (where not k.same), '{{}}')
      into list, left_out
      from (select u.name, a.attnum, u.hash = other->'columns'->>u.name and not ({timely_}
          and a.atttypid = any('{{date,timestamp,timestamptz}}'::regtype[])) as same
        from unnest(names, hashes) u(name, hash)
          join pg_attribute a on a.attrelid = one.oid and a.attname = u.name) k;
    list := coalesce(list, 'null::text');
    execute format('select (select count(*) from only %1$I.%2$I),
      (select count(*) from pg_temp.%3$I),
      (select count(*) from (select %4$s from only %1$I.%2$I except all
        select %4$s from pg_temp.%3$I) x),
      (select count(*) from (select %4$s from pg_temp.%3$I except all
        select %4$s from only %1$I.%2$I) x),
      (select md5(coalesce(sum(hashtextextended(array[%4$s]::text, 0)), 0)::text)
        from only %1$I.%2$I)', one.schema, one.name, 'supasync_before_' || number, list)
      into rows, was, missing, extra, checksum;
    found := found || json_build_object('name', one.schema || '.' || one.name, 'rows', rows,
      'found', was, 'missing', missing, 'extra', extra, 'new_each_time', to_json(left_out),
      'checksum', checksum);
    number := number + 1;
  end loop;
  raise exception using errcode = '{_FOUND}', message = 'found',
    detail = to_json(found)::text;
end"""
