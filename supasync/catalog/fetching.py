"""The SQL that reads chosen objects in full, and what depends on what.

As for a look, each call is one text whose last SELECT is one `::text` value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from supasync.catalog import queries
from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Object
from supasync.catalog.queries import Address
from supasync.catalog.scope import Scope
from supasync.catalog.touched import ADDRESSES, dependents

Wanted = dict[int, list[Address]]
"""Addresses of objects, by their kinds' ranks."""

Kinds = Sequence[type[Object]]

_MOST = 5_000
"""Objects in one answer."""


def parts(wanted: Wanted) -> Iterator[Wanted]:
    """What is wanted, in parts of which one answer tells; what shares an oid is in one part."""
    part: Wanted = {}
    count = 0
    for rank, addresses in wanted.items():
        ordered, start = sorted(addresses, key=_OID), 0
        while start < len(ordered):
            if count >= _MOST:
                yield part
                part, count = {}, 0
            end = min(start + _MOST - count, len(ordered))
            while end < len(ordered) and _OID(ordered[end]) == _OID(ordered[end - 1]):
                end += 1
            part.setdefault(rank, []).extend(ordered[start:end])
            count += end - start
            start = end
    if part:
        yield part


_OID = itemgetter(1)


EDGES = """json_build_array(array_agg(fc::int8)::text, array_agg(fo::int8)::text,
    array_agg(fs)::text, array_agg(tc::int8)::text, array_agg(t::int8)::text, array_agg(ts)::text,
    array_agg(firm::int)::text)"""
"""Rows of `edges`, column by column: nulls if there are none."""

FULL = f"""o.rank, o.path, pg_get_userbyid(o.owner), o.description, o.acl,
    o.solid_values, o.text_values, o.hint_values, md5(o.body), {queries.DIGEST}"""
"""An object in full, over `queries.described` rows o."""


_HASHED = "set local enable_mergejoin = off;"
"""Of what is not analyzed, the planner would sort dependencies to merge them with their aliases."""


def fetch(scope: Scope, wanted: Wanted, *, linked: Wanted | None, kinds: Kinds) -> str:
    """Full rows of the wanted objects, and on what those `linked` and what uses them depend.

    kinds: those that the database has objects of.
    """
    every = "null"
    if linked:
        every = f"(select {EDGES} from ({edges(linked, kinds)}) e)"
    return f"""{queries.pinned(scope)} {_HASHED}
with {queries.world(scope)}
select json_build_object('edges', {every}, 'objects', ({_full_rows(scope, wanted)}))::text"""


def _full_rows(scope: Scope, wanted: Wanted) -> str:
    rows = "\nunion all".join(
        _rows(KINDS[rank], rank, scope, sorted({oid for _, oid, _ in addresses}))
        for rank, addresses in sorted(wanted.items())
    )
    return f"""
  select json_agg(json_build_array({FULL}))
  from ({queries.described(rows)}) o"""


def _rows(kind: type[Object], rank: int, scope: Scope, oids: Sequence[int]) -> str:
    """The rows of the objects with these oids, whatever their sub id; of a whole server's, all."""
    if queries.gathered(kind) and not kind.query.gather_from:
        return queries.kind_rows(kind, rank, scope, values=True)
    these = f"any('{{{','.join(map(str, oids))}}}'::oid[])"
    only, near = f"{kind.query.oid} = {these}", f"{kind.query.near} = {these}"
    return queries.kind_rows(kind, rank, scope, only, near=near, values=True)


