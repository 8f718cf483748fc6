"""The first migration of a project that has none: the platform takes a dump for it when a branch is
made, and records it on production too (measured on the platform; later changes by hand are in no
migration again)."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from supasync.sandbox import history, schemadiff
from supasync.sandbox.instance import Instance
from supasync.sandbox.sqlapi.run import READ_WRITE, run

NAME: Final = "remote_schema"
_SCHEMAS: Final = """select nspname as name from pg_catalog.pg_namespace
  where nspname !~ '^pg_' and nspname not in ('information_schema', 'supasync') order by 1"""
_PREAMBLE: Final = "set check_function_bodies = off; set search_path = '';\n"
_OWNER: Final = re.compile(r"(?m)^ALTER [^;]* OWNER TO [^;]*;\n?")
_PUBLIC: Final = ("SCHEMA", "public")
_NOT_OURS: Final = frozenset({"DEFAULT ACL", "EVENT TRIGGER", "EXTENSION", "PUBLICATION"})


async def ensure(main: Instance) -> None:
    """Record it, unless there is a history or nothing to record. Raises: Failure, SandboxError."""
    if await history.rows(main):
        return
    rows = await run(main, _SCHEMAS, role=READ_WRITE)
    schemas = [name for row in rows if (name := str(row["name"])) not in schemadiff.LEFT_OUT]
    pg_dump = main.binaries.tool("pg_dump")
    text = await asyncio.to_thread(schemadiff.dump, pg_dump, main.admin_url, schemas)
    made = [
        _OWNER.sub("", body).replace("CREATE SCHEMA ", "CREATE SCHEMA IF NOT EXISTS ")
        for (kind, _, name), body in schemadiff.entries(text).items()
        if kind not in _NOT_OURS and "SCHEMA public" not in name and (kind, name) != _PUBLIC
    ]
    if made:
        statements = [_PREAMBLE + "\n".join(made)]
        await history.record(main, history.Migration(name=NAME, statements=statements))
