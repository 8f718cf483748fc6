"""Which tables a seed has written, asked in its own transaction, and how many rows they have."""

from __future__ import annotations

from supasync import sql

QUERY = """select n.nspname as schema, c.relname as name, c.oid
    from pg_locks l join pg_class c on c.oid = l.relation
      join pg_namespace n on n.oid = c.relnamespace
    where l.locktype = 'relation' and l.pid = pg_backend_pid() and l.granted
      and l.database = (select oid from pg_database where datname = current_database())
      and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock')
      and c.relkind = 'r' and c.relpersistence <> 't'
      and n.nspname <> 'supasync' and n.nspname !~ '^pg_'
    group by 1, 2, 3 order by 1, 2"""
"""What a transaction has written it has locked."""

_BODY = f"""
declare one record; number bigint; found json[] := '{{}}'; begin
  for one in {QUERY} loop
    execute format('select count(*) from only %I.%I', one.schema, one.name) into number;
    found := found || json_build_object('table', one.schema || '.' || one.name, 'rows', number,
      'inserted', pg_stat_get_xact_tuples_inserted(one.oid),
      'updated', pg_stat_get_xact_tuples_updated(one.oid),
      'deleted', pg_stat_get_xact_tuples_deleted(one.oid));
  end loop;
  perform set_config('supasync.seeded', to_json(found)::text, true);
end"""

COUNT = f"do {sql.dollar(_BODY)};\n"
"""Counts, as far as the server does (track_counts)."""

TELL = "select json_build_object('tables', current_setting('supasync.seeded')::json)::text;\n"
"""The last statement of the transaction: its answer."""
