"""The two checks inside a sync's transaction: what was planned for, and what came of it.

Both raise inside the transaction, so that what is not proved never happened. The proof looks at
what the transaction touched and at what depends on that, if everything else is known from the
look the plan was made from; else at everything.
"""

from __future__ import annotations

import json

from supasync.catalog import look, queries
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.object import Id
from supasync.catalog.plan import Plan
from supasync.catalog.scope import Scope
from supasync.catalog.stamp import STAMP
from supasync.catalog.touched import PRESENT, age_of, touched
from supasync.catalog.unmodelled import UNMODELLED
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
    """Compare-and-swap. The stamp is the cheap way to know; the fingerprint decides."""
    fingerprint = queries.ROOT.format(digest="digest")
    body = f"""
begin
perform set_config('supasync.exact', 'yes', true);
if {STAMP} <> {literal(plan.target_state.stamp)} then
  perform set_config('supasync.exact', 'no', true);
  if (with {queries.world(scope)} select {fingerprint}
      from ({queries.digests(queries.object_rows(scope))}) r)
      <> {literal(plan.target_fingerprint)} then
    raise exception 'the schema changed since the plan was made' using errcode = '{MOVED}';
  end if;
end if;
end"""
    return f"do {dollar(body)};"


def prove(plan: Plan, scope: Scope) -> str:
    """Raises unless the result is the source's schema; leaves the state in a setting.

    An object made from the source's text in this transaction may print differently once read
    back. Its digest then counts as the source's if nothing else of it differs.
    """
    body = f"""
declare
  {look.DECLARE} document json; root text; have json; proved boolean;
begin
{_short(plan, scope)}
if proved is not true then
  {_long(plan, scope)}
  if root <> {literal(plan.source_fingerprint)} then
    raise exception 'the result is not the source''s schema'
      using errcode = '{UNPROVED}', detail = coalesce(have, '[]')::text;
  end if;
end if;
perform set_config('supasync.state', document::text, true);
end"""
    return f"do {dollar(body)};"


def _pardon(rows: str) -> str:
    """A CTE over JSON rows [rank, path, source digest, solid digest, accepted digest, must]."""
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


def _long(plan: Plan, scope: Scope) -> str:
    """Statements that look at everything and set `document`, `root` and `have`."""
    known = [row for row in _known(plan) if row[4] or row[3] not in (None, row[2])]
    record = _RECORD.format(rank="f.rank", path="f.path", source="f.source", digest="f.digest")
    records = f"select {record} from found f where f.effective <> f.digest"
    return f"""
  with {queries.world(scope)}, {_pardon(_literal(known))},
  found as materialized (select r.*, p.source, {EFFECTIVE} as effective
    from ({queries.digests(queries.object_rows(scope))}) r
    left join pardon p on p.rank = r.rank and p.path = r.path)
  select json_build_object('objects', coalesce(json_agg({look.ROW}), '[]'),
      'fingerprint', {queries.ROOT.format(digest="digest")},
      'unmodelled', (select json_object_agg(what, n) from ({UNMODELLED}) u where n > 0),
      {look.about(_accepted(records))}),
    {queries.ROOT.format(digest="effective")},
    json_agg(json_build_array(rank, path, effective))
  into document, root, have from found;"""


def _short(plan: Plan, scope: Scope) -> str:
    """Statements that set `proved` and `document` from what the transaction touched, or nothing.

    Everything else is as it was when it was looked at, and was the source's then. `proved` stays
    false when an object turned up that nobody spoke of: then the long proof decides.
    """
    if not plan.target_state.mergeable or len(plan.expected) > _MOST:
        return ""
    told = _literal(_known(plan))
    places = literal(json.dumps(_places(plan), separators=(",", ":")))
    before = _RECORD.format(rank="p.rank", path="p.path", source="p.source", digest="p.accepted")
    now = _RECORD.format(rank="r.rank", path="r.path", source="r.source", digest="r.digest")
    records = f"""select {before} from pardon p where p.accepted is not null
        and not exists (select from seen r where r.rank = p.rank and r.path = p.path)
      union all select {now} from seen r where r.effective <> r.digest"""
    age = age_of(str(plan.target_state.about["horizon"]))
    return f"""
if current_setting('supasync.exact') = 'yes' then
  keys := {touched(age)};
  if cardinality(keys) <= {look.MANY} then
  {look.recent_rows(scope)}
  with {queries.world(scope)}, {_pardon(told)},
  row as materialized (select (f->>0)::int as rank,
      array(select json_array_elements_text(f->1)) as path, f->>2 as digest, f->>6 as solid
    from unnest(found) f),
  seen as materialized (select r.*, p.source, {EFFECTIVE} as effective
    from row r left join pardon p on p.rank = r.rank and p.path = r.path)
  select coalesce((select bool_and(source is not null and effective = source) from seen), true)
      and not exists (select from pardon p where p.must
        and not exists (select from row r where r.rank = p.rank and r.path = p.path))
      and {_still("present", places)},
    json_build_object('recent', to_json(found), 'touched', to_json(keys), 'present', present,
      'unmodelled', (select json_object_agg(what, n) from ({UNMODELLED}) u where n > 0),
      {look.about(_accepted(records))})
  into proved, document from (select {PRESENT} as present) q;
  end if;
end if;"""


def _still(present: str, places: str) -> str:
    """Whether every oid that has to be left is, and none that has to be gone."""
    oids = "select c.key, o.value from json_each(%s) c, json_array_elements_text(c.value) o"
    have = oids % present
    return f"""not exists ({oids % f"({places}::json->'stay')"} except {have})
      and not exists ({oids % f"({places}::json->'gone')"} intersect {have})"""


def _known(plan: Plan) -> list[list[object]]:
    return [
        [RANK[id_[0]], list(id_[1:]), e.digest, e.solid, e.accepted, e.must]
        for id_, e in plan.expected.items()
    ]


def _literal(rows: list[list[object]]) -> str:
    return literal(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))


def _places(plan: Plan) -> dict[str, dict[str, list[int]]]:
    """{stay | gone: {catalog oid: [oids]}}, of rows that DDL makes and no initdb."""
    addresses = plan.target_state.addresses
    stay = {place[:2] for id_, place in addresses.items() if id_ not in plan.leaving}
    kept = plan.leaving & plan.expected.keys()
    gone = {addresses[id_][:2] for id_ in plan.leaving - kept if id_ in addresses} - stay
    found: dict[str, dict[str, list[int]]] = {"stay": {}, "gone": {}}
    for word, places in (("stay", stay), ("gone", gone)):
        for catalog, oid in sorted(places):
            if oid >= 16384:
                found[word].setdefault(str(catalog), []).append(oid)
    return found
