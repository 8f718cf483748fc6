"""What a database makes of a text it is given, found out and rolled back.

PostgreSQL's own text is not always a fixpoint: `x IN ('a', 'b')` on a varchar column is printed in
one form when it was typed, and in another once that form has been read back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.kinds import RANK
from supasync.catalog.object import Id
from supasync.catalog.scope import Scope
from supasync.errors import SqlError, UnexpectedAnswer
from supasync.sql import dollar, literal, unmistakable

FOUND = "SSY03"
"""SQLSTATE of the exception that carries the answer and takes the transaction back."""


async def read_back(
    target: ports.WritableDatabase, scope: Scope, statements: Iterable[str], ids: Iterable[Id]
) -> dict[Id, str]:
    """The digests these objects have after the statements. One call; nothing of it stays.

    Empty when the statements fail: then the objects count as different.
    Raises: UnknownError.
    """
    by_place = {(RANK[id_[0]], *id_[1:]): id_ for id_ in ids}
    wanted = json.dumps([[rank, path] for rank, *path in by_place], ensure_ascii=False)
    body = f"""
begin
  raise exception 'read back' using errcode = '{FOUND}', detail = (
    with {queries.world(scope)}
    select coalesce(json_agg(json_build_array(rank, path, digest)), '[]')::text
    from ({queries.digests(queries.object_rows(scope))}) r
    where exists (select from jsonb_array_elements({literal(wanted)}::jsonb) w
      where (w->>0)::int = r.rank and array(select jsonb_array_elements_text(w->1)) = r.path));
end"""
    parts = [
        queries.PINNED,
        "set local lock_timeout = '10s';",
        *(f"{unmistakable(statement)};" for statement in (*queries.PRELUDE, *statements)),
        queries.pinned(scope),
        f"do {dollar(body)};",
    ]
    try:
        await target.run("\n".join(parts))
    except SqlError as error:
        if error.sqlstate != FOUND:
            return {}
        return {
            by_place[rank, *path]: digest for rank, path, digest in json.loads(error.detail or "[]")
        }
    raise UnexpectedAnswer(f"{target.name}: a transaction that had to roll back did not")
