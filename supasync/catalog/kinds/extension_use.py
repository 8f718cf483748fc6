from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.kinds._members import CHANGED
from supasync.catalog.object import Id, Object, Part, Query, hint, read
from supasync.catalog.rights import Right

Entry = tuple[str | None, str, bool, str | None]
"""As aclexplode() says it: grantee ("" = PUBLIC), privilege, grant option, grantor. None is the
member's owner: that is who created the extension, and cannot be changed."""

Member = tuple[str, str, tuple[Entry, ...] | None, tuple[Entry, ...] | None]
"""Target and columns as GRANT says them, the initial ACL, the ACL."""


def _entries(acl_: str) -> str:
    return f"""(select json_agg(json_build_array(
        case e.grantee when 0 then '' when c.owner then null
          else pg_get_userbyid(e.grantee) end, e.privilege, e.grantable,
        case when e.grantor <> c.owner then pg_get_userbyid(e.grantor) end) order by e.i)
      from aclexplode({acl_}) with ordinality e(grantor, grantee, privilege, grantable, i))"""


@dataclass(frozen=True, kw_only=True)
class ExtensionUse(Object):
    """What was changed on an extension's members: grants, and row security of its tables.

    pg_dump prints these (and the policies on its tables) although the members are the extension's.
    """

    label = "USE OF EXTENSION"
    query = Query(
        catalog="pg_extension",
        tables=f"""pg_extension x join namespace n on n.oid = x.extnamespace
            cross join lateral (
              select json_agg(json_build_array(c.target, c.columns, {_entries("c.initial")},
                  {_entries("c.acl")}) order by c.target collate "C", c.columns collate "C")
                as members
              from {CHANGED.format(extension="x.oid")} c) g
            cross join lateral (
              select json_agg(c.oid::regclass::text order by c.oid::regclass::text collate "C")
                as tables
              from pg_depend d join pg_class c on c.oid = d.objid and c.relrowsecurity
              where d.refclassid = 'pg_extension'::regclass and d.refobjid = x.oid
                and d.deptype = 'e' and d.classid = 'pg_class'::regclass) s""",
        where="""(n.managed is not true or n.nspname = 'pg_catalog')
            and (g.members is not null or s.tables is not null)""",
        oid="x.oid",
        sub="1",
        path="x.extname",
        anchor=("pg_extension", "0"),
        edges="""select 'pg_extension'::regclass::oid, x.oid, 1, 'pg_extension'::regclass::oid,
            x.oid, 0 from pg_extension x""",
    )
    members: tuple[Member, ...] | None = read("g.members")
    row_security: tuple[str, ...] | None = read("s.tables")

    extension_owner: str = hint("pg_get_userbyid(x.extowner)")

    @property
    def leader(self) -> Id:
        return ("extension", *self.path)

    @property
    def roles(self) -> frozenset[str]:
        entries = [entry for member in self.members or () for entry in member[3] or ()]
        return frozenset(role for entry in entries for role in (entry[0], entry[3]) if role)

    def needs(self, old: ExtensionUse | None, verb: str) -> Iterable[Right]:
        yield rights.acts_as(self.extension_owner)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return self.alter_members(None) + self.alter_row_security(None)

    def drop(self) -> list[str]:
        nothing = replace(self, members=None, row_security=None)
        return nothing.alter_members(self) + nothing.alter_row_security(self)

    def alter_members(self, old: ExtensionUse | None) -> list[str]:
        owner = (old or self).extension_owner
        was, now = _by_target(old), _by_target(self)
        statements = []
        for target, columns in {**was, **now}:
            # where one side says nothing, the extension's own grants hold
            start, end = was.get((target, columns)), now.get((target, columns))
            before = start[1] if start else end[0] if end else None
            after = end[1] if end else start[0] if start else None
            statements += acl.change(
                _items(before, owner), _items(after, owner), target, owner, columns
            )
        return statements

    def alter_row_security(self, old: ExtensionUse | None) -> list[str]:
        was = frozenset((old.row_security if old else None) or ())
        now = frozenset(self.row_security or ())
        return [f"alter table {table} enable row level security" for table in sorted(now - was)] + [
            f"alter table {table} disable row level security" for table in sorted(was - now)
        ]


_Acls = tuple[tuple[Entry, ...] | None, tuple[Entry, ...] | None]


def _by_target(use: ExtensionUse | None) -> dict[tuple[str, str], _Acls]:
    members = (use.members if use else None) or ()
    return {(target, columns): (initial, now) for target, columns, initial, now in members}


def _items(entries: tuple[Entry, ...] | None, owner: str) -> tuple[acl.Item, ...]:
    words: dict[tuple[str, str], str] = {}
    for grantee, privilege, grantable, grantor in entries or ():
        key = (owner if grantee is None else grantee, owner if grantor is None else grantor)
        words[key] = words.get(key, "") + _LETTERS[privilege.lower()] + ("*" if grantable else "")
    return tuple(acl.Item(grantee, letters, by) for (grantee, by), letters in words.items())


_LETTERS = {name: letter for letter, name in acl.PRIVILEGES.items()}
