"""Which objects may have changed since an earlier look at the same database, without deparsing.

Every catalog row carries the transaction that wrote it. A row written since the earlier look's
snapshot touches an object; what an object prints also depends on what it uses (a rename shows in
the views that did not move), so everything that depends on a touched object is touched too.
A deleted row leaves no trace: vanished objects are found by the oids that are left, and the few
catalogs whose rows only describe other objects are watched by counting their older rows.
"""

from __future__ import annotations

from typing import Final

_WROTE: Final = {
    "pg_class": ("oid", "oid >= 16384"),
    "pg_attribute": ("attrelid", "attrelid >= 16384"),
    "pg_attrdef": ("adrelid", "true"),
    "pg_constraint": ("conrelid", "conrelid >= 16384"),
    "pg_index": ("indrelid", "indrelid >= 16384"),
    "pg_rewrite": ("ev_class", "oid >= 16384"),
    "pg_sequence": ("seqrelid", "true"),
    "pg_inherits": ("inhrelid", "true"),
    "pg_statistic_ext": ("stxrelid", "true"),
}
"""Catalogs whose rows describe a relation: the column that names it, and which rows count."""

_OWN: Final = (
    *("pg_proc", "pg_type", "pg_constraint", "pg_attrdef", "pg_trigger", "pg_policy"),
    *("pg_rewrite", "pg_namespace", "pg_extension", "pg_publication", "pg_publication_rel"),
    *("pg_publication_namespace", "pg_event_trigger", "pg_default_acl"),
    *("pg_collation", "pg_ts_config", "pg_operator", "pg_opclass", "pg_opfamily", "pg_language"),
)
"""Catalogs whose rows are, or stand for, objects of their own."""

_ALSO: Final = """
  select 'pg_type'::regclass::oid, enumtypid, xmin from pg_enum
  union all select 'pg_type'::regclass::oid, contypid, xmin from pg_constraint where contypid > 0
  union all select classoid, objoid, xmin from pg_description
    where objoid >= 16384 or classoid in ('pg_namespace'::regclass,
    'pg_extension'::regclass)
  union all select d.classid, d.objid, d.xmin from pg_depend d where d.deptype = 'e'
  union all select d.refclassid, d.refobjid, s.xmin from pg_sequence s join pg_depend d
    on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.refobjsubid > 0
  union all select d.refclassid, d.refobjid, c.xmin from pg_class c join pg_depend d
    on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refobjsubid > 0
    where c.relkind = 'S'
  union all select 'pg_class'::regclass::oid, i.indrelid, c.xmin from pg_index i
    join pg_class c on c.oid = i.indexrelid where i.indisreplident
  union all select d.classid, d.objid, d.xmin from pg_depend d join pg_sequence s
    on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid
  union all select d.refclassid, d.refobjid, d.xmin from pg_depend d join pg_sequence s
    on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.refobjsubid > 0"""
"""Rows that describe an object by its address; a column's identity is its sequence's too."""

_BEHIND: Final = """
  select d.refclassid, d.refobjid from pg_depend d
    where d.classid = t.cls and d.objid = t.oid and d.deptype = 'i'
  union all select 'pg_class'::regclass::oid, d.adrelid from pg_attrdef d
    where t.cls = 'pg_attrdef'::regclass and d.oid = t.oid
  union all select 'pg_type'::regclass::oid, k.contypid from pg_constraint k
    where t.cls = 'pg_constraint'::regclass and k.oid = t.oid and k.contypid > 0"""
"""What a row is printed with: a rule with its view, an index with its key, and so on."""


def touched(age: str) -> str:
    """An `int8[]` of keys of objects that rows not older than `age` transactions touch."""
    rows = [
        f"select 'pg_class'::regclass::oid, {relation}, xmin from {catalog} where {where}"
        for catalog, (relation, where) in _WROTE.items()
    ]
    rows += [f"select '{catalog}'::regclass::oid, oid, xmin from {catalog}" for catalog in _OWN]
    start = f"""select w.cls, w.oid
    from ({" union all ".join(rows)} union all {_ALSO}) w(cls, oid, wrote)
    where age(w.wrote) <= {age}"""
    return f"""(with recursive {dependents(start)}
select coalesce(array_agg({key("cls", "oid")}), '{{}}') from t)"""


def dependents(start: str) -> str:
    """A recursive CTE t(cls, oid): the rows of `start` and all that depends on them."""
    return f"""t(cls, oid) as (
  {start}
  union
  select x.cls, x.oid from t cross join lateral (
    select d.classid, d.objid from pg_depend d
      where d.refclassid = t.cls and d.refobjid = t.oid
    union all {_BEHIND}) x(cls, oid))"""


def key(catalog: str, oid: str) -> str:
    """One int8 for an address without its sub id."""
    return f"({catalog}::int8 << 32 | {oid}::int8)"


_WATCHED: Final = (
    "pg_description where (objoid >= 16384"
    " or classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass))",
    "pg_constraint where contypid > 0",
    "pg_enum where true",
    "pg_attrdef where adrelid in (select oid from pg_class where relkind <> 'r')",
    "pg_inherits where true",
    "pg_depend where deptype = 'e'",
    "pg_depend where classid = 'pg_class'::regclass and deptype in ('a', 'i') and refobjsubid > 0"
    " and objid in (select seqrelid from pg_sequence)",
)
"""Rows that only describe other objects: deleting one changes an object and leaves no trace."""


def watched(condition: str = "true") -> str:
    """An `int8[]`: of each watched catalog the number of rows for which `condition` holds."""
    counts = (f"(select count(*) from {rows} and {condition})" for rows in _WATCHED)
    return f"array[{', '.join(counts)}]"


ROLES: Final = """(select md5(string_agg(oid || rolname, ',' order by oid)
    || (select system_identifier || '.' from pg_control_system())
    || (select timeline_id from pg_control_checkpoint())) from pg_roles)"""
"""What rows' ages cannot tell: role names, which are in owners, grants and policies, and that this
is still the same line of history (a restored server counts transactions anew)."""

HORIZON: Final = """(case
  when pg_snapshot_xmin(pg_current_snapshot()) = pg_current_xact_id_if_assigned()
    then (pg_current_xact_id_if_assigned()::text::int8 + 1)::text
  else pg_snapshot_xmin(pg_current_snapshot())::text end)"""
"""An xid8 as text: every transaction before it was finished and visible to this look.

The look's own transaction is, too, when it writes and none before it is still running.
"""


def age_of(horizon: str) -> str:
    """The age below which a row may have been written since `horizon` (an xid8 as text)."""
    return f"age(xid('{int(horizon)}'::xid8))"


PRESENT: Final = "json_build_object({})".format(
    ", ".join(
        f"'{catalog}'::regclass::oid::int8, (select coalesce(json_agg(oid::int8), '[]') "
        f"from {catalog}{where})"
        for catalog, where in (
            ("pg_class", " where oid >= 16384"),
            ("pg_type", " where oid >= 16384"),
            ("pg_proc", " where oid >= 16384"),
            ("pg_constraint", " where oid >= 16384"),
            *((name, "") for name in ("pg_attrdef", "pg_trigger", "pg_policy", "pg_namespace")),
            *((name, "") for name in ("pg_extension", "pg_publication", "pg_publication_rel")),
            *((n, "") for n in ("pg_publication_namespace", "pg_event_trigger", "pg_default_acl")),
        )
    )
)
"""{catalog oid: [oids]}: what there still is."""
