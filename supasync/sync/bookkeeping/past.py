"""The schemas a branch had before its last syncs, kept on the branch itself.

The transaction that changes the schema writes what it is about to change, so there is one exactly
if the other happened. What is kept is what the engine reads of a schema: no rows of any table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from supasync import sql
from supasync.catalog import OWN_SCHEMA, Past, Scope, State
from supasync.catalog.past import document, form
from supasync.errors import Refused, SqlError, UnexpectedAnswer
from supasync.ports import Database
from supasync.sync.context import Run

KEPT = 10
"""Of each kind of change, the newest."""

_LETTERS = 4_000_000
"""Of a document in one answer."""

_NO_TABLE = "42P01"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the schema was before the run changed it. at: seconds since the epoch."""

    id: int
    run_id: str
    kind: str
    at: float
    form: str
    fingerprint: str

    @property
    def what(self) -> str:
        """For people: sync or undo."""
        return "sync" if self.kind == "apply" else self.kind

    @property
    def when(self) -> str:
        return f"{datetime.fromtimestamp(self.at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def keep(run: Run, kind: str, scope: Scope, state: State) -> str:
    """SQL that goes before a plan, in its transaction. state: what the plan was made for, and what
    the transaction then compares the branch with."""
    same = f"kind = {sql.literal(kind)}"
    values = map(sql.literal, (run.id, kind, form(scope), state.fingerprint))
    return (
        f"delete from supasync.past where {same} and id not in (\n"
        f"  select id from supasync.past where {same} order by id desc limit {KEPT - 1});\n"
        "insert into supasync.past (run_id, kind, form, fingerprint, document)\n"
        f"select {', '.join(values)}, document from ({document(scope, state)}) d(document);\n"
    )


async def entries(database: Database) -> tuple[Entry, ...]:
    """The newest first; none when no run has kept any. Raises: SqlError, UnknownError."""
    query = """\
select coalesce(json_agg(json_build_object('id', id, 'run_id', run_id, 'kind', kind,
  'at', extract(epoch from at), 'form', form, 'fingerprint', fingerprint) order by id desc), '[]')
  ::text from supasync.past"""
    try:
        answer = await database.fetch(query)
    except SqlError as error:
        if error.sqlstate == _NO_TABLE:
            return ()
        raise
    return tuple(Entry(**row) for row in json.loads(answer or "[]"))


async def read(database: Database, entry: Entry, scope: Scope) -> Past:
    """Raises: Refused when another version or configuration has kept it, SqlError, UnknownError."""
    if entry.form != form(scope):
        raise Refused(
            f"What {database.name} was before {entry.run_id} was kept by another version of "
            "supasync, or with another [seed] function",
            remedy="Use that version, or the configuration as it was.",
        )
    pieces: list[str] = []
    while not pieces or len(pieces[-1]) == _LETTERS:
        start = len(pieces) * _LETTERS + 1
        piece = await database.fetch(
            f"select substr(document, {start}, {_LETTERS}) from supasync.past where id = {entry.id}"
        )
        if piece is None:
            raise UnexpectedAnswer(f"{database.name}: what was kept before {entry.run_id} is gone")
        pieces.append(piece)
    found = Past(database, scope, "".join(pieces))
    if found.state.fingerprint != entry.fingerprint:
        raise UnexpectedAnswer(f"{database.name}: what was kept before {entry.run_id} is damaged")
    return found


def records(state: State) -> str:
    """SQL that goes after a proof and adds the re-parse records of a schema that has come back to
    those that the proof wrote: they hold again, except where an object has a new one."""
    rows: Sequence[object] = [[list(i), *record] for i, record in state.accepted.items()]
    if not rows:
        return ""
    old = sql.literal(json.dumps(rows, ensure_ascii=False))
    body = f"""
declare
  fresh jsonb := coalesce(obj_description(to_regnamespace('{OWN_SCHEMA}'), 'pg_namespace')::jsonb
    ->'accepted', '[]');
begin
  fresh := fresh || coalesce((select jsonb_agg(o) from jsonb_array_elements({old}::jsonb) o
    where not exists (select from jsonb_array_elements(fresh) n where n->0 = o->0)), '[]');
  execute format('comment on schema {OWN_SCHEMA} is %L', json_build_object('accepted', fresh));
end"""
    return f"do {sql.dollar(body)};\n"
