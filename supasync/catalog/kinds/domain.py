from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog import rights
from supasync.catalog.hazards import Hazard, constraint_scan
from supasync.catalog.kinds._type import type_query
from supasync.catalog.object import Object, Part, beside, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal

_ALIASES = """
    select 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_type'::regclass::oid, k.contypid, 0
        from pg_constraint k where k.contypid <> 0"""

_STUB_USES = """
    select 'pg_type'::regclass::oid, t.oid, 0, 'pg_type'::regclass::oid, t.typbasetype, 0
        from pg_type t where t.typtype = 'd'
    union all
    select 'pg_type'::regclass::oid, t.oid, 0, 'pg_collation'::regclass::oid, t.typcollation, 0
        from pg_type t where t.typtype = 'd' and t.typcollation <> 0"""


@dataclass(frozen=True, kw_only=True)
class Domain(Object):
    label = "DOMAIN"
    namespaces = ("type",)
    query = type_query("d", aliases=_ALIASES, stub_uses=_STUB_USES)
    base: str = read("format_type(t.typbasetype, t.typtypmod)")
    collation: str | None = read(
        """(select t.typcollation::regcollation::text from pg_type u
          where u.oid = t.typbasetype and u.typcollation <> t.typcollation)"""
    )
    not_null: bool = read("t.typnotnull")
    not_null_name: str | None = read(
        """(select k.conname from pg_constraint k where k.contypid = t.oid and k.contype = 'n'
          and k.conname <> t.typname || '_not_null')"""
    )
    """From PostgreSQL 17 on it is a constraint with a name; None: the usual one."""
    default: str | None = reparsed("pg_get_expr(t.typdefaultbin, 0)")
    constraints: tuple[tuple[str, str], ...] = reparsed(
        """(select json_agg(json_build_array(k.conname, pg_get_constraintdef(k.oid))
            order by k.conname)
          from pg_constraint k where k.contypid = t.oid and k.contype = 'c')"""
    )
    in_containers: bool = hint(
        """exists (select from pg_depend u left join pg_class c
            on u.classid = 'pg_class'::regclass and c.oid = u.objid
          where u.refclassid = 'pg_type'::regclass and u.deptype = 'n'
            and (u.refobjid = t.typarray or u.refobjid = t.oid and (c.relkind = 'c'
              or u.classid = 'pg_type'::regclass
                and u.objid in (select rngtypid from pg_range))))"""
    )
    constraint_comments: tuple[tuple[str, str], ...] = read(
        """(select json_agg(json_build_array(k.conname, k.said) order by k.conname)
            filter (where k.said is not null)
          from (select k.conname, (select d.description from pg_description d
                where d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass) as said
              from pg_constraint k where k.contypid = t.oid) k)"""
    )

    @property
    def acl_target(self) -> str:
        return f"TYPE {self.ref}"  # GRANT ON DOMAIN before 18 is the same statement

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        words = [f"create domain {self.ref} as {self.base}"]
        if self.collation:
            words.append(f"collate {self.collation}")
        if self.default is not None:
            words.append(f"default {self.default}")
        if self.not_null:
            words.append(self._not_null)
        statements = [" ".join(words)]
        for name, text in self.constraints or ():  # CREATE DOMAIN knows no NOT VALID
            statements.append(f"alter domain {self.ref} add constraint {ident(name)} {text}")
        return statements + self.alter_constraint_comments(None)

    def stub(self) -> Domain:
        return replace(self, default=None, constraints=(), constraint_comments=())

    def alters_alone(self, old: Domain) -> list[str] | None:
        return replace(self, in_containers=False).alters(replace(old, in_containers=False))

    @property
    def _not_null(self) -> str:
        name = self.not_null_name
        return f"constraint {ident(name)} not null" if name else "not null"

    @property
    def _not_null_place(self) -> str:
        return self.not_null_name or f"{self.path[-1]}_not_null"

    def costs(self, how: str, old: Domain | None, parts: tuple[Part, ...]) -> list[Hazard]:
        if how != "alter" or old is None:
            return []
        stricter = self.not_null and not old.not_null
        stricter |= not set(self.constraints or ()) <= set(old.constraints or ())
        return [constraint_scan(f"columns of {self.title}")] if stricter else []

    def needs(self, old: Domain | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create":
            yield rights.uses_type(self.base)

    def set_aside(self) -> Domain:
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter domain {self.ref} rename to {ident(other.id[-1])}"]

    def _checked_in_place(self, old: Domain) -> bool:
        # "cannot alter type … because column … uses it": values inside others are not checked
        return not (self.in_containers or old.in_containers)

    def alter_default(self, old: Domain) -> list[str]:
        action = "drop default" if self.default is None else f"set default {self.default}"
        return [f"alter domain {self.ref} {action}"]

    def alter_not_null(self, old: Domain) -> list[str] | None:
        if not self._checked_in_place(old):
            return None
        if self.not_null and self.not_null_name:
            return [f"alter domain {self.ref} add {self._not_null}"]
        return [f"alter domain {self.ref} {'set' if self.not_null else 'drop'} not null"]

    def alter_not_null_name(self, old: Domain) -> list[str]:
        if not (self.not_null and old.not_null):
            return []  # it comes or goes
        names = f"{ident(old._not_null_place)} to {ident(self._not_null_place)}"
        return [f"alter domain {self.ref} rename constraint {names}"]

    def alter_constraints(self, old: Domain) -> list[str] | None:
        if not self._checked_in_place(old):
            return None
        was, now = dict(old.constraints or ()), dict(self.constraints or ())
        checked = [name for name in now if was.get(name) == f"{now[name]} NOT VALID"]
        was |= {name: now[name] for name in checked}
        gone = [name for name in was if was[name] != now.get(name)]
        new = [name for name in now if was.get(name) != now[name]]
        return (
            [f"alter domain {self.ref} drop constraint {ident(name)}" for name in gone]
            + [f"alter domain {self.ref} add constraint {ident(name)} {now[name]}" for name in new]
            + [f"alter domain {self.ref} validate constraint {ident(name)}" for name in checked]
        )

    def _is_not_null(self, name: str) -> bool:
        return self.not_null and name == self._not_null_place

    def alter_constraint_comments(self, old: Domain | None) -> list[str]:
        was = dict((old.constraint_comments if old else None) or ())
        now = dict(self.constraint_comments or ())
        return [
            f"comment on constraint {ident(name)} on domain {self.ref} is {literal(now.get(name))}"
            for name in {**was, **now}
            if was.get(name) != now.get(name)
            and (name in dict(self.constraints or ()) or self._is_not_null(name))
        ]
