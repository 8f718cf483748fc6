from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.hazards import Hazard, constraint_scan, index_build
from supasync.catalog.kinds._relation import ORDINARY, with_options
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class Constraint(Object):
    label = "CONSTRAINT"
    query = Query(
        catalog="pg_constraint",
        tables="""pg_constraint k join pg_class c on c.oid = k.conrelid
            join namespace n on n.oid = c.relnamespace""",
        where=f"{ORDINARY} and k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0",
        oid="k.oid",
        path="n.nspname, c.relname, k.conname",
        schema="n",
        anchor=("pg_class", "k.conrelid"),
        # what needs a key depends on its index
        aliases="""select 'pg_class'::regclass::oid, k.conindid, 0, 'pg_constraint'::regclass::oid,
                k.oid, 0
            from pg_constraint k where k.contype in ('p', 'u', 'x') and k.conindid <> 0""",
    )
    type: str = read("k.contype")
    definition: str = reparsed("pg_get_constraintdef(k.oid)")
    index_options: tuple[str, ...] | None = read(
        """case when k.contype in ('p', 'u', 'x')
            then (select i.reloptions from pg_class i where i.oid = k.conindid) end"""
    )

    index_comment: str | None = read(
        """case when k.contype in ('p', 'u', 'x')
            then obj_description(k.conindid, 'pg_class') end"""
    )
    referenced: tuple[str, str, tuple[str, ...]] | None = hint(
        """(select json_build_array(min(rn.nspname), min(rc.relname), json_agg(ra.attname))
            from pg_class rc join pg_namespace rn on rn.oid = rc.relnamespace
              join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = any(k.confkey)
            where rc.oid = k.confrelid having count(*) > 0)"""
    )
    """A foreign key's table and columns."""
    clustered: bool = read(
        "coalesce((select i.indisclustered from pg_index i where i.indexrelid = k.conindid), false)"
        " and k.contype in ('p', 'u', 'x')"
    )

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        if self.type in ("c", "f"):
            return frozenset()
        return frozenset({("relation", self.path[0], self.path[-1])})  # its index

    @property
    def inlined(self) -> bool:
        # inside CREATE TABLE a CHECK counts as valid whatever it says
        return self.type != "f" and not self.definition.endswith(" NOT VALID")

    @property
    def leader(self) -> Id:
        return ("table", *self.path[:2])

    @property
    def table(self) -> str:
        return ident(*self.path[:2])

    @property
    def name(self) -> str:
        return ident(self.path[2])

    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        body, deferral = _split(self.definition) if self.index_options else (self.definition, "")
        return f"constraint {self.name} {body}{with_options(self.index_options)}{deferral}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter table {self.table} add {self.inline()}"]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        more = self.alter_index_comment(self) if self.index_comment is not None else []
        more += self.alter_clustered(self) if self.clustered else []
        return super().dress(creator, born) + more

    def alter_index_comment(self, old: Constraint) -> list[str]:
        index = ident(self.path[0], self.path[2])
        return [f"comment on index {index} is {literal(self.index_comment)}"]

    def alter_clustered(self, old: Constraint) -> list[str]:
        how = f"cluster on {self.name}" if self.clustered else "set without cluster"
        return [f"alter table {self.table} {how}"]

    def costs(self, how: str, old: Constraint | None, parts: tuple[Part, ...]) -> list[Hazard]:
        if how == "drop" or (old is not None and old.definition == self.definition):
            return []
        if self.type in ("p", "u", "x"):
            return [index_build(self.title)]
        return [] if self.definition.endswith(" NOT VALID") else [constraint_scan(self.title)]

    def needs(self, old: Constraint | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create" and self.type in ("p", "u", "x"):
            yield rights.creates_in(self.path[0])  # for the index
        if verb == "create" and self.referenced:
            yield rights.references(*self.referenced)

    def drop(self) -> list[str]:
        return [f"alter table {self.table} drop constraint {self.name}"]

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on constraint {self.name} on {self.table} is {literal(self.comment)}"]

    def alter_definition(self, old: Constraint) -> list[str] | None:
        if old.definition == f"{self.definition} NOT VALID":
            return [f"alter table {self.table} validate constraint {self.name}"]
        return None


def _split(definition: str) -> tuple[str, str]:
    """A key's definition before and from where WITH (…) has to stand."""
    for word in (" DEFERRABLE", " WHERE ("):
        head, found, tail = definition.partition(word)
        if found:
            return head, found + tail
    return definition, ""
