"""Which objects may print differently because of touched ones, and which there still are.

What an object prints also depends on what it uses (a rename shows in the views that did not move),
so everything that depends on a touched object is touched too. A deleted row leaves no trace:
vanished objects are found by the oids that are left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from supasync.catalog.ledger import OBJECTS
from supasync.catalog.pieces import Pieces
from supasync.catalog.scan import WHOLE, key, number

_BEHIND: Final = """
  select d.refclassid, d.refobjid from pg_depend d
    where d.classid = t.cls and d.objid = t.oid
      and (d.deptype in ('i', 'e', 'P')
        or d.deptype = 'a' and d.refclassid = 'pg_opclass'::regclass)
  union all select 'pg_class'::regclass::oid, d.adrelid from pg_attrdef d
    where t.cls = 'pg_attrdef'::regclass and d.oid = t.oid
  union all select 'pg_class'::regclass::oid, i.indrelid from pg_index i
    where t.cls = 'pg_class'::regclass and i.indexrelid = t.oid and i.indisreplident
  union all select 'pg_type'::regclass::oid, k.contypid from pg_constraint k
    where t.cls = 'pg_constraint'::regclass and k.oid = t.oid and k.contypid > 0
  union all select 'pg_class'::regclass::oid, k.conrelid from pg_constraint k
    where t.cls = 'pg_constraint'::regclass and k.oid = t.oid and k.contype = 'n' and k.conrelid > 0
  union all select 'pg_operator'::regclass::oid, u.other
    from pg_operator o, unnest(array[o.oprcom, o.oprnegate]) u(other)
    where t.cls = 'pg_operator'::regclass and o.oid = t.oid and u.other > 0
  union all select 'pg_constraint'::regclass::oid, k.oid from pg_constraint k
    where t.cls = 'pg_operator'::regclass and t.oid = any(k.conexclop)"""
"""What an object is printed with: a rule with its view, a member with its extension, an index with
its key, a replica identity with its table, an operator with its commutator, and so on; and an
exclusion with its operators, an index with the one it is a partition of."""


def dependents(start: str) -> str:
    """A recursive CTE t(cls, oid): the rows of `start` and all that depends on them."""
    return f"""t(cls, oid) as (
  {start}
  union
  select x.cls, x.oid from t cross join lateral (
    select d.classid, d.objid from pg_depend d
      where d.refclassid = t.cls and d.refobjid = t.oid
    union all {_BEHIND}) x(cls, oid))"""


ADDRESSES: Final = "select (k >> 32)::int8::oid, (k & 4294967295)::oid from unnest({}) k"
"""Rows (cls, oid) of the int8[] in braces."""

TOUCHED: Final = f"""(with recursive {dependents(ADDRESSES.format("keys"))}
  select coalesce(array_agg({key("cls", "oid")}), '{{}}') from t)"""
"""An `int8[]`: the keys in `keys` and those of all that depends on them."""


@dataclass(frozen=True)
class _Present:
    """Rows that are objects of their own. least: the first oid that counts."""

    catalog: str
    where: str = "true"
    least: int = 0


_MADE: Final = 16384
"""The first oid that initdb has not given."""

_SHARED: Final = (
    _Present(
        "pg_class",
        "relkind not in ('t', 'c')"
        " and oid not in (select conindid from pg_constraint where contype in ('p', 'u', 'x'))",
        least=_MADE,
    ),
    _Present(
        "pg_type",
        "(typrelid = 0 or typrelid in (select oid from pg_class where relkind = 'c'))"
        " and typcategory <> 'A'",
        least=_MADE,
    ),
    _Present("pg_proc", least=_MADE),
    _Present("pg_constraint", "contypid = 0 and contype not in ('n', 't')", least=_MADE),
    _Present("pg_trigger", "not tgisinternal"),
    _Present("pg_rewrite", "rulename <> '_RETURN'", least=_MADE),
)
"""Catalogs that have more rows than objects."""


def _present() -> tuple[_Present, ...]:
    found = {rows.catalog: rows for rows in _SHARED}
    for catalog, each in OBJECTS.items():
        if each.summary is None:
            least = 0 if catalog in WHOLE else _MADE
            found.setdefault(catalog, _Present(catalog, least=least))
    return tuple(found.values())


_PRESENT: Final = _present()


def present(counts: Sequence[int]) -> Pieces:
    """A query for a json of [catalog, least oid, [oids]]: what there still is, after a `scan` with
    an age.

    counts: the rows of each catalog at the remembered look. Where as many are older than it,
    nothing is gone, and nothing is said.
    """
    parts = [
        (
            f"older[{number(rows.catalog)}] <> {counts[number(rows.catalog) - 1]}",
            f"""
  union all select '{rows.catalog}'::regclass::oid::int8, {rows.least},
    (select json_agg(oid::int8) from {_where(rows)})""",
        )
        for rows in _PRESENT
    ]
    head = """select coalesce(json_agg(json_build_array(c, least, coalesce(oids, '[]'))), '[]')
  from (select null::int8 as c, null::int as least, null::json as oids where false"""
    return [(None, head), *parts, (None, ") p")]


def _where(rows: _Present) -> str:
    return f"{rows.catalog} where oid >= {rows.least} and {rows.where}"


OBJECT_CATALOGS: Final = {rows.catalog: number(rows.catalog) for rows in _PRESENT}
"""Catalogs whose rows are objects, with their places in `counts`."""


def all_keys(catalogs: Collection[str]) -> str:
    """An int8[]: the keys of all rows of these catalogs that are objects."""
    parts = "\nunion all ".join(
        f"select '{rows.catalog}'::regclass::oid::int8 << 32 | oid::int8 from {_where(rows)}"
        for rows in _PRESENT
        if rows.catalog in catalogs
    )
    return f"array({parts})"
