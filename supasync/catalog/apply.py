"""One transaction: compare-and-swap before, the plan, the proof after."""

from __future__ import annotations

import json

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.kinds import RANK
from supasync.catalog.object import Id
from supasync.catalog.plan import Plan
from supasync.catalog.scope import OWN_SCHEMA, Scope
from supasync.catalog.stamp import STAMP
from supasync.catalog.state import State, key
from supasync.catalog.unmodelled import UNMODELLED
from supasync.errors import NotProved, SqlError, TargetMoved, UnexpectedAnswer
from supasync.sql import dollar, literal

MOVED, UNPROVED = "SSY01", "SSY02"
"""SQLSTATEs of our own, raised inside the transaction."""


async def apply(
    target: ports.WritableDatabase,
    plan: Plan,
    scope: Scope,
    *,
    before: str = "",
    after: str = "",
    journal: bool,
) -> State:
    """Make the target what the plan says, or leave it as it is. One call, one transaction.

    before, after: SQL that runs first and last in the same transaction; `{fingerprint}` in
    `after` is replaced by the source's fingerprint. journal: keep the re-parse records in the
    target's `supasync` schema; without it nothing of ours stays.
    Returns: the target's State after the commit.
    Raises: TargetMoved, NotProved, SqlError, OutcomeUnknown, UnknownError.
    """
    try:
        text = await target.run(script(plan, scope, before=before, after=after, journal=journal))
    except SqlError as error:
        if error.sqlstate == MOVED:
            raise TargetMoved(
                f"{target.name}: the schema changed between plan and apply; nothing was done"
            ) from error
        if error.sqlstate == UNPROVED:
            raise NotProved(_unproved(target.name, error), remedy=_REPORT) from error
        raise
    if text is None:
        raise UnexpectedAnswer(f"{target.name}: the transaction returned no state")
    stamp, document = json.loads(text)
    return State.decode(key(scope), stamp, document)


_REPORT = (
    "Everything was rolled back. Report it with the output of "
    "`supasync schema diff main BRANCH --json`."
)


def _unproved(name: str, error: SqlError) -> str:
    named = json.loads(error.detail or "[]")
    shown = ", ".join(" ".join((kind, ".".join(path))) for kind, path in named[:10])
    more = f" and {len(named) - 10} more" if len(named) > 10 else ""
    return f"{name}: the result was not the source's schema: {shown or 'unknown objects'}{more}"


def script(plan: Plan, scope: Scope, *, before: str, after: str, journal: bool) -> str:
    """The whole transaction as one text, ending in a row [stamp, state document]."""
    parts = [
        queries.PINNED,
        "set local lock_timeout = '10s';",
        *(f"{statement};" for statement in queries.PRELUDE),
        before,
        _check(plan, scope),
        *(f"{statement};" for statement in plan.statements),
        queries.PINNED,
        _prove(plan, scope),
        _record(plan) if journal else "",
        after.replace("{fingerprint}", plan.source_fingerprint),
        f"select json_build_array({STAMP}, "
        f"current_setting('supasync.state')::json)::text as state;",
    ]
    return "\n".join(part for part in parts if part)


def _check(plan: Plan, scope: Scope) -> str:
    """Compare-and-swap. The stamp is the cheap way to know; the fingerprint decides."""
    fingerprint = queries.ROOT.format(digest="digest")
    body = f"""
begin
  if {STAMP} <> {literal(plan.target_stamp)}
    and coalesce((with {queries.world(scope)}
      select {fingerprint} from ({queries.digests(scope)}) r), md5(''))
      <> {literal(plan.target_fingerprint)} then
    raise exception 'the schema changed since the plan was made' using errcode = '{MOVED}';
  end if;
end"""
    return f"do {dollar(body)};"


def _pardons(plan: Plan) -> str:
    """jsonb rows [rank, path, source digest, solid digest | null, accepted digest | null]."""
    rows: list[list[object]] = []
    for id_, expected in plan.expected.items():
        rows.append([*_named(id_), expected.digest, expected.solid, None])
    for id_, (source, accepted) in plan.accepted.items():
        rows.append([*_named(id_), source, None, accepted])
    return literal(json.dumps(rows, ensure_ascii=False))


def _named(id_: Id) -> list[object]:
    return [RANK[id_[0]], list(id_[1:])]


def _prove(plan: Plan, scope: Scope) -> str:
    """Raises unless the result's fingerprint is the source's; leaves the state in a setting.

    An object made from the source's text in this transaction may print differently once read
    back. Its digest then counts as the source's if nothing else of it differs.
    """
    body = f"""
declare
  result json; root text; wrong json;
begin
  with {queries.world(scope)},
  pardon as materialized (
    select (p->>0)::int as rank, array(select jsonb_array_elements_text(p->1)) as path,
      p->>2 as source, p->>3 as solid, p->>4 as accepted
    from jsonb_array_elements({_pardons(plan)}::jsonb) p),
  found as materialized (
    select r.*, p.source, case when r.digest = p.source then r.digest
      when r.digest = p.accepted or r.solid = p.solid then p.source else r.digest end as effective
    from ({queries.digests(scope)}) r left join pardon p on p.rank = r.rank and p.path = r.path)
  select json_build_object(
      'objects', coalesce(json_agg(json_build_array(rank, path, digest, cls::int8, oid::int8, sub)),
        '[]'),
      'fingerprint', {queries.ROOT.format(digest="digest")},
      'unmodelled', (select json_object_agg(what, n)
        from ({UNMODELLED}) u where n > 0),
      'accepted', (select json_build_object('accepted', coalesce(json_agg(json_build_array(
          {queries.kind_names("f.rank")} || f.path, f.source, f.digest)), '[]'))::text
        from found f where f.effective <> f.digest),
      'session', {queries.SESSION}),
    coalesce({queries.ROOT.format(digest="effective")}, md5('')),
    json_agg(json_build_array({queries.kind_names("rank")}, path)) filter (
      where source is not null and effective <> source)
  into result, root, wrong from found;
  if root <> {literal(plan.source_fingerprint)} then
    raise exception 'the result is not the source''s schema'
      using errcode = '{UNPROVED}', detail = coalesce(wrong, '[]')::text;
  end if;
  perform set_config('supasync.state', result::text, true);
end"""
    return f"do {dollar(body)};"


def _record(plan: Plan) -> str:
    """The re-parse records, where a read-only look finds them without our schema existing."""
    del plan
    body = f"""
declare
  accepted text := current_setting('supasync.state')::json->>'accepted';
begin
  if accepted is distinct from {queries.ACCEPTED} then
    execute format('comment on schema {OWN_SCHEMA} is %L', accepted);
  end if;
end"""
    return f"do {dollar(body)};"
