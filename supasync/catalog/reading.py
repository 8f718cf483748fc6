"""The part of a look that reads objects: all, or those that have something to do with some keys.

Its query is put together on the server, of the kinds that there are, and is the same for both.
"""

from __future__ import annotations

from functools import cache

from supasync.catalog import queries
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.object import Object
from supasync.catalog.pieces import PLACE, Pieces, around, expression
from supasync.catalog.scan import key, number
from supasync.catalog.scope import Scope
from supasync.catalog.touched import ADDRESSES
from supasync.catalog.unmodelled import part, touched, whole
from supasync.sql import dollar

ROWS = """concat_ws(chr(1), coalesce(string_agg(digest, ''), ''),
    coalesce(array_agg(rank)::text, ''), coalesce(array_agg(cls::int8)::text, ''),
    coalesce(array_agg(oid::int8)::text, ''), coalesce(array_agg(sub)::text, ''),
    coalesce(string_agg(named, ''), ''))"""
"""All objects, column by column: half the price of a JSON array each. The digest needs the path's
text anyway."""

RECENT_ROW = "json_build_array(rank, path, digest, cls::int8, oid::int8, sub, solid)"

_ARRAY = "'array_subscript_handler'::regproc"

_TYPE_SORT = f"""case when not t.typisdefined then 'b' when t.typsubscript = {_ARRAY} then ''
        else t.typtype::text || coalesce(tc.relkind::text, '') end"""

_SORTS = f"""array(
    select k >> 32 || coalesce(c.relkind::text, {_TYPE_SORT},
      case p.prokind when 'a' then 'a' end, '')
    from unnest(keys) k
    left join pg_class c on k >> 32 = 'pg_class'::regclass::oid::int8
      and c.oid = (k & 4294967295)::oid
    left join pg_type t on k >> 32 = 'pg_type'::regclass::oid::int8
      and t.oid = (k & 4294967295)::oid
    left join pg_class tc on tc.oid = t.typrelid
    left join pg_proc p on k >> 32 = 'pg_proc'::regclass::oid::int8
      and p.oid = (k & 4294967295)::oid)"""
"""Of the keys: their catalogs, each with what tells kinds of a shared catalog apart."""

_SHARED = {
    "pg_class": "select distinct relkind::text from pg_class where oid >= 16384",
    "pg_type": f"""select distinct {_TYPE_SORT} from pg_type t
      left join pg_class tc on tc.oid = t.typrelid where t.oid >= 16384""",
    "pg_proc": """select distinct case prokind when 'a' then 'a' else '' end from pg_proc
      where oid >= 16384""",
}

_ALL_SORTS = "array({})".format(
    "\n  union all ".join(
        f"select '{catalog}'::regclass::oid::int8 || s.sort from ({_SHARED[catalog]}) s(sort)"
        if catalog in _SHARED
        else f"select '{catalog}'::regclass::oid::int8::text where counts[{number(catalog)}] > 0"
        for catalog in sorted(
            {k.query.catalog for k in KINDS if not queries.gathered(k) and not k.query.summary}
        )
    )
)
"""The same of all there is, after a `scan`."""

_CATALOGS = sorted(
    {c for kind in KINDS if not queries.gathered(kind) for c, _ in queries.places(kind)}
)

DECLARE = (
    "every boolean; sorts text[]; query text; found json[]; rest int8[]; unmodelled json; "
    + " ".join(f"in_{catalog} oid[];" for catalog in _CATALOGS)
)
"""The variables of this module's statements, besides the scan's."""

USING = f"using every, {', '.join(f'in_{catalog}' for catalog in _CATALOGS)}"
"""What the query is executed with."""


