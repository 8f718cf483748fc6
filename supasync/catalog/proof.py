"""The two checks inside a sync's transaction: what was planned for, and what came of it.

Both raise inside the transaction, so that what is not proved never happened. The proof looks at
what the transaction touched and at what depends on that, if everything else is known from the
look the plan was made from; else at everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from supasync.catalog import look, queries, reading, scan
from supasync.catalog.kinds import BY_NAME, KINDS, RANK
from supasync.catalog.object import Id
from supasync.catalog.pieces import expression
from supasync.catalog.plan import Plan
from supasync.catalog.scan import age_of
from supasync.catalog.scope import Scope
from supasync.catalog.touched import OBJECT_CATALOGS, TOUCHED, all_keys
from supasync.sql import dollar, literal

MOVED, UNPROVED = "SSY01", "SSY02"
"""SQLSTATEs of our own, raised inside the transaction."""

_MOST = 800
"""Objects of which the short proof is told; beyond that the long one is the shorter way."""


def unproved(plan: Plan, detail: str | None) -> list[Id]:
    """The objects in which the result was not the source, from the error's detail."""
    have = {(KINDS[rank].kind, *path): digest for rank, path, digest in json.loads(detail or "[]")}
    want = plan.source_state.digests
    return sorted({id_ for id_, _ in have.items() ^ want.items()})


def check(plan: Plan, scope: Scope) -> str:
    """Compare-and-swap. Where no transaction has ended since the look, nothing moved; else the
    stamp is the cheap way to know, and the fingerprint decides."""
    state, fingerprint = plan.target_state, queries.ROOT.format(digest="digest")
    still = scan.still(state.about["session"], str(state.about["horizon"]))
    # keys first: what goes after them is seen to have vanished, what went before moved the stamp
    body = f"""
declare
  {scan.DECLARE}
begin
perform set_config('supasync.before', {all_keys(_shrinking(plan))}::text, true);
if {still if state.stamp else "false"} then
  stamp := {literal(state.stamp)};
else
{scan.scan()}
end if;
if stamp <> {literal(state.stamp)} then
  perform set_config('supasync.before', '', true);
  if (with {queries.world(scope)} select {fingerprint}
      from ({queries.digests(queries.object_rows(scope))}) r)
      <> {literal(plan.target_fingerprint)} then
    raise exception 'the schema changed since the plan was made' using errcode = '{MOVED}';
  end if;
end if;
end"""
    return f"do {dollar(body)};"


def prove(plan: Plan, scope: Scope, *, told: str | None = None) -> str:
    """Raises unless the result is the source's schema; leaves stamp, state and rows in settings.

    told: an SQL expression that reads what `known` says, where it is too large to be said here.
    An object made from the source's text in this transaction may print differently once read
    back. Its digest then counts as the source's if nothing else of it differs.
    """
    age = age_of(str(plan.target_state.about["horizon"])) if _may_be_short(plan) else None
    short = f"""
if not every then
  keys := {TOUCHED};
  continue when current_setting('supasync.before') = '' or cardinality(keys) > {look.MANY};
end if;"""
    body = f"""
declare
  {scan.DECLARE} {reading.DECLARE} vanished int8[] := '{{}}';
  document json; rows text; root text; have json; accepted text; proved boolean := false;
begin
{scan.scan(age)}
foreach every in array {"array[false, true]" if age else "array[true]"} loop
exit when proved;{short if age else ""}
{reading.objects(scope)}
if every then
  {_long(scope, told or literal(known(plan)), plan.source_fingerprint)}
  if root <> {literal(plan.source_fingerprint)} then
    raise exception 'the result is not the source''s schema'
      using errcode = '{UNPROVED}', detail = coalesce(have, '[]')::text;
  end if;
else
  {_short(plan, scope) if age else "null;"}
end if;
end loop;
perform set_config('supasync.stamp', stamp, true);
perform set_config('supasync.state', document::text, true);
perform set_config('supasync.rows', coalesce(rows, ''), true);
end"""
    return f"do {dollar(body)};"


def _pardon(rows: str) -> str:
    """A CTE over JSON rows [rank, path, source digest, solid digest, accepted digest, must]; of
    the last two what is null may be missing."""
    return f"""pardon as materialized (
    select (p->>0)::int as rank, array(select jsonb_array_elements_text(p->1)) as path,
      p->>2 as source, p->>3 as solid, p->>4 as accepted, (p->>5)::boolean as must
    from jsonb_array_elements({rows}::jsonb) p)"""


EFFECTIVE = """case when r.digest = p.source or r.digest = p.accepted or r.solid = p.solid
  then p.source else r.digest end"""

_RECORD = f"json_build_array({queries.kind_names('{rank}')} || {{path}}, {{source}}, {{digest}})"


def _accepted(records: str) -> str:
    return (
        "(select json_build_object('accepted', coalesce(json_agg(record), '[]'))::text "
        f"from ({records}) a(record) having count(*) > 0)"
    )


def known(plan: Plan) -> str:
    """What the long proof has to know besides the source's fingerprint: it grows with the plan."""
    rows = (row[:-1] for row in _known(plan) if row[4] or row[3] not in (None, row[2]))
    return _json(row if row[-1] else row[:-1] for row in rows)


