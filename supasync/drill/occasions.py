"""Where a branch's schema gives occasion for which drift. One call for all of them.

What is asked is PostgreSQL's catalogs, by queries that the schema engine has no part in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from supasync import sql
from supasync.drill.drift import Drift, Occasion
from supasync.managed import MANAGED_SCHEMAS, OWN_SCHEMA
from supasync.ports import WritableDatabase

LIMIT: Final = 25
"""Of the occasions for one drift. One alone would often do, but some the server refuses."""

_MANAGED = sql.text_array((*MANAGED_SCHEMAS, OWN_SCHEMA, "information_schema"))


def _member(catalog: str, oid: str) -> str:
    return (
        f"exists (select from pg_depend x where x.classid = '{catalog}'::regclass"
        f" and x.objid = {oid} and x.deptype = 'e')"
    )


COMMON: Final = f"""
namespace as (
  select oid, nspname::text as s, nspowner as owner, nspacl as acl from pg_namespace n
  where nspname !~ '^pg_' and nspname <> all({_MANAGED})
    and not {_member("pg_namespace", "n.oid")}
),
relation as (
  select c.oid, n.s, c.relname::text as r, format('%I.%I', n.s, c.relname) as q, c.relkind as k,
    c.relowner as owner, c.relacl as acl, c.reloptions as options, c.relam as am,
    c.relrowsecurity as rls, c.relforcerowsecurity as forced, c.relreplident as identity,
    c.relpersistence as persistence
  from pg_class c join namespace n on n.oid = c.relnamespace
  where pg_has_role(c.relowner, 'USAGE') and not {_member("pg_class", "c.oid")}
    and not exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent))
    and c.reloftype = 0
),
tab as (select * from relation where k = 'r'),
col as (
  select t.*, a.attname::text as c, quote_ident(a.attname) as qc, a.attnum, a.attnotnull,
    a.attidentity, a.attgenerated, a.attacl, a.attstorage, a.atthasdef, y.typname::text as type,
    y.typnamespace = 'pg_catalog'::regnamespace as builtin
  from tab t join pg_attribute a on a.attrelid = t.oid join pg_type y on y.oid = a.atttypid
  where a.attnum > 0 and not a.attisdropped
),
fn as (
  select p.*, n.s, p.proname::text as f,
    array_to_string(array(select format_type(u.t, null)
      from unnest(p.proargtypes) with ordinality u(t, i) order by u.i), ', ') as args,
    format('%I.%I(%s)', n.s, p.proname, pg_get_function_identity_arguments(p.oid)) as q
  from pg_proc p join namespace n on n.oid = p.pronamespace
  where p.prokind = 'f' and pg_has_role(p.proowner, 'USAGE') and not {_member("pg_proc", "p.oid")}
),
typ as (
  select y.oid, n.s, y.typname::text as y, format('%I.%I', n.s, y.typname) as q, y.typtype as k,
    y.typowner as owner, y.typacl as acl, y.typnotnull, y.typdefault, y.typbasetype
  from pg_type y join namespace n on n.oid = y.typnamespace
  where y.typtype in ('e', 'd') and pg_has_role(y.typowner, 'USAGE')
    and not {_member("pg_type", "y.oid")}
),
seq as (
  select r.* from relation r where r.k = 'S' and not exists (select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i')
),
idx as (
  select r.*, x.indrelid, x.indisunique, t.s as ts, t.r as tr, t.q as tq, a.amname::text as method,
    x.indisclustered
  from relation r join pg_index x on x.indexrelid = r.oid join relation t on t.oid = x.indrelid
    join pg_am a on a.oid = r.am
  where r.k = 'i' and x.indisvalid
    and not exists (select from pg_constraint k where k.conindid = r.oid)
),
con as (
  select t.*, k.oid as con, k.conname::text as k_name, quote_ident(k.conname) as qk, k.contype,
    k.convalidated, k.condeferrable, pg_get_constraintdef(k.oid) as def
  from tab t join pg_constraint k on k.conrelid = t.oid
),
pol as (
  select n.nspname::text as s, c.relname::text as r, p.polname::text as p,
    format('%I on %I.%I', p.polname, n.nspname, c.relname) as q, p.*,
    pg_get_expr(p.polqual, p.polrelid) as using_, pg_get_expr(p.polwithcheck, p.polrelid) as check_,
    n.nspname = 'storage' as of_storage
  from pg_policy p join pg_class c on c.oid = p.polrelid
    join pg_namespace n on n.oid = c.relnamespace
  where c.oid in (select oid from tab) or (n.nspname, c.relname) = ('storage', 'objects')
),
trg as (
  select t.*, g.oid as trg, g.tgname::text as g, quote_ident(g.tgname) as qg, g.tgenabled,
    pg_get_triggerdef(g.oid) as def
  from tab t join pg_trigger g on g.tgrelid = t.oid
  where not g.tgisinternal and g.tgconstraint = 0
)"""
"""Queries that drifts may use: what is the user's own, and may be changed by whoever asks."""


async def read(
    database: WritableDatabase, drifts: Sequence[Drift]
) -> Mapping[str, tuple[Occasion, ...]]:
    """By the names of the drifts; none where there is no occasion.

    Asked as the role that will make them, so it is what that role may do.

    Raises: SqlError, UnknownError.
    """
    relations = sorted({each.relation for each in drifts if each.relation})
    known = await database.run(
        "select coalesce(json_agg(r), '[]')::text"
        f" from unnest({sql.text_array(relations)}) r where to_regclass(r) is not null"
    )
    there = {"", *json.loads(known or "[]")}
    asked = [each for each in drifts if each.relation in there]
    answer = await database.run(_query(asked)) if asked else None
    found = json.loads(answer or "{}")
    return {
        each.name: tuple(
            Occasion(object=tuple(object_id), sql=text)
            for object_id, text in found.get(each.name, ())
        )
        for each in drifts
    }


def _query(drifts: Sequence[Drift]) -> str:
    rows = "\nunion all ".join(f"({_occasions(each)})" for each in drifts)
    return (
        f"set local search_path = '';\nwith {COMMON}\n"
        f"select json_object_agg(name, found)::text from (\n{rows}\n) every(name, found)"
    )


def _occasions(drift: Drift) -> str:
    place = f"array[{sql.literal(drift.kind)}, {drift.path}]::text[]"
    return (
        f"select {sql.literal(drift.name)},"
        " coalesce(json_agg(json_build_array(id, made) order by id), '[]')\n"
        f"from (select distinct on (1) {place} as id, {drift.sql} as made\n  {drift.among}\n"
        f"  order by 1, 2 limit {LIMIT}) o where made is not null"
    )
