"""The text of one look at a database: as little as the time since the last look allows.

plpgsql plans a statement when it first runs it, so what a look does not need costs nothing, not
even its planning, which is most of what a short look costs.
"""

from __future__ import annotations

from functools import cache

from supasync.catalog import queries, scan
from supasync.catalog.kinds import KINDS
from supasync.catalog.scan import HORIZON, age_of, key
from supasync.catalog.scope import Scope
from supasync.catalog.touched import ADDRESSES, TOUCHED, present
from supasync.catalog.unmodelled import UNMODELLED
from supasync.sql import dollar, literal


def about(accepted: str = queries.ACCEPTED) -> str:
    """What every document says besides its objects, after a `scan`.

    accepted: the re-parse records' expression.
    """
    return f"""'session', {queries.SESSION}, 'accepted', {accepted}, 'roles', roles,
  'horizon', {HORIZON}, 'watched', watched, 'rows', counts"""


ROW = "json_build_array(rank, path, digest, cls::int8, oid::int8, sub)"

RECENT_ROW = "json_build_array(rank, path, digest, cls::int8, oid::int8, sub, solid)"

# a freak of history: more transactions than this and ages come near to wrapping around
_OLDEST = 1_000_000_000

_TRIES = 3

MOVING = "SSY04"
"""SQLSTATE of a look whose database kept changing."""

MANY = 3000
"""Touched objects from which on looking at everything is the shorter way."""


@cache
def full(scope: Scope) -> str:
    """An expression: the document of a look at everything, after a `scan`."""
    return f"""(with {queries.world(scope)}
select json_build_object('objects', coalesce(json_agg({ROW}), '[]'),
  'fingerprint', {queries.ROOT.format(digest="digest")},
  'unmodelled', (select json_object_agg(what, n) from ({UNMODELLED}) u where n > 0), {about()})
from ({queries.digests(queries.object_rows(scope))}) r)"""


SORTS = """array(
    select k >> 32 || coalesce(c.relkind::text,
      t.typtype::text || coalesce(tc.relkind::text, ''), '')
    from unnest(keys) k
    left join pg_class c on k >> 32 = 'pg_class'::regclass::oid::int8
      and c.oid = (k & 4294967295)::oid
    left join pg_type t on k >> 32 = 'pg_type'::regclass::oid::int8
      and t.oid = (k & 4294967295)::oid
    left join pg_class tc on tc.oid = t.typrelid)"""
"""Of the keys: their catalogs, each with what tells kinds of a shared catalog apart."""

CATALOGS = sorted({catalog for kind in KINDS for catalog, _ in queries.places(kind)})

DECLARE = "sorts text[]; members int8[]; found json[] := '{}'; " + " ".join(
    f"in_{catalog} oid[];" for catalog in CATALOGS
)
"""The variables of `recent_rows`, besides the scan's."""


@cache
def recent_rows(scope: Scope) -> str:
    """Statements that append the rows of objects in `keys` (int8[]) to `found` (json[]).

    One statement per kind, run only when one of its objects is among them. (What hangs on a
    relation depends on it in pg_depend, so it is among the keys itself.)
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
    for rank, kind in enumerate(KINDS):
        rows = queries.kind_rows(kind, rank, scope, queries.among(kind))
        sort = f"'{kind.query.catalog}'::regclass::oid::int8 || '{kind.query.sort}'"
        parts.append(f"""
if {sort} = any(sorts) then
  found := found || (with {queries.world(scope, known)}
    select coalesce(array_agg({RECENT_ROW}), '{{}}')
    from ({queries.digests(rows)}) r);
end if;""")
    return "".join(parts)


def observe(scope: Scope, stamp: str | None = None, since: dict[str, object] | None = None) -> str:
    """The text of a look, answering [stamp, document].

    stamp: the remembered stamp; when the database still has it, the document is null.
    since: `horizon`, `watched` and `roles` of the remembered document; when they allow it, the
    document has `recent` rows, the `touched` keys and what is `present` instead of everything.
    """
    known = literal(stamp) if stamp else "null"
    age = age_of(str(since["horizon"])) if since else None
    some = ""
    if since:
        watched = ",".join(str(n) for n in _list(since["watched"]))
        some = f"""
elsif {age} between 0 and {_OLDEST} and roles = {literal(str(since["roles"]))}
    and kept = '{{{watched}}}'::int8[] then
  keys := {TOUCHED};
  if cardinality(keys) > {MANY} then
    document := {full(scope)};
  else
  {recent_rows(scope)}
  document := json_build_object('recent', to_json(found), 'touched', to_json(keys),
    'present', {present(_list(since["rows"]))}, 'unmodelled', (with {queries.world(scope)}
      select json_object_agg(what, n) from ({UNMODELLED}) u where n > 0), {about()});
  end if;"""
    # pg_get_viewdef and its kin see what others commit meanwhile, the statement's snapshot does
    # not: a document counts if no transaction ended while it was made, or none that the stamp shows
    body = f"""
declare
  {scan.DECLARE} {DECLARE} document json; began text; before text; tries int := 0;
begin
loop
  began := pg_current_snapshot(); before := stamp;
{scan.scan(age)}
exit when stamp = before;
tries := tries + 1;
if tries > {_TRIES} then
  raise exception 'the schema kept changing' using errcode = '{MOVING}';
end if;
document := null; found := '{{}}';
if stamp = {known} then
  null;{some}
else
  document := {full(scope)};
end if;
exit when document is null or pg_current_snapshot()::text = began;
end loop;
perform set_config('supasync.look', json_build_array(stamp, document)::text, true);
end"""
    level = "set local transaction_isolation = 'read committed';"
    answer = "select current_setting('supasync.look') as look;"
    return f"{level} {queries.PINNED}\ndo {dollar(body)};\n{answer}"


def _list(value: object) -> list[int]:
    return [int(number) for number in value] if isinstance(value, list) else []