@cache
def objects(scope: Scope, solid: str = "true") -> str:
    """Statements that set `query`, to a CTE r of `queries.digests` and what that needs: of all
    objects if `every`, else of those in `keys` (int8[]) or hanging on one.

    What hangs on a relation depends on it in pg_depend, so it is among the keys itself. What is
    gathered is always there. solid: a condition under which there are solid digests, too.
    """
    variables = ", ".join(f"in_{catalog}" for catalog in _CATALOGS)
    oids = ", ".join(
        f"array_agg(t.oid) filter (where t.cls = '{catalog}'::regclass)" for catalog in _CATALOGS
    )
    rows: Pieces = [(None, queries.NO_ROWS)]
    for kind in queries.read_kinds(scope):
        always = queries.gathered(kind) or kind.query.summary
        only, near = ("", "") if queries.gathered(kind) else _among(kind)
        sql = queries.kind_rows(kind, RANK[kind.kind], scope, only, near=near)
        rows.append((None if always else _there(kind), f"\nunion all {sql}"))
    head, body = queries.digests(PLACE).split(queries.SOLID)
    body, tail = body.split(queries.DESCRIPTIONS)
    texts = [
        (None, f"with {queries.world(scope)}, r as materialized ({head}"),
        (solid, queries.SOLID),
        *around(body, rows),
        ("every", queries.ALL_DESCRIPTIONS),
        ("not every", queries.DESCRIPTIONS),
        (None, f"{tail}) "),
    ]
    return f"""
if every then
  sorts := {_ALL_SORTS};
else
  sorts := {_SORTS};
  select {oids} into {variables} from ({ADDRESSES.format("keys")}) t(cls, oid);
end if;
query := {expression(texts)};"""


def _among(kind: type[Object]) -> tuple[str, str]:
    """Conditions: the object or what it hangs on is among the keys, or all are read; the same of
    `Query.near`."""
    tests = (f"({oid}) = any({_keys(catalog)})" for catalog, oid in queries.places(kind))
    catalog, _ = kind.query.anchor or (kind.query.catalog, "")
    near = f"($1 or {kind.query.near} = any({_keys(catalog)}))"
    return f"($1 or {' or '.join(tests)})", near


def _keys(catalog: str) -> str:
    """The oids of the keys in a catalog, as `USING` numbers them."""
    return f"${2 + _CATALOGS.index(catalog)}"


def _there(kind: type[Object]) -> str:
    """A condition: `sorts` has one of the kind's."""
    sorts = (
        f"'{kind.query.catalog}'::regclass::oid::int8 || '{sort}'"
        for sort in kind.query.sort.split(",")
    )
    return f"sorts && array[{', '.join(sorts)}]"


def without_rule(scope: Scope) -> Pieces:
    """An expression over all `objects`: what no rule of the ledger is about, counted."""
    return whole(scope, lambda catalog: f"counts[{number(catalog)}] > 0")


@cache
def full(scope: Scope) -> str:
    """Statements that set `rows` and `unmodelled` of all `objects`."""
    rest = [(None, "select ("), *without_rule(scope), (None, f"), {ROWS} from r")]
    return f"execute query || {expression(rest)} {USING} into unmodelled, rows;"


@cache
def recent(scope: Scope) -> str:
    """Statements that set `found` to the rows of the `objects` read (json[]), and `unmodelled` to
    those of the keys that no rule of the ledger is about.
    """
    rest = f"select coalesce(array_agg({RECENT_ROW}), '{{}}') from r"
    return f"execute query || {dollar(rest)} {USING} into found;{_left_over(scope)}"


def _left_over(scope: Scope) -> str:
    # hardly ever is there a key left that is neither found nor a part of something, nor the index
    # of a TOAST table, which merely depends on that
    place = key("{catalog}", "{oid}")
    partly = ", ".join(
        f"'{kind.query.catalog}'::regclass::oid::int8 || ''" for kind in KINDS if kind.query.omits
    )
    left = touched(scope, f"{place} = any(rest)", f"{place} = any(keys)")
    return f"""
rest := array(
  select k from unnest(keys) k where not
    {part("(k >> 32)::int8::oid", "(k & 4294967295)::oid")}
    and not exists (select from pg_class c where k >> 32 = 'pg_class'::regclass::oid::int8
      and c.oid = (k & 4294967295)::oid and c.relnamespace = 'pg_toast'::regnamespace)
  except select {key("(f->>3)::int8", "(f->>4)::int8")} from unnest(found) f);
if rest <> '{{}}' or sorts && array[{partly}]
    or exists (select from pg_seclabel) or exists (select from pg_shseclabel) then
  with {queries.world(scope)} select {left} into unmodelled;
end if;"""
