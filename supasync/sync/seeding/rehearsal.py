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
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from supasync import sql
from supasync.catalog import scope
from supasync.errors import LeaseHeld, SqlError, UnexpectedAnswer
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping, names
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import Lease, understood
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Run
from supasync.sync.logins.linking import Rehearsed
from supasync.sync.seeding import failures, sending, triggers, written
from supasync.sync.seeding.check import named_tables
from supasync.sync.seeding.script import Script, SeedFile

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


def named(script: Script, tables: Sequence[Table]) -> list[Table]:
    """Those of the tables that the seed itself names, else all: others are written by triggers or
    functions."""
    names = {".".join(path) for file in script.files for path in _tables_of(file)}
    found = [t for t in tables if {t.name, t.name.partition(".")[2]} & names]
    return found or list(tables)


def _tables_of(file: SeedFile) -> Iterable[tuple[str, ...]]:
    return named_tables(file.text) if file.table is None else (file.table,)


async def rehearse(
    run: Run,
    database: WritableDatabase,
    script: Script,
    *,
    timely: bool,
    twice: bool = False,
    after: Rehearsed | None = None,
) -> tuple[Table, ...]:
    """timely: the seed uses the current time, so that times and dates are new each time, also
    when they are the same twice in a row. twice: compares what a second run makes with what a
    first one has made, in one transaction, instead of with what is there. after: what a sync does
    to the seed's rows in another session, each time that the seed has run.

    Raises: SeedError when the seed fails, UsersError when `after` does, LeaseHeld, SqlError,
    UnknownError.
    """
    async with AsyncExitStack() as stack:
        stage = _Stage(run, database, script, after)
        fits = database.fits(stage.text * (1 + twice) + _ROOM)
        if twice or not fits:  # a lease makes the tables of `supasync`, where there are none
            lease = await stack.enter_async_context(Lease(database, run))
            if not fits:
                await stage.upload(stack, lease)
        before = stage.text + _AGAIN if twice else ""
        first = await stage.perform(before, _COLUMNS)
        if not first:
            return ()
        copies = "".join(
            f"create temporary table supasync_before_{number} as\n"
            f"  select * from only {sql.ident(each['schema'], each['name'])};\n"
            for number, each in enumerate(first)
        )
        found = await stage.perform(before + copies, _compared(first, timely=timely))
        return tuple(map(_table, found))


def _table(found: Mapping[str, Any]) -> Table:
    return Table(**{**found, "new_each_time": tuple(found["new_each_time"])})


_ROOM = " " * 200_000
"""For what surrounds the script: copies and comparison."""

_COMMIT = "set constraints all immediate;\n"
"""What is checked at the end of a transaction; from here on nothing waits for it."""

_BEGIN = """\
do $begin$ declare waiting text; begin
  select string_agg(format('%I.%I', n.nspname, c.conname), ', ') into waiting
    from pg_constraint c join pg_namespace n on n.oid = c.connamespace
    where c.oid in (select tgconstraint from pg_trigger where tginitdeferred)
      and has_schema_privilege(n.oid, 'USAGE')
      and not exists (select from pg_constraint other where other.connamespace = n.oid
        and other.conname = c.conname and not other.condeferrable);
  if waiting is not null then
    execute 'set constraints ' || waiting || ' deferred';
  end if;
end $begin$;
"""
"""Constraints wait again as they do where nobody says otherwise: SQL has no words for all of them,
and refuses a name that another one in the schema has, which cannot wait."""

_AGAIN = (
    _COMMIT
    + "discard temp;\n"
    + _BEGIN
    + "select set_config('supasync.seed_function', '', true);\n"
)
"""Between two runs: as at the end of a transaction and the beginning of another."""


def _following(after: Rehearsed | None) -> str:
    """What a seed has set, for triggers and for what they find, does not reach another session."""
    if after is None:
        return ""
    return f"{_COMMIT}reset all;\n{after.text}{sending.OWN_PATH}"


class _Stage:
    """text: the seed, whole or by what is uploaded of it, and what comes after it."""

    def __init__(
        self, run: Run, database: WritableDatabase, script: Script, after: Rehearsed | None
    ) -> None:
        self._run, self._database, self._script, self._after = run, database, script, after
        self.text = sending.whole(script) + _following(after)
        self._whole = True

    async def upload(self, stack: AsyncExitStack, lease: Lease) -> None:
        """As long as the stack is open; at its end nothing of it is left."""
        database = self._database
        staging = Staging(database, lease)

        async def clear() -> None:
            await again.idempotent(
                database, lease.fence() + staging.clear() + again.SAY_DONE, again.done
            )

        stack.push_async_callback(clear)
        seed = await sending.staged(self._script, staging)
        self.text, self._whole = seed + _following(self._after), False

    async def perform(self, before: str, body: str) -> list[dict[str, Any]]:
        """before: SQL that goes before the seed. body: plpgsql that raises what it found out."""
        database, script = self._database, self._script
        head = (
            bookkeeping.TAKE_WRITE_LOCK + sending.OURS + _no_sync(self._run) + _SEQUENCES + before
        )
        tail = f"{_COMMIT}do {sql.dollar(body)};\n"
        try:
            await database.run(head + self.text + tail)
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
            if self._after and (refused := self._after.refused(error, database.name)):
                raise refused from None
            lines = (head + sending.head(script)).count("\n") if self._whole else None
            if before.startswith(self.text) and error.line is not None:
                lines = None  # which of the two runs it was is not known: the marker tells
            place = await failures.place_of(error, script, database, lines)
            if place is None and error.sqlstate != triggers.DANGLING:
                raise
            raise failures.told(error, place, script, staged=not self._whole) from None
        raise UnexpectedAnswer(f"{database.name}: a transaction that had to roll back did not")


def _no_sync(run: Run) -> str:
    return f"""\
do $held$ declare who text; begin
  select holder into who from supasync.lease
    where expires > clock_timestamp() and run_id <> {sql.literal(run.id)};
  if found then
    raise exception using errcode = '{_HELD}', message = who;
  end if;
end $held$;
"""


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
  for one in {written.QUERY} loop{_HASH_COLUMNS}
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