def _long(scope: Scope, told: str, fingerprint: str) -> str:
    """Statements that look at everything and set `document`, `rows`, `root` and `have`."""
    record = _RECORD.format(rank="f.rank", path="f.path", source="f.source", digest="f.digest")
    records = f"select {record} from found f where f.effective <> f.digest"
    root, plain = (queries.ROOT.format(digest=name) for name in ("effective", "digest"))
    want = literal(fingerprint)
    # what is known is long, and nothing has to be pardoned where all is the source's as it stands
    needed = f"case when (select root from plain) = {want} then '[]' else ({told})::text end"
    found = f""", plain(root) as materialized (select {plain} from r),
  {_pardon(f"({needed})")},
  found as materialized (select r.*, p.source, {EFFECTIVE} as effective from r
    left join pardon p on p.rank = r.rank and p.path = r.path),
  outcome(root) as materialized (
    select case when root = {want} then root else (select {root} from found) end from plain)
  select ("""
    rest = f"""), {_accepted(records)}, {reading.ROWS}, (select root from outcome),
    case when (select root from outcome) <> {want}
      then (select json_agg(json_build_array(rank, path, effective)) from found) end
  from found"""
    pieces = [(None, found), *reading.without_rule(scope), (None, rest)]
    return f"""
  execute query || {expression(pieces)} {reading.USING}
    into unmodelled, accepted, rows, root, have;
  document := json_build_object('unmodelled', unmodelled, {look.about("accepted")});"""


def _may_be_short(plan: Plan) -> bool:
    return len(plan.expected) <= _MOST


def _short(plan: Plan, scope: Scope) -> str:
    """Statements that set `proved` and `document` from what the transaction touched, or nothing.

    Everything else is as it was when it was looked at, and was the source's then. `proved` stays
    false when an object turned up that nobody spoke of: then the long proof decides.
    """
    told = literal(_json(_known(plan)))
    may, must = _leaving(plan)
    about, shrinking = plan.target_state.about, _shrinking(plan)
    gone = {
        catalog: f"older[{number}] <> {about['rows'][number - 1]}"
        for catalog, number in OBJECT_CATALOGS.items()
    }
    expected = " or ".join(gone.pop(catalog) for catalog in sorted(shrinking))
    # of what only describes objects, and of roles, a row that is gone leaves no other trace
    described = "{" + ",".join(map(str, about["watched"] or ())) + "}"
    lost = f"kept <> {literal(described)}::int8[] or roles <> {literal(str(about['roles']))}"
    before = _RECORD.format(rank="p.rank", path="p.path", source="p.source", digest="p.accepted")
    now = _RECORD.format(rank="r.rank", path="r.path", source="r.source", digest="r.digest")
    records = f"""select {before} from pardon p where p.accepted is not null
        and not exists (select from seen r where r.rank = p.rank and r.path = p.path)
      union all select {now} from seen r where r.effective <> r.digest"""
    return f"""
  continue when {" or ".join((lost, *gone.values()))};
  {reading.recent(scope)}
  if {expected} then
    vanished := array(select unnest(current_setting('supasync.before')::int8[])
      except select unnest({all_keys(shrinking)}));
  end if;
  with {queries.world(scope)}, {_pardon(told)},
  row as materialized (select (f->>0)::int as rank,
      array(select json_array_elements_text(f->1)) as path, f->>2 as digest, f->>6 as solid
    from unnest(found) f),
  seen as materialized (select r.*, p.source, {EFFECTIVE} as effective
    from row r left join pardon p on p.rank = r.rank and p.path = r.path)
  select coalesce((select bool_and(source is not null and effective = source) from seen), true)
      and not exists (select from pardon p where p.must
        and not exists (select from row r where r.rank = p.rank and r.path = p.path))
      and vanished <@ {may} and {must} <@ vanished,
    json_build_object('recent', to_json(found), 'touched', to_json(keys), 'vanished', vanished,
      'unmodelled', unmodelled, {look.about(_accepted(records))})
  into proved, document;"""


_BESIDE = frozenset({"pg_attrdef", "pg_constraint", "pg_rewrite", "pg_trigger", "pg_type"})
"""Catalogs of which a relation's or a type's DDL replaces or removes rows, too."""


def _shrinking(plan: Plan) -> set[str]:
    """The catalogs of which rows may be gone: what is made anew only leaves marks on relations."""
    there = plan.target_state.addresses
    changed = plan.leaving.union(step.id for step in plan.steps) & there.keys()
    catalogs = {BY_NAME[id_[0]].query.catalog for id_ in changed}
    return {"pg_class", *catalogs, *(_BESIDE if changed else ())} & OBJECT_CATALOGS.keys()


def _known(plan: Plan) -> Iterator[list[object]]:
    for id_, e in plan.expected.items():
        yield [RANK[id_[0]], list(id_[1:]), e.digest, e.solid, e.accepted, e.must]


def _json(rows: Iterable[list[object]]) -> str:
    """Row by row: of a large plan, all at once take much memory."""
    each = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"[{','.join(each)}]"


def _leaving(plan: Plan) -> tuple[str, str]:
    """As int8[] literals: the keys that may be gone afterwards, and those that have to be."""
    listing = plan.target_state.listing
    may, must = set(), set()
    for id_ in plan.leaving & listing.addresses.keys():
        if queries.gathered(BY_NAME[id_[0]]):
            continue  # it is told by its absence from what is gathered
        place = listing.addresses[id_][:2]
        if plan.leaving.issuperset(listing.ids(place)):
            may.add(place[0] << 32 | place[1])
            if id_ not in plan.expected:
                must.add(place[0] << 32 | place[1])
    return _keys(may), _keys(must)


def _keys(keys: Iterable[int]) -> str:
    return f"'{{{','.join(map(str, sorted(keys)))}}}'::int8[]"
