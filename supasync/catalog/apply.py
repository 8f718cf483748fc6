"""One transaction: compare-and-swap before, the plan, the proof after."""

from __future__ import annotations

import json
from collections.abc import Sequence as Seq
from dataclasses import replace
from typing import Protocol

from supasync import ports
from supasync.catalog import look, proof, queries, scan
from supasync.catalog.hazards import OF_ROWS
from supasync.catalog.object import Id
from supasync.catalog.plan import Plan
from supasync.catalog.scope import Scope
from supasync.catalog.state import State, understood
from supasync.errors import NotProved, SqlError, TargetMoved, UnexpectedAnswer
from supasync.managed import OWN_SCHEMA
from supasync.sql import dollar, literal, unmistakable


class Staging(Protocol):
    """A place in the target for what one call cannot carry."""

    async def put(self, text: str) -> str:
        """Keeps the text until `clear`. Returns an SQL expression that reads it."""

    def clear(self) -> str:
        """SQL that removes what was put."""


async def apply(
    target: ports.WritableDatabase,
    plan: Plan,
    scope: Scope,
    *,
    before: str = "",
    after: str = "",
    journal: bool,
    staging: Staging | None = None,
) -> State:
    """Make the target what the plan says, or leave it as it is. One transaction.

    before, after: SQL that runs first and last in the same transaction. journal: keep the
    re-parse records in the target's `supasync` schema; without it nothing of ours stays.
    staging: where the plan waits for the transaction when it is too large for its own call.
    Returns: the target's State after the commit.
    Raises: TargetMoved, NotProved, SqlError, OutcomeUnknown, UnknownError.
    """
    sql = script(plan, scope, before=before, after=after, journal=journal)
    if staging is not None and not target.fits(sql):
        sql = await _staged(plan, scope, staging, before=before, after=after, journal=journal)
    try:
        text = await target.run(sql)
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
    try:
        stamp, document = json.loads(head)
        state = understood(scope, plan.target_state, stamp, document, rows)
    except (ValueError, TypeError, KeyError) as error:
        raise UnexpectedAnswer(f"{target.name}: the transaction returned no state") from error
    return replace(state, shared=plan.target_state.shared)


_REPORT = (
    "Everything was rolled back. Report it with the output of "
    "`supasync schema diff main BRANCH --json`."
)


def _unproved(name: str, wrong: list[Id]) -> str:
    shown = ", ".join(f"{id_[0]} {'.'.join(id_[1:])}" for id_ in wrong[:10])
    more = f" and {len(wrong) - 10} more" if len(wrong) > 10 else ""
    return f"{name}: the result was not the source's schema: {shown}{more}"


async def _staged(
    plan: Plan, scope: Scope, staging: Staging, *, before: str, after: str, journal: bool
) -> str:
    """The transaction's text without what grows with the plan: that is put elsewhere."""
    end = _unused(plan.statements)
    statements = await staging.put(end.join(plan.statements))
    known = await staging.put(proof.known(plan))
    return script(
        plan,
        scope,
        before=before,
        after=after + staging.clear(),
        journal=journal,
        statements=_execute(statements, end),
        known=known,
    )


def _unused(texts: Seq[str]) -> str:
    """A separator that occurs in none of the texts."""
    number = 0
    while any(f"\x1e{number}\x1e" in text for text in texts):
        number += 1
    return f"\x1e{number}\x1e"


def _execute(statements: str, end: str) -> str:
    """All of them in turn. They are read first: an open query would keep its table in use."""
    body = f"""
declare
  statements text[] := string_to_array({statements}, {literal(end)});
  one text;
begin
  foreach one in array statements loop
    execute one;
  end loop;
end"""
    return f"do {dollar(body)};"


def script(
    plan: Plan,
    scope: Scope,
    *,
    before: str,
    after: str,
    journal: bool,
    statements: str | None = None,
    known: str | None = None,
) -> str:
    """The whole transaction as one text, ending in a row [stamp, state document].

    statements, known: SQL that stands for the plan's statements and for `proof.known`.
    """
    said = (f"{unmistakable(statement)};" for statement in plan.statements)
    parts = [
        queries.pinned(scope),
        "set local lock_timeout = '10s';",
        *(f"{statement};" for statement in queries.PRELUDE),
        "" if _indexes_rows(plan) else _ALONE,
        before,
        proof.check(plan, scope),
        *(said if statements is None else [statements]),
        queries.pinned(scope),
        proof.prove(plan, scope, told=known),
        _record() if journal else "",
        after,
        "select json_build_array(current_setting('supasync.stamp'), "
        "current_setting('supasync.state')::json)::text "
        f"|| coalesce(chr({ord(look.END)}) || nullif(current_setting('supasync.rows'), ''), '') "
        "as state;",
    ]
    return "\n".join(part for part in parts if part)


_ALONE = "set local max_parallel_maintenance_workers = 0;"
"""Before indexes of what is empty: the server would work out for each how many should build it."""


def _indexes_rows(plan: Plan) -> bool:
    """Whether it may: those of tables that were there, or what the end of it fills."""
    return any(
        step.finish or any(hazard.name in OF_ROWS for hazard in step.hazards) for step in plan.steps
    )


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
