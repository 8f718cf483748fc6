"""The text of one look at a database: as little as the time since the last look allows.

plpgsql plans a statement when it first runs it, so what a look does not need costs nothing, not
even its planning, which is most of what a short look costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from supasync.catalog import queries, scan
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.leftovers import FOUND
from supasync.catalog.object import Object
from supasync.catalog.scan import HORIZON, age_of, key, number
from supasync.catalog.scope import Scope
from supasync.catalog.touched import ADDRESSES, TOUCHED, present
from supasync.catalog.pieces import PLACE, Pieces, around, expression
from supasync.catalog.unmodelled import part, touched, whole
from supasync.sql import dollar, literal


def about(accepted: str = queries.ACCEPTED) -> str:
    """What every document says besides its objects, after a `scan`.

    accepted: the re-parse records' expression.
    """
    return f"""'session', {queries.SESSION}, 'accepted', {accepted}, 'roles', roles,
  'horizon', {HORIZON}, 'watched', watched, 'rows', counts, 'leftovers', {FOUND}"""


ROWS = """concat_ws(chr(1), coalesce(string_agg(digest, ''), ''),
    coalesce(array_agg(rank)::text, ''), coalesce(array_agg(cls::int8)::text, ''),
    coalesce(array_agg(oid::int8)::text, ''), coalesce(array_agg(sub)::text, ''),
    coalesce(json_agg(path)::text, ''))"""
"""All objects, column by column: half the price of a JSON array each."""

RECENT_ROW = "json_build_array(rank, path, digest, cls::int8, oid::int8, sub, solid)"

# a freak of history: more transactions than this and ages come near to wrapping around
_OLDEST = 1_000_000_000

_TRIES = 3

MOVING = "SSY04"
"""SQLSTATE of a look whose database kept changing."""

MANY = 3000
"""Touched objects from which on looking at everything is the shorter way."""


END = "\x01"
"""Stands in an answer between the document and the rows: JSON has it in neither."""


def full(scope: Scope) -> str:
    """Statements that set `document` and `rows` by a look at everything, after a `scan`."""
    query = [
        *everything(scope),
        (None, "select ("),
        *without_rule(scope),
        (None, f"), {ROWS} from r"),
    ]
    return f"""
sorts := {ALL_SORTS};
execute {expression(query)} into unmodelled, rows;
document := json_build_object('unmodelled', unmodelled, {about()});"""


def everything(scope: Scope, *, solid: bool = False) -> Pieces:
    """A CTE r of all objects' `queries.digests`, and what it needs, once `sorts` are known."""
    rows: Pieces = [(None, queries.NO_ROWS)]
    for kind in queries.read_kinds(scope):
        sql = queries.kind_rows(kind, RANK[kind.kind], scope)
        always = queries.gathered(kind) or kind.query.summary
        rows.append((None if always else _there(kind), f"\nunion all {sql}"))
    digests = around(queries.digests(PLACE, solid=solid), rows)
    return [(None, f"with {queries.world(scope)}, r as materialized ("), *digests, (None, ") ")]


def without_rule(scope: Scope) -> Pieces:
    """An expression over `everything`: what no rule of the ledger is about, counted."""
    return whole(scope, lambda catalog: f"counts[{number(catalog)}] > 0")


def _there(kind: type[Object]) -> str:
    """A condition: `sorts` has one of the kind's."""
    return _sorts(
        f"'{kind.query.catalog}'::regclass::oid::int8 || '{sort}'"
        for sort in kind.query.sort.split(",")
    )


def _sorts(sorts: Iterable[str]) -> str:
    return f"sorts && array[{', '.join(sorts)}]"


ANSWER = f"json_build_array(stamp, document)::text || coalesce(chr({ord(END)}) || rows, '')"
"""What a look answers: [stamp, document] and, of a look at everything, the rows."""


_ARRAY = "'array_subscript_handler'::regproc"

_TYPE_SORT = f"""case when not t.typisdefined then 'b' when t.typsubscript = {_ARRAY} then ''
        else t.typtype::text || coalesce(tc.relkind::text, '') end"""

SORTS = f"""array(
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

CATALOGS = sorted(
    {c for kind in KINDS if not queries.gathered(kind) for c, _ in queries.places(kind)}
)

_SHARED = {
    "pg_class": "select distinct relkind::text from pg_class where oid >= 16384",
    "pg_type": f"""select distinct {_TYPE_SORT} from pg_type t
      left join pg_class tc on tc.oid = t.typrelid where t.oid >= 16384""",
    "pg_proc": """select distinct case prokind when 'a' then 'a' else '' end from pg_proc
      where oid >= 16384""",
}

ALL_SORTS = "array({})".format(
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

DECLARE = (
    "sorts text[]; members int8[]; found json[] := '{}'; rest int8[]; unmodelled json; "
    + " ".join(f"in_{catalog} oid[];" for catalog in CATALOGS)
)
"""The variables of `recent_rows`, besides the scan's."""


