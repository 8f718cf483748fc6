"""One transaction: compare-and-swap before, the plan, the proof after."""

from __future__ import annotations

import json

from supasync import ports
from supasync.catalog import look, proof, queries, scan
from supasync.catalog.object import Id
from supasync.catalog.plan import Plan
from supasync.catalog.scope import OWN_SCHEMA, Scope
from supasync.catalog.state import State, understood
from supasync.errors import NotProved, SqlError, TargetMoved, UnexpectedAnswer
from supasync.sql import dollar


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
        if error.sqlstate == proof.MOVED:
            raise TargetMoved(
                f"{target.name}: the schema changed between plan and apply; nothing was done"
            ) from error
        if error.sqlstate == proof.UNPROVED:
            wrong = proof.unproved(plan, error.detail)
            raise NotProved(_unproved(target.name, wrong), remedy=_REPORT) from error
        raise
    if text is None:
        raise UnexpectedAnswer(f"{target.name}: the transaction returned no state")
    head, _, rows = text.partition(look.END)
    stamp, document = json.loads(head)
    return understood(scope, plan.target_state, stamp, document, rows)


_REPORT = (
    "Everything was rolled back. Report it with the output of "
    "`supasync schema diff main BRANCH --json`."
)


def _unproved(name: str, wrong: list[Id]) -> str:
    shown = ", ".join(f"{id_[0]} {'.'.join(id_[1:])}" for id_ in wrong[:10])
    more = f" and {len(wrong) - 10} more" if len(wrong) > 10 else ""
    return f"{name}: the result was not the source's schema: {shown}{more}"


def script(plan: Plan, scope: Scope, *, before: str, after: str, journal: bool) -> str:
    """The whole transaction as one text, ending in a row [stamp, state document]."""
    parts = [
        queries.pinned(scope),
        "set local lock_timeout = '10s';",
        *(f"{statement};" for statement in queries.PRELUDE),
        before,
        proof.check(plan, scope),
        *(f"{statement};" for statement in plan.statements),
        queries.pinned(scope),
        proof.prove(plan, scope),
        _record() if journal else "",
        after.replace("{fingerprint}", plan.source_fingerprint),
        "select json_build_array(current_setting('supasync.stamp'), "
        "current_setting('supasync.state')::json)::text "
        f"|| coalesce(chr({ord(look.END)}) || nullif(current_setting('supasync.rows'), ''), '') "
        "as state;",
    ]
    return "\n".join(part for part in parts if part)


def _record() -> str:
    """The re-parse records, where a read-only look finds them without our schema existing.

    The state that is given back has seen them.
    """
    body = f"""
declare
  accepted text := current_setting('supasync.state')::json->>'accepted';
  {scan.DECLARE}
begin
  if accepted is distinct from {queries.ACCEPTED} then
    execute format('comment on schema {OWN_SCHEMA} is %L', accepted);
    {scan.scan()}
    perform set_config('supasync.stamp', stamp, true);
    perform set_config('supasync.state', (current_setting('supasync.state')::jsonb
      || jsonb_build_object('watched', watched, 'rows', counts))::text, true);
  end if;
end"""
    return f"do {dollar(body)};"
