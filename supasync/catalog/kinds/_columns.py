"""What views and materialized views say about their columns: grants, defaults, statistics."""

from __future__ import annotations

from supasync.catalog import grants as acl
from supasync.sql import ident

GRANTS = """(select json_agg(json_build_array(a.attname, a.attacl::text[]) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attacl <> '{}')"""
DEFAULTS = """(select json_agg(json_build_array(a.attname, pg_get_expr(d.adbin, d.adrelid))
      order by a.attnum)
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = c.oid)"""
STATISTICS = """(select json_agg(json_build_array(a.attname, a.attstattarget) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attstattarget >= 0)"""

Pairs = tuple[tuple[str, str], ...] | None
Grants = tuple[tuple[str, tuple[str, ...]], ...] | None


def change_grants(old: Grants, new: Grants, target: str, owner: str) -> list[str]:
    """Statements that turn the column ACLs `old` of `target` into `new`."""
    was, now = dict(old or ()), dict(new or ())
    return [
        statement
        for name in {**was, **now}
        if was.get(name) != now.get(name)
        for statement in acl.change(
            tuple(map(acl.parse, was.get(name, ()))),
            tuple(map(acl.parse, now.get(name, ()))),
            target,
            owner,
            f" ({ident(name)})",
        )
    ]


def change_defaults(old: Pairs, new: Pairs, head: str) -> list[str]:
    """head: `alter view "s"."v"`."""
    was, now = dict(old or ()), dict(new or ())
    return [
        f"{head} alter column {ident(name)} "
        + (f"set default {now[name]}" if name in now else "drop default")
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]


def change_statistics(
    old: tuple[tuple[str, int], ...] | None, new: tuple[tuple[str, int], ...] | None, head: str
) -> list[str]:
    was, now = dict(old or ()), dict(new or ())
    return [
        f"{head} alter column {ident(name)} set statistics {now.get(name, -1)}"
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]
