"""What a column is: its query, its fields, its names. Its statements are in column.py."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds import _identity, _not_null, _rewrites
from supasync.catalog.kinds._inherit import Inherited, links
from supasync.catalog.kinds._relation import TABLE, TABLE_SORTS
from supasync.catalog.object import Id, Query, hint, read, reparsed
from supasync.catalog.query import NEAR
from supasync.sql import ident

_ADDRESS = "'pg_class'::regclass::oid, a.attrelid, a.attnum::int"
_LIVE = "a.attnum > 0 and not a.attisdropped and a.attrelid >= 16384"
_FROM_PARENT = f"""select {_ADDRESS}, 'pg_class'::regclass::oid, p.attrelid, p.attnum::int
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and {TABLE}
      join pg_attribute a on a.attrelid = c.oid
      join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
    where {_LIVE}"""
_IN_PARENT = """exists (select from pg_attribute p
    where p.attrelid = l.inhparent and p.attname = a.attname)"""

QUERY = Query(
    catalog="pg_class",
    sort=TABLE_SORTS,
    tables=f"""pg_attribute a join pg_class c on c.oid = a.attrelid
        join namespace n on n.oid = c.relnamespace {_not_null.TABLES}
        join pg_type t on t.oid = a.atttypid
        left join (with gone as materialized (select attrelid, array_agg(attnum) as gone
            from pg_attribute where attisdropped {NEAR} group by attrelid)
          select * from gone) g on g.attrelid = a.attrelid""",
    near="attrelid",
    where=f"{TABLE} and a.attnum > 0 and not a.attisdropped",
    oid="a.attrelid",
    sub="a.attnum::int",
    path="n.nspname, c.relname, a.attname",
    schema="n",
    anchor=("pg_class", "a.attrelid"),
    acl="a.attacl",
    acl_type="'c'",
    acl_owner="c.relowner",
    # a generated column is its expression: what that uses, the column uses
    aliases="""select 'pg_attrdef'::regclass::oid, d.oid, 0, 'pg_class'::regclass::oid,
            d.adrelid, d.adnum::int
        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where a.attgenerated <> ''""",
    # what rewrites a column rewrites those that inherit it, but partitions are taken off for it
    edges=f"""select {_ADDRESS}, 'pg_class'::regclass::oid, a.attrelid, 0
        from pg_attribute a join pg_class c on c.oid = a.attrelid where {TABLE} and {_LIVE}
        union all {_FROM_PARENT} and not c.relispartition""",
    order=f"{_FROM_PARENT} and c.relispartition",
)


@dataclass(frozen=True, kw_only=True)
class Fields(Inherited):
    position: int = read(
        """case when g.gone is null then a.attnum
          else a.attnum - (select count(*) from unnest(g.gone) x where x < a.attnum) end"""
    )
    type: str = read("format_type(a.atttypid, a.atttypmod)")
    collation: str | None = read(
        "case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end"
    )
    not_null: bool = read("a.attnotnull")
    not_null_as: _not_null.Unusual = read(_not_null.UNUSUAL)
    not_null_name: str | None = hint("nn.conname")
    """None before PostgreSQL 18."""
    generated: str | None = read("nullif(a.attgenerated, '')")
    expression: str | None = reparsed(
        """case when a.attgenerated <> '' then (select pg_get_expr(d.adbin, d.adrelid)
          from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum) end"""
    )
    identity: str | None = read(
        # PostgreSQL 17 gives partitions the identity of their parent, and its sequence
        f"""case when not c.relispartition or {_identity.SEQUENCE} is not null
            then nullif(a.attidentity, '') end"""
    )
    identity_sequence: tuple[str, ...] | None = read(
        f"case when a.attidentity <> '' then {_identity.SEQUENCE} end"
    )
    storage: str | None = read("case when a.attstorage <> t.typstorage then a.attstorage end")
    compression: str | None = read("nullif(a.attcompression, '')")
    statistics: int | None = read("nullif(a.attstattarget, -1)")
    options: tuple[str, ...] | None = read("a.attoptions")
    foreign_options: tuple[str, ...] | None = read("a.attfdwoptions")
    table_owner: str = read("pg_get_userbyid(c.relowner)")
    inherited: int = read("a.attinhcount")
    local: bool | None = read("case when not c.relispartition then a.attislocal end")
    links: tuple[Id, ...] | None = hint(
        f"case when a.attinhcount > 0 then {links('a.attrelid', _IN_PARENT)} end"
    )
    parents: tuple[bool, bool, str | None] | None = hint(
        """case when a.attinhcount > 0 then (
            select json_build_array(bool_or(p.atthasdef),
              bool_or(p.attnotnull and k.connoinherit is not true), max(k.conname))
            from pg_inherits i join pg_attribute p on p.attrelid = i.inhparent
              left join pg_constraint k on k.conrelid = p.attrelid and k.contype = 'n'
                and k.conkey[1] = p.attnum
            where i.inhrelid = a.attrelid and p.attname = a.attname) end"""
    )
    """Whether one of them has a default for it, and a NOT NULL for its children, of which name."""
    facts: tuple[str, str, str, bool, bool, bool, bool] = hint(
        f"""json_build_array(t.typstorage, format_type(a.atttypid, -1), {_rewrites.BASE},
          {_rewrites.CHECKED}, a.atthasdef, c.relhassubclass,
          c.relkind = 'p' and exists (select from pg_depend k
            where k.classid = 'pg_class'::regclass and k.objid = a.attrelid
              and k.objsubid = a.attnum and k.refclassid = k.classid and k.refobjid = k.objid
              and k.refobjsubid = 0 and k.deptype = 'i'))"""
    )
    """usual_storage, plain_type, base_type, checked, has_default, has_children, key: see below."""
    not_null_in: tuple[tuple[str, str], ...] | None = hint(
        """case when c.relkind = 'p' and not a.attnotnull then (
            select json_agg(json_build_array(pn.nspname, pc.relname))
            from pg_partition_tree(a.attrelid) t join pg_class pc on pc.oid = t.relid
              join pg_namespace pn on pn.oid = pc.relnamespace
              join pg_attribute p on p.attrelid = pc.oid and p.attname = a.attname
            where t.level > 0 and p.attnotnull) end"""
    )
    """Partitions that hold it NOT NULL although the whole does not."""

    @property
    def usual_storage(self) -> str:
        return self.facts[0]

    @property
    def plain_type(self) -> str:
        """Without length or precision: a cast to those would cut, an assignment refuses."""
        return self.facts[1]

    @property
    def base_type(self) -> str:
        return self.facts[2]

    @property
    def checked(self) -> bool:
        """Its type is a domain with constraints."""
        return self.facts[3]

    @property
    def has_default(self) -> bool:
        return self.facts[4]

    @property
    def has_children(self) -> bool:
        return self.facts[5]

    @property
    def key(self) -> bool:
        """Whether the table is partitioned by it."""
        return self.facts[6]

    @property
    def table(self) -> str:
        return ident(*self.path[:2])

    @property
    def name(self) -> str:
        return ident(self.path[2])

    @property
    def not_null_place(self) -> str:
        """The name of its NOT NULL constraint."""
        return self.not_null_name or f"{self.path[1]}_{self.path[2]}_not_null"

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.table}"

    @property
    def acl_columns(self) -> str:
        return f" ({self.name})"

    @property
    def acl_owner(self) -> str:
        return self.table_owner

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """An identity's sequence takes a name too, and from 18 on its NOT NULL."""
        sequence, named = self.identity_sequence, self.not_null_name
        relations = {("relation", *sequence[:2])} if sequence else set()
        return frozenset(relations | ({("constraint", *self.path[:2], named)} if named else set()))

    @property
    def leader(self) -> Id:
        return ("table", *self.id[1:3])

    @property
    def inlined(self) -> bool:
        return True

    @property
    def order(self) -> int:
        return self.position

    @property
    def has_data(self) -> bool:
        return self.holds_data and self.relkind == "r"

    @property
    def with_leader(self) -> bool:
        """A partitioned table has no rows: it is made anew around its partitions, which have."""
        return self.relkind == "p"
