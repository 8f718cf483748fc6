"""What tables are like, read from the catalogs in one statement: of production and of a branch."""

from __future__ import annotations

from collections.abc import Sequence

from supasync.sql import text_array

_COLUMNS = """(select coalesce(json_agg(json_build_object('name', a.attname,
  'type', format_type(a.atttypid, a.atttypmod), 'category', y.typcategory,
  'length', case when a.atttypid in (1042, 1043) then a.atttypmod
    when y.typtype = 'd' and y.typbasetype in (1042, 1043) then y.typtypmod else 0 end - 4,
  'not_null', a.attnotnull or y.typnotnull, 'generated', a.attgenerated <> '',
  'filled', a.atthasdef or a.attidentity <> '' or y.typdefault is not null)
  order by a.attnum), '[]')
  from pg_attribute a join pg_type y on y.oid = a.atttypid
  where a.attrelid = m.root and a.attnum > 0 and not a.attisdropped)"""
_NAMES = """(select json_agg(a.attname order by k.place)
  from unnest({numbers}) with ordinality k(number, place)
  join pg_attribute a on a.attrelid = {relation} and a.attnum = k.number)"""
_KEY = f"""(select {_NAMES.format(numbers="i.indkey::int2[]", relation="i.indrelid")}
  from pg_index i where i.indrelid = m.root and i.indisprimary)"""
_UNIQUE = f"""(select coalesce(json_agg({
    _NAMES.format(numbers="i.indkey::int2[]", relation="i.indrelid")
}), '[]')
  from pg_index i where i.indrelid = m.root and (i.indisunique or i.indisexclusion))"""
# a partition may have keys of its own; what it takes over from its parent is the parent's
_FOREIGN_KEYS = f"""(select coalesce(json_agg(json_build_object('name', f.conname,
  'table', json_build_array(n.nspname, c.relname), 'only', c.relkind <> 'p',
  'columns', {_NAMES.format(numbers="f.conkey", relation="f.conrelid")},
  'to', json_build_array(pn.nspname, p.relname), 'to_only', p.relkind <> 'p',
  'to_columns', {_NAMES.format(numbers="f.confkey", relation="f.confrelid")},
  'operators', (select json_agg(format('operator(%I.%s)', ns.nspname, o.oprname) order by k.place)
    from unnest(f.conpfeqop) with ordinality k(oid, place) join pg_operator o on o.oid = k.oid
    join pg_namespace ns on ns.oid = o.oprnamespace),
  'full', f.confmatchtype = 'f',
  'plain', coalesce((to_jsonb(f)->>'conperiod')::bool, false) = false,
  'checked', f.convalidated and coalesce((to_jsonb(f)->>'conenforced')::bool, true))
  order by n.nspname, c.relname, f.conname), '[]')
  from pg_constraint f
  join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class p on p.oid = f.confrelid join pg_namespace pn on pn.oid = p.relnamespace
  where f.contype = 'f' and f.conparentid = 0 and {{side}} in (select part from parts
    where parts.root = m.root))"""
_FIRING = """(select coalesce(json_agg(f.name order by f.name), '[]') from (
  select tgname as name from pg_trigger
  where not tgisinternal and tgenabled in ('A', 'R')
    and tgrelid in (select part from parts where parts.root = m.root)
  union all select rulename from pg_rewrite
  where ev_type <> '1' and ev_enabled in ('A', 'R') and ev_class = m.root) f)"""
_SEQUENCES = """(select coalesce(json_agg(distinct jsonb_build_object('column', a.attname,
  'sequence', jsonb_build_array(n.nspname, s.relname), 'ascending', q.seqincrement > 0)), '[]')
  from (
    select d.refobjsubid as number, d.objid as sequence from pg_depend d
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
      and d.refobjid = m.root and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    union all select v.adnum, d.refobjid from pg_attrdef v
    join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = v.oid
      and d.refclassid = 'pg_class'::regclass where v.adrelid = m.root) u
  join pg_attribute a on a.attrelid = m.root and a.attnum = u.number
    and a.atttypid in (20, 21, 23, 1700)
  join pg_class s on s.oid = u.sequence and s.relkind = 'S'
  join pg_namespace n on n.oid = s.relnamespace join pg_sequence q on q.seqrelid = s.oid)"""


def select(tables: Sequence[tuple[str, str]]) -> str:
    """A JSON array of the tables that are there. See tables.Table."""
    schemas, names = (text_array(part) for part in zip(*tables, strict=True))
    return f"""\
with mine as (
  select c.oid as root, n.nspname as schema, c.relname as name, c.relkind as kind,
    c.relispartition as partition
  from unnest({schemas}, {names}) as listed(schema, name)
  join pg_namespace n on n.nspname = listed.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = listed.name and c.relkind <> 'i'
), parts as (
  select root, root as part from mine union
  select root, p.relid from mine, pg_partition_tree(root) p where kind = 'p'
)
select coalesce(json_agg(json_build_object('table', json_build_array(m.schema, m.name),
  'kind', m.kind, 'partition', m.partition,
  'foreign_part', exists (select from parts join pg_class c on c.oid = parts.part
    where parts.root = m.root and c.relkind = 'f'),
  'hides', row_security_active(m.root),
  'columns', {_COLUMNS},
  'key', coalesce({_KEY}, '[]'),
  'unique', {_UNIQUE},
  'refers', {_FOREIGN_KEYS.format(side="f.conrelid")},
  'referred', {_FOREIGN_KEYS.format(side="f.confrelid")},
  'firing', {_FIRING},
  'sequences', {_SEQUENCES})), '[]')::text
from mine m"""
