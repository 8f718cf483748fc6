"""What views and materialized views have in common: above all what they say of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from supasync.catalog import grants as acl
from supasync.catalog.kinds._relation import COLUMN_COMMENTS, alter_column_comments
from supasync.catalog.object import Object, read
from supasync.sql import ident

GRANTS = """(select json_agg(json_build_array(a.attname, a.attacl::text[]) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attacl <> '{}')"""
DEFAULTS = """(select json_agg(json_build_array(a.attname, pg_get_expr(d.adbin, d.adrelid))
      order by a.attnum)
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = c.oid)"""
STATISTICS = """(select json_agg(json_build_array(a.attname, a.attstattarget) order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attstattarget >= 0)"""

STORAGE = """(select json_agg(json_build_array(a.attname, a.attstorage) order by a.attnum)
    from pg_attribute a join pg_type u on u.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and a.attstorage <> u.typstorage)"""

Pairs = tuple[tuple[str, str], ...] | None
Grants = tuple[tuple[str, tuple[str, ...]], ...] | None


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


@dataclass(frozen=True, kw_only=True)
class Selection(Object):
    """A relation defined by a query, with the comments and grants of its columns."""

    namespaces = ("relation", "type")
    column_comments: Pairs = read(COLUMN_COMMENTS)
    column_grants: Grants = read(GRANTS)

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.ref}"

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        comments = alter_column_comments(self.ref, None, self.column_comments)
        return super().dress(creator, born) + comments + self._remake_column_grants(None)

    def widens(self, old: Self | None, how: str) -> Iterable[str]:
        yield from super().widens(old, how)
        if old is None:
            return
        was, now = dict(old.column_grants or ()), dict(self.column_grants or ())
        for name in now:
            for grantee, more in acl.gained(_items(was, name), _items(now, name), self.acl_owner):
                yield f"{grantee} gains {', '.join(more)} of {name}"

    def alter_column_comments(self, old: Self) -> list[str]:
        return alter_column_comments(self.ref, old.column_comments, self.column_comments)

    def alter_grants(self, old: Self) -> list[str]:
        statements = super().alter_grants(old)
        if self.column_grants != old.column_grants or acl.revokes(statements):
            statements += self._remake_column_grants(old)
        return statements

    def alter_column_grants(self, old: Self) -> list[str]:
        return [] if self.grants != old.grants else self._remake_column_grants(old)

    def _remake_column_grants(self, old: Self | None) -> list[str]:
        was = dict((old.column_grants if old else None) or ())
        now = dict(self.column_grants or ())
        statements = []
        for name in {**was, **now}:
            place = (self.acl_target, self.acl_owner, f" ({ident(name)})")
            before = acl.reowned(_items(was, name), old.acl_owner if old else "", self.acl_owner)
            statements += acl.change(before or (), (), *place)
            statements += acl.change((), _items(now, name), *place)
        return statements


def _items(grants: Mapping[str, tuple[str, ...]], column: str) -> tuple[acl.Item, ...]:
    return tuple(acl.parse(item) for item in grants.get(column, ()))
