"""Seeds during which triggers do not fire.

The session counts as replicating: `postgres` may set that on the hosted platform (supautils,
privileged_role_allowed_configs), while `alter table … disable trigger user` is for owners of a
table, and those of auth and storage are the platform's. Foreign keys are triggers too, so those of
tables that the seed has written are looked at afterwards.
"""

from __future__ import annotations

from supasync import sql
from supasync.sync.seeding import written

DANGLING = "SY005"
"""SQLSTATE our own statement raises, with what is wrong as its message."""

OFF = "set local session_replication_role = 'replica';\n"

_BODY = f"""
declare one record; number bigint; wrong text := ''; begin
  for one in
    with tables as (select w.oid from ({written.QUERY}) w
      union select p.relid from ({written.QUERY}) w, pg_partition_ancestors(w.oid) p)
    select f.conname, t.oid::regclass as child, p.oid::regclass as parent,
      t.relkind = 'p' as whole, p.relkind = 'p' as parent_whole,
      coalesce((to_jsonb(f) ->> 'conperiod')::bool, false) as period,
      string_agg(format('%I', a.attname), ', ' order by k.n) as columns,
      string_agg(format('p.%I operator(%I.%s) t.%I', pa.attname, os.nspname, o.oprname, a.attname),
        ' and ') as same,
      string_agg(format('t.%I is distinct from null', a.attname),
        case f.confmatchtype when 'f' then ' or ' else ' and ' end) as given
    from pg_constraint f
      join pg_class t on t.oid = f.conrelid join pg_class p on p.oid = f.confrelid
      cross join unnest(f.conkey, f.confkey, f.conpfeqop) with ordinality k(mine, other, op, n)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = k.mine
      join pg_attribute pa on pa.attrelid = p.oid and pa.attnum = k.other
      join pg_operator o on o.oid = k.op join pg_namespace os on os.oid = o.oprnamespace
    where f.contype = 'f' and f.conparentid = 0 and f.convalidated
      and coalesce((to_jsonb(f) ->> 'conenforced')::bool, true)
      and (t.oid in (select oid from tables) or p.oid in (select oid from tables))
    group by f.oid, f.conname, f.confmatchtype, t.oid, p.oid, t.relkind, p.relkind, to_jsonb(f)
    order by t.oid::regclass::text, f.conname
  loop
    if one.period then
      wrong := wrong || format(E'\n  %s: the foreign key %s is over periods and cannot be checked',
        one.child, one.conname);
      continue;
    end if;
    execute format('select count(*) from %s%s t where (%s) and not exists'
      ' (select from %s%s p where %s)', case when not one.whole then 'only ' else '' end, one.child,
      one.given, case when not one.parent_whole then 'only ' else '' end, one.parent, one.same)
      into number;
    if number > 0 then
      wrong := wrong || format(E'\n  %s (%s): %s of its rows refer to none of %s (%s)',
        one.child, one.columns, number, one.parent, one.conname);
    end if;
  end loop;
  if wrong <> '' then
    raise exception using errcode = '{DANGLING}', message = wrong;
  end if;
end"""

ON = f"set local session_replication_role = 'origin';\ndo {sql.dollar(_BODY)};\n"
"""Raises DANGLING unless every row refers to one that is there."""
