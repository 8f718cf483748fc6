"""Generated types, held against what the platform's own generator made of the same schema.

recorded.ts is the output of `@supabase/postgrest-typegen` 0.2.2 (npm, MIT) for schema.sql, without
its helper types; tests/clients compares the two again where npm is allowed.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from supasync.sandbox import Sandbox, typegen
from tests.fix_sandbox import without_helpers

HERE = Path(__file__).parent / "typegen"


async def generated(sandbox: Sandbox, *schemas: str) -> str:
    """Of schema.sql, in a transaction that is undone."""
    async with await psycopg.AsyncConnection.connect(sandbox.main.db_url) as connection:
        await connection.execute((HERE / "schema.sql").read_bytes())
        made = await typegen.typescript(connection, schemas, "13.0.4")
        await connection.rollback()
    return made


async def test_types_are_those_of_the_platforms_generator(sandbox: Sandbox) -> None:
    made = await generated(sandbox, "public", "app")
    assert without_helpers(made) == (HERE / "recorded.ts").read_text()


async def test_a_schema_that_is_not_there_has_no_types(sandbox: Sandbox) -> None:
    made = await generated(sandbox, "nowhere", "app")
    assert "nowhere" not in made
    assert 'kind: "sad" | "ok" | \'say "hi"\' | null' in made, "an enum of a schema not asked for"
    none = await generated(sandbox, "nowhere")
    assert none.endswith("export const Constants = {} as const\n")