@cache
def recent_rows(scope: Scope) -> str:
    """Statements that append the rows of objects in `keys` (int8[]) to `found` (json[]), and set
    `unmodelled` to those of the keys that no rule of the ledger is about.

    One statement per kind, run only when one of its objects is among them. (What hangs on a
    relation depends on it in pg_depend, so it is among the keys itself.) What is gathered is all
    appended.
    """
    member = key("classid", "objid")
    variables = ", ".join(f"in_{catalog}" for catalog in CATALOGS)
    oids = ", ".join(
        f"array_agg(t.oid) filter (where t.cls = '{catalog}'::regclass)" for catalog in CATALOGS
    )
    parts = [
        f"""sorts := {SORTS};
members := array(select {member} from pg_depend where deptype = 'e');
select {oids} into {variables} from ({ADDRESSES.format("keys")}) t(cls, oid);"""
    ]
    known = ADDRESSES.format("members")
    for kind in queries.read_kinds(scope):
        gathered = queries.gathered(kind)
        only = "" if gathered else queries.among(kind)
        rows = queries.kind_rows(kind, RANK[kind.kind], scope, only)
        parts.append(f"""
if {"true" if gathered else _there(kind)} then
  found := found || (with {queries.world(scope, known)}
    select coalesce(array_agg({RECENT_ROW}), '{{}}')
    from ({queries.digests(rows, solid=True)}) r);
end if;""")
    return "".join([*parts, _left_over(scope)])


def _left_over(scope: Scope) -> str:
    # hardly ever is there a key left that is neither found nor a part of something
    place = key("{catalog}", "{oid}")
    partly = ", ".join(
        f"'{kind.query.catalog}'::regclass::oid::int8 || ''" for kind in KINDS if kind.query.omits
    )
    left = touched(scope, f"{place} = any(rest)", f"{place} = any(keys)")
    return f"""
rest := array(
  select k from unnest(keys) k where not
    {part("(k >> 32)::int8::oid", "(k & 4294967295)::oid")}
  except select {key("(f->>3)::int8", "(f->>4)::int8")} from unnest(found) f);
if rest <> '{{}}' or sorts && array[{partly}]
    or exists (select from pg_seclabel) or exists (select from pg_shseclabel) then
  with {queries.world(scope)} select {left} into unmodelled;
end if;"""


def observe(
    scope: Scope, stamp: str | None = None, since: Mapping[str, object] | None = None
) -> str:
    """The text of a look, answering `ANSWER`.

    stamp: the remembered stamp; when the database still has it, the document is null.
    since: `horizon`, `watched` and `roles` of the remembered document; when they allow it, the
    document has `recent` rows, the `touched` keys and what is `present` instead of everything.
    """
    known = literal(stamp) if stamp else "null"
    age = age_of(str(since["horizon"])) if since else None
    some = _since(scope, since, age) if since and age else ""
    # pg_get_viewdef and its kin see what others commit meanwhile, the statement's snapshot does
    # not: a document counts if no transaction ended while it was made, or none that the stamp shows
    body = f"""
declare
  {scan.DECLARE} {DECLARE} document json; rows text;
  began text; before text; tries int := 0;
begin
loop
  began := pg_current_snapshot(); before := stamp;
{scan.scan(age)}
exit when stamp = before;
tries := tries + 1;
if tries > {_TRIES} then
  raise exception 'the schema kept changing' using errcode = '{MOVING}';
end if;
document := null; rows := null; unmodelled := null; found := '{{}}';
if stamp is distinct from {known} then
  {some or "null;"}
  if document is null then
    {full(scope)}
  end if;
end if;
exit when document is null or pg_current_snapshot()::text = began;
end loop;
perform set_config('supasync.look', {ANSWER}, true);
end"""
    level = "set local transaction_isolation = 'read committed';"
    last = "select current_setting('supasync.look') as look;"
    return f"{level} {queries.pinned(scope)}\ndo {dollar(body)};\n{last}"


def _since(scope: Scope, since: Mapping[str, object], age: str) -> str:
    """Statements that set `document` to only what is new, where that can be told."""
    watched = ",".join(str(n) for n in _list(since["watched"]))
    return f"""
if {age} between 0 and {_OLDEST} and roles = {literal(str(since["roles"]))}
    and kept = '{{{watched}}}'::int8[] then
  keys := {TOUCHED};
  if cardinality(keys) <= {MANY} then
  {recent_rows(scope)}
  document := json_build_object('recent', to_json(found), 'touched', to_json(keys),
    'present', {present(_list(since["rows"]))}, 'unmodelled', unmodelled, {about()});
  end if;
end if;"""


def _list(value: object) -> list[int]:
    return [int(number) for number in value] if isinstance(value, list) else []
