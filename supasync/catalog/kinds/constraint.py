from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.hazards import Hazard, constraint_scan, index_build
from supasync.catalog.kinds._inherit import (
    Inherited,
    Members,
    attached,
    gaps,
    links,
    members,
    rejoin,
)
from supasync.catalog.kinds._relation import (
    OF_INDEX,
    OTHER_CLUSTERED,
    REFERENCED,
    TABLE,
    cluster,
    with_options,
)
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal

_IN_PARENT = """exists (select from pg_constraint p where p.conrelid = l.inhparent
    and (p.oid = k.conparentid or p.contype = 'c' and p.conname = k.conname))"""
_IF_WHOLE_KEY = "case when c.relkind = 'p' and k.contype in ('p', 'u', 'x')"


@dataclass(frozen=True, kw_only=True)
class Constraint(Inherited):
    label = "CONSTRAINT"
    deferred = frozenset({"inherited"})
    query = Query(
        catalog="pg_constraint",
        tables="""pg_constraint k join pg_class c on c.oid = k.conrelid
            join namespace n on n.oid = c.relnamespace""",
        # a partition's copy of a foreign key or an exclusion comes and goes with its parent's
        where=f"""{TABLE} and k.contype in ('c', 'f', 'p', 'u', 'x')
          and (k.conparentid = 0 or k.contype not in ('f', 'x'))""",
        oid="k.oid",
        path="n.nspname, c.relname, k.conname",
        schema="n",
        anchor=("pg_class", "k.conrelid"),
        # what needs a key depends on its index
        aliases=f"""select 'pg_class'::regclass::oid, i.indexrelid, 0,
              'pg_constraint'::regclass::oid, k.oid, 0
            from pg_index i join pg_constraint k on {OF_INDEX}""",
        # a copy with its original; an exclusion with its operators: no dependency is recorded
        edges="""select 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_constraint'::regclass::oid,
                p.oid, 0
            from pg_constraint k join pg_inherits i on i.inhrelid = k.conrelid
              join pg_constraint p on p.conrelid = i.inhparent and p.conname = k.conname
            where k.contype = 'c' and p.contype = 'c'
            union all
            select 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_operator'::regclass::oid, o.oid, 0
            from pg_constraint k join pg_operator o on o.oid = any(k.conexclop)
            where k.contype = 'x' and o.oid >= 16384""",
    )
    type: str = read("k.contype")
    definition: str = reparsed("pg_get_constraintdef(k.oid)")
    index_options: tuple[str, ...] | None = read(  # those of EXCLUDE are in its definition
        """case when k.contype in ('p', 'u')
            then (select i.reloptions from pg_class i where i.oid = k.conindid) end"""
    )

    index_comment: str | None = read(
        """case when k.contype in ('p', 'u', 'x')
            then (select d.description from pg_description d where d.objoid = k.conindid
              and d.classoid = 'pg_class'::regclass and d.objsubid = 0) end"""
    )
    referenced: tuple[str, str, tuple[str, ...]] | None = hint(REFERENCED)
    clustered: bool = read(
        """case when k.contype in ('p', 'u', 'x') then
            (select i.indisclustered from pg_index i where i.indexrelid = k.conindid)
          else false end"""
    )
    cluster_elsewhere: bool = hint(OTHER_CLUSTERED.format("k.conindid", "k.conrelid"))
    local: bool | None = read(
        "case when k.contype = 'c' and not c.relispartition then k.conislocal end"
    )
    inherited: bool = read("k.coninhcount > 0")
    attached: tuple[str, ...] | None = read(f"{_IF_WHOLE_KEY} then {attached('k.conindid')} end")
    gaps: int | None = read(f"{_IF_WHOLE_KEY} then {gaps('k.conindid', 'k.conrelid')} end")
    members: Members = hint(f"{_IF_WHOLE_KEY} then {members('k.conindid', 'k.conrelid')} end")
    columns: tuple[str, ...] | None = hint(
        """(select json_agg(a.attname) from pg_attribute a
          where a.attrelid = k.conrelid and a.attnum = any(k.conkey))"""
    )
    to_partitions: bool = hint(
        "coalesce((select r.relkind = 'p' from pg_class r where r.oid = k.confrelid), false)"
    )
    links: tuple[Id, ...] | None = hint(
        f"case when k.coninhcount > 0 then {links('k.conrelid', _IN_PARENT)} end"
    )

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        if self.type == "c":
            return frozenset()
        if self.type == "f":
            return frozenset({("constraint", *self.path)})
        return frozenset({("relation", self.path[0], self.path[-1])})  # its index

    @property
    def inlined(self) -> bool:
        # inside CREATE TABLE a CHECK counts as valid whatever it says
        return self.type != "f" and not self.gaps and not self.definition.endswith(" NOT VALID")

    @property
    def leader(self) -> Id | None:
        # what has to go before partitions are taken off cannot wait for the table
        return None if self.gaps or self.to_partitions else ("table", *self.id[1:3])

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
        key = self.type in ("p", "u", "x")
        if not key and self.follows:
            return []
        if self.local is False:
            names = ", ".join(ident(name) for name in self.columns or ())
            columns = f"as select {names} from only {self.table} with no data" if names else "()"
            return self.given(columns, f"add {self.inline()}")
        # the keys of partitions are objects of their own
        only = "only " if self.type in ("p", "u") and self.relkind == "p" else ""
        return [f"alter table {only}{self.table} add {self.inline()}"]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        more = self.alter_index_comment(self) if self.index_comment is not None else []
        more += self.alter_clustered(self) if self.clustered else []
        return super().dress(creator, born) + more

    def alter_index_comment(self, old: Constraint) -> list[str]:
        index = ident(self.path[0], self.path[2])
        return [f"comment on index {index} is {literal(self.index_comment)}"]

    def alter_clustered(self, old: Constraint) -> list[str]:
        return cluster(self.table, self.name if self.clustered else None, self.cluster_elsewhere)

    def costs(self, how: str, old: Constraint | None, parts: tuple[Part, ...]) -> list[Hazard]:
        cost = index_build if self.type in ("p", "u", "x") else constraint_scan
        same = old is not None and old.definition == self.definition
        free = same or how == "drop" or self.definition.endswith(" NOT VALID")
        return [] if free else [cost(self.title)]

    def needs(self, old: Constraint | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create" and self.type != "c":
            index = rights.creates_in(self.path[0])
            yield rights.references(*self.referenced) if self.referenced else index

    def drop(self) -> list[str]:
        if self.follows:
            return []
        only = "only " if self.outlived and self.relkind != "p" else ""
        return [f"alter table {only}{self.table} drop constraint {self.name}"]

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on constraint {self.name} on {self.table} is {literal(self.comment)}"]

    def alter_local(self, old: Constraint) -> list[str] | None:
        return [] if self.local in (True, None) or old.local is None else None

    def alter_inherited(self, old: Constraint) -> list[str]:
        # a partition's goes with the parent's; a child's is its own then
        taken = self.type == "c" and self.local is None and old.follows and not self.inherited
        return self.create() if taken else []

    def alter_gaps(self, old: Constraint) -> list[str] | None:
        return rejoin(old.members, self.members)

    def alter_attached(self, old: Constraint) -> list[str] | None:
        return rejoin(old.members, self.members)

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
