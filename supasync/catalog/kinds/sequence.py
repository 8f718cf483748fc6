from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog import grants as acl
from supasync.catalog.object import Id, Object, Part, Query, Rows, read
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class Sequence(Object):
    """A sequence and its parameters, not its current value.

    The sequence behind an identity column is created and altered with its column; it is an object
    here for its grants and its comment.
    """

    label = "SEQUENCE"
    namespaces = ("relation",)
    query = Query(
        catalog="pg_class",
        sort="S",
        tables="""pg_class c join namespace n on n.oid = c.relnamespace
            join pg_sequence s on s.seqrelid = c.oid
            left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid
              and o.objsubid = 0 and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0
              and o.deptype in ('a', 'i')
            left join pg_attribute oa on oa.attrelid = o.refobjid and oa.attnum = o.refobjsubid
            left join pg_class oc on oc.oid = o.refobjid
            left join pg_namespace onsp on onsp.oid = oc.relnamespace""",
        where="c.relkind = 'S' and (oc.oid is null or oc.relkind in ('r', 'p', 'f'))",
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'s'",
        rows=(Rows("pg_sequence", touches=(("'pg_class'::regclass", "seqrelid"),)),),
    )
    holds_data = True
    identity: bool = read("coalesce(o.deptype = 'i', false)")
    owned_by: tuple[str, str, str] | None = read(
        """case when o.deptype is not null
            then json_build_array(onsp.nspname, oc.relname, oa.attname) end"""
    )
    options: tuple[str, ...] = read(
        """case when o.deptype is distinct from 'i' then json_build_array(
            format_type(s.seqtypid, null), s.seqincrement::text, s.seqmin::text, s.seqmax::text,
            s.seqstart::text, s.seqcache::text, s.seqcycle::text) end"""
    )
    persistence: str = read("c.relpersistence")

    @property
    def leader(self) -> Id | None:
        return ("column", *self.owned_by) if self.owned_by else None

    @property
    def precedes_leader(self) -> bool:
        return not self.identity

    def _options(self) -> str:
        type_, increment, low, high, start, cache, cycle = self.options
        return (
            f"as {type_} increment by {increment} minvalue {low} maxvalue {high} "
            f"start with {start} cache {cache} {'cycle' if cycle == 'true' else 'no cycle'}"
        )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        if self.identity:
            return []
        unlogged = "unlogged " if self.persistence == "u" else ""
        return [f"create {unlogged}sequence {self.ref} {self._options()}"]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        if self.identity:  # it got its column's owner when it was created
            born = acl.reowned(born, creator, self.owner or "")
            return super().dress(self.owner or "", born)
        return Object.dress(replace(self, owned_by=None), creator, born)

    def finish(self) -> list[str]:
        # the column's default needs the sequence, the ownership needs the column
        return self.alter_owned_by(None) if self.owned_by else []

    def resume(self) -> list[str]:
        if self.identity or not self.owned_by:
            return []
        table, column = ident(*self.owned_by[:2]), ident(self.owned_by[2])
        return [f"select setval({literal(self.ref)}, (select max({column}) from {table}))"]

    def drop(self) -> list[str]:
        return [] if self.identity else super().drop()

    def rehome(self) -> list[str] | None:
        # an identity's sequence comes anew with its column
        return None if self.identity else self.alter_owned_by(None)

    def alter_owner(self, old: Sequence) -> list[str]:
        # ALTER TABLE … OWNER hands over the sequences that its columns own
        return [] if old.owned_by is not None else super().alter_owner(old)

    def alter_identity(self, old: Sequence) -> list[str] | None:
        return None

    def alter_owned_by(self, old: Sequence | None) -> list[str]:
        if self.identity:
            return []
        column = ident(*self.owned_by) if self.owned_by else "none"
        return [f"alter sequence {self.ref} owned by {column}"]

    def alter_options(self, old: Sequence) -> list[str]:
        return [] if self.identity else [f"alter sequence {self.ref} {self._options()}"]

    def alter_persistence(self, old: Sequence) -> list[str]:
        if self.identity:
            return []
        word = "unlogged" if self.persistence == "u" else "logged"
        return [f"alter sequence {self.ref} set {word}"]