def _resolved(kinds: Kinds, *, few: bool) -> str:
    """SQL after a CTE raw(cls, oid, sub, to_cls, to_oid, to_sub, firm): it, aliases resolved. Two
    of its rows may then be the same.

    few: whether raw has few rows. An array of their oids then leads to the indexes of all that the
    aliases are read from; a long one is searched from its start for each row.
    """
    led = """where a.oid = any(array(select oid from raw union select to_oid from raw))
      and (a.cls, a.oid) in (select cls, oid from raw union select to_cls, to_oid from raw)"""
    aliases = _union(
        "select null::oid, null::oid, null::int, null::oid, null::oid, null::int where false",
        *(kind.query.aliases for kind in kinds),
    )
    return f"""alias(cls, oid, sub, to_cls, to_oid, to_sub) as materialized (
    select a.* from ({aliases}) a(cls, oid, sub, to_cls, to_oid, to_sub) {led if few else ""})
  select coalesce(a.to_cls, d.cls) as fc, coalesce(a.to_oid, d.oid) as fo,
    coalesce(a.to_sub, d.sub) as fs, coalesce(b.to_cls, d.to_cls) as tc,
    coalesce(b.to_oid, d.to_oid) as t, coalesce(b.to_sub, d.to_sub) as ts, d.firm
  from raw d
  left join alias a on (a.cls, a.oid, a.sub) = (d.cls, d.oid, d.sub)
  left join alias b on (b.cls, b.oid, b.sub) = (d.to_cls, d.to_oid, d.to_sub)"""


def _union(*queries_: str) -> str:
    return "\nunion all ".join(filter(None, queries_))


_MANY = 1000
"""Objects from which on following dependencies costs more than reading them all."""


def edges(wanted: Wanted | None, kinds: Kinds) -> str:
    """Dependencies of the wanted objects and of all that depends on them; of many, all there are.
    None wants everything.

    As addresses, pg_depend's other addresses for an object resolved, and with the kinds' own.
    """
    keys = {cls << 32 | oid for all_ in (wanted or {}).values() for cls, oid, _ in all_}
    few = wanted is not None and len(keys) <= _MANY
    start = ADDRESSES.format(f"'{{{','.join(map(str, sorted(keys) if few else ()))}}}'::int8[]")
    near = f"{dependents(start)}," if few else ""
    none = "select null::oid, null::oid, null::int, null::oid, null::oid, null::int"
    own = _union(
        f"{none}, true where false",
        *(f"select *, true from ({kind.query.edges}) e" for kind in kinds if kind.query.edges),
        *(f"select *, false from ({kind.query.order}) e" for kind in kinds if kind.query.order),
    )
    apart = _union(f"{none} where false", *(kind.query.apart for kind in kinds))
    # the arrays go down into every part of the unions, and to their indexes; the join does not
    by_depender = """join t on (d.classid, d.objid) = (t.cls, t.oid)
        and d.classid = any(array(select cls from t)) and d.objid = any(array(select oid from t))"""
    by_user = """join t on (t.cls, t.oid) = (o.cls, o.oid)
        and o.oid = any(array(select oid from t))"""
    return f"""
  with recursive {near}
  apart(cls, oid, sub, to_cls, to_oid, to_sub) as materialized ({apart}),
  raw(cls, oid, sub, to_cls, to_oid, to_sub, firm) as materialized (
    select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, true
      from pg_depend d {by_depender if few else ""}
      where d.objid >= 16384 and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)
        and (d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid)
          not in (select * from apart)
    union all select o.* from ({own}) o(cls, oid, sub, to_cls, to_oid, to_sub, firm)
      {by_user if few else ""}),
  {_resolved(kinds, few=few)}"""


def stub_uses(wanted: Wanted, kinds: Kinds) -> str:
    """A json as `fetch`'s edges: what the stubs of the wanted objects (by rank) use."""
    keys = sorted({cls << 32 | oid for places in wanted.values() for cls, oid, _ in places})
    start = ADDRESSES.format(f"'{{{','.join(map(str, keys))}}}'::int8[]")
    found = stub_edges(
        [KINDS[rank] for rank in sorted(wanted)], kinds, f"(s.cls, s.oid) in ({start})"
    )
    return f"{queries.PINNED}\nselect {EDGES}::text from ({found}) e"


def stub_edges(stubs: Iterable[type[Object]], kinds: Kinds, where: str = "true") -> str:
    """What the stubs of the kinds `stubs` use, as `edges` has it. where: over s(cls, oid, …)."""
    none = "select null::oid, null::oid, null::int, null::oid, null::oid, null::int where false"
    found = _union(none, *(kind.query.stub_uses for kind in stubs))
    return f"""
  with raw as materialized (
    select s.*, true as firm from ({found}) s(cls, oid, sub, to_cls, to_oid, to_sub)
    where {where}),
  {_resolved(kinds, few=where != "true")}"""
