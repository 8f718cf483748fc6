"""What tables, views and materialized views read and write alike."""

from __future__ import annotations

from supasync.catalog.kinds._type import ARRAYS
from supasync.sql import ident, literal

TABLE = "c.relkind in ('r', 'p', 'f')"
"""pg_class rows `c` that are tables: ordinary, partitioned or foreign."""

TABLE_SORTS = "r,p,f"


OF_INDEX = """k.conrelid = i.indrelid and k.conindid = i.indexrelid
            and k.contype in ('p', 'u', 'x')"""
"""Whether the constraint `k` is that of the index `i` (pg_index). conindid alone has no index."""


def row_type_aliases(relkinds: str) -> str:
    """A relation's row type, and that type's array, mean the relation. relkinds: as in `sort`."""
    # from types to relations: both are found by their oids, a row by its reltype is not
    these = f"""join pg_class c on c.oid = t.typrelid
          where c.relkind = any('{{{relkinds}}}'::"char"[])"""
    return f"""
        select 'pg_type'::regclass::oid, t.oid, 0, 'pg_class'::regclass::oid, c.oid, 0
          from pg_type t {these}
        union all
        select 'pg_type'::regclass::oid, a.oid, 0, 'pg_class'::regclass::oid, c.oid, 0
          from {ARRAYS} {these}"""


def view_aliases(relkind: str) -> str:
    """A view's rule and columns mean the view: pg_depend records what it uses under its rule."""
    return f"""{row_type_aliases(relkind)}
        union all
        select 'pg_rewrite'::regclass::oid, r.oid, 0, 'pg_class'::regclass::oid, c.oid, 0
          from pg_rewrite r join pg_class c on c.oid = r.ev_class
          where c.relkind = '{relkind}' and r.rulename = '_RETURN'
        union all
        select 'pg_attrdef'::regclass::oid, d.oid, 0, 'pg_class'::regclass::oid, c.oid, 0
          from pg_attrdef d join pg_class c on c.oid = d.adrelid where c.relkind = '{relkind}'
        union all
        select 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, 'pg_class'::regclass::oid,
            c.oid, 0
          from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relkind = '{relkind}' and a.attnum > 0"""


ACCESS_METHOD = "left join pg_am am on am.oid = c.relam"
"""A partitioned or foreign table has none, unless a partitioned one names it for its partitions."""


def using(access_method: str | None, usual: str | None = "heap") -> str:
    return f" using {ident(access_method)}" if access_method and access_method != usual else ""


OTHER_CLUSTERED = """exists (select from pg_index oi
    where oi.indrelid = {1} and oi.indexrelid <> {0} and oi.indisclustered)"""
"""Whether another index than {0} of the table {1} (oids) is what it is clustered on."""


def cluster(table: str, index: str | None, elsewhere: bool) -> list[str]:
    """table, index: quoted. Naming one index takes the mark off the others."""
    if index is None and elsewhere:
        return []
    return [f"alter table {table} {f'cluster on {index}' if index else 'set without cluster'}"]


OPTIONS = """(c.reloptions || (select array_agg('toast.' || o order by i) from pg_class toast,
    unnest(toast.reloptions) with ordinality u(o, i) where toast.oid = c.reltoastrelid))"""
"""reloptions with those of the TOAST table, as pg_dump writes them."""

COLUMN_COMMENTS = """(select json_agg(json_build_array(a.attname, d.description) order by a.attnum)
    from pg_description d join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid > 0)"""


def alter_column_comments(
    ref: str, old: tuple[tuple[str, str], ...] | None, new: tuple[tuple[str, str], ...] | None
) -> list[str]:
    was, now = dict(old or ()), dict(new or ())
    return [
        f"comment on column {ref}.{ident(name)} is {literal(now.get(name))}"
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]


def option_list(options: tuple[str, ...] | None) -> str:
    """reloptions (`name=value`) as a WITH list: the names bare, the values quoted."""
    pairs = (option.partition("=") for option in options or ())
    return ", ".join(
        f"{'.'.join(ident(word) for word in name.split('.'))} = {literal(value)}"
        for name, _, value in pairs
    )


def with_options(options: tuple[str, ...] | None) -> str:
    return f" with ({option_list(options)})" if options else ""


def alter_options(
    word: str, ref: str, old: tuple[str, ...] | None, new: tuple[str, ...] | None
) -> list[str]:
    """Resets all and sets all, so that the order pg_dump prints is the source's."""
    names = ", ".join(
        ".".join(ident(part) for part in option.partition("=")[0].split("."))
        for option in old or ()
    )
    statements = [f"alter {word} {ref} reset ({names})"] if names else []
    return statements + ([f"alter {word} {ref} set ({option_list(new)})"] if new else [])


def foreign_options(options: tuple[str, ...] | None) -> str:
    """Options for a foreign-data wrapper (`name=value`) as OPTIONS lists them."""
    pairs = (option.partition("=") for option in options or ())
    return ", ".join(f"{ident(name)} {literal(value)}" for name, _, value in pairs)


def change_foreign_options(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> str:
    """Drops all and adds all, so that the order is the source's."""
    gone = [f"drop {ident(option.partition('=')[0])}" for option in old or ()]
    come = [f"add {foreign_options((option,))}" for option in new or ()]
    return ", ".join(gone + come)


REFERENCED = """(select json_build_array(min(rn.nspname), min(rc.relname), json_agg(ra.attname))
    from pg_class rc join pg_namespace rn on rn.oid = rc.relnamespace
      join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = any(k.confkey)
    where rc.oid = k.confrelid having count(*) > 0)"""
"""The table and the columns that a foreign key, pg_constraint `k`, references."""
