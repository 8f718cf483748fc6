"""Objects that an extension brought: what users change on them is their privileges."""

from __future__ import annotations

from typing import Final

# catalog, acldefault()'s letter, what GRANT calls it, owner, ACL
_SORTS: Final = (
    ("pg_proc o", "'f'", "'ROUTINE ' || o.oid::regprocedure", "proowner", "proacl"),
    (
        "pg_class o",
        "case o.relkind when 'S' then 's' else 'r' end",
        "case o.relkind when 'S' then 'SEQUENCE ' else 'TABLE ' end || o.oid::regclass",
        "relowner",
        "relacl",
    ),
    ("pg_type o", "'T'", "'TYPE ' || o.oid::regtype", "typowner", "typacl"),
    ("pg_namespace o", "'n'", "'SCHEMA ' || o.oid::regnamespace", "nspowner", "nspacl"),
    (
        "pg_foreign_data_wrapper o",
        "'F'",
        "'FOREIGN DATA WRAPPER ' || quote_ident(o.fdwname)",
        "fdwowner",
        "fdwacl",
    ),
    (
        "pg_foreign_server o",
        "'S'",
        "'FOREIGN SERVER ' || quote_ident(o.srvname)",
        "srvowner",
        "srvacl",
    ),
)


_MEMBER: Final = """d.refclassid = 'pg_extension'::regclass and d.refobjid = {extension}
        and d.deptype = 'e' and d.objid = o.oid"""


def _sort(table: str, letter: str, target: str, owner: str, acl: str) -> str:
    catalog = f"'{table.split(maxsplit=1)[0]}'::regclass"
    return f"""
      select {catalog} as catalog, o.oid as oid, 0 as sub, {letter}::"char" as letter,
        {target} as target, '' as columns, o.{owner} as owner, o.{acl} as acl
      from pg_depend d join {table} on {_MEMBER} where d.classid = {catalog}
        and o.{acl} is not null"""


_COLUMNS: Final = f"""
      select 'pg_class'::regclass, o.oid, a.attnum, 'c'::"char", 'TABLE ' || o.oid::regclass,
        format(' (%I)', a.attname), o.relowner, a.attacl
      from pg_depend d join pg_class o on {_MEMBER}
        join pg_attribute a on a.attrelid = o.oid and a.attacl is not null
      where d.classid = 'pg_class'::regclass"""

CHANGED: Final = f"""(
    select m.target, m.columns, m.letter, m.owner, m.acl,
      coalesce(i.initprivs, acldefault(m.letter, m.owner)) as initial
    from ({" union all ".join([*(_sort(*each) for each in _SORTS), _COLUMNS])}) m
    left join pg_init_privs i
      on (i.objoid, i.classoid, i.objsubid) = (m.oid, m.catalog, m.sub)
    where m.acl is distinct from coalesce(i.initprivs, acldefault(m.letter, m.owner)))"""
"""Rows (target, columns, letter, owner, acl, initial) of the members of `extension` whose ACL is
not the one that its script gave them, which pg_init_privs has, or else the built-in one."""

_GRANTEE: Final = (
    "case item.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(item.grantee)) end"
)

RESET: Final = f"""
declare
  changed record;
  item record;
begin
  for changed in select * from {CHANGED} c loop
    for item in select distinct grantee from aclexplode(changed.acl) loop
      execute format('revoke all%s on %s from %s cascade', changed.columns, changed.target,
        {_GRANTEE});
    end loop;
    for item in select * from aclexplode(changed.initial) with ordinality order by ordinality loop
      execute format('grant %s%s on %s to %s%s', item.privilege_type, changed.columns,
        changed.target, {_GRANTEE},
        case when item.is_grantable then ' with grant option' else '' end);
    end loop;
  end loop;
end"""
"""A plpgsql block that undoes what default privileges did to the members of `extension`."""
