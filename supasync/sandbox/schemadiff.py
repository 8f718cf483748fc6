"""The difference of two schemas, from what pg_dump says of each.

It knows nothing of the engine that syncs: the platform's own diff is another program too. What
differs is dropped and made again where a finer tool would alter it, and what hangs on that and is
the same on both sides is not followed.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from typing import Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from supasync import sql
from supasync.errors import SandboxError

Entry = tuple[str, str, str]
"""Type, schema and name, as the comment over a dump's entry has them."""

SECONDS: Final = 50
_AGAIN: Final = "Ask again; the servers' logs in the sandbox's folder tell more."

LEFT_OUT: Final = (
    *("_analytics", "_realtime", "_supavisor", "auth", "cron", "extensions", "graphql"),
    *("graphql_public", "net", "pgbouncer", "pgmq", "pgsodium", "pgsodium_masks", "pgtle"),
    *("realtime", "repack", "storage", "supabase_functions", "supabase_migrations", "tiger"),
    *("tiger_data", "topology", "vault"),
)
"""Schemas that are not compared unless they are asked for."""

_HEAD = re.compile(r"(?m)^--\n-- Name: (.*); Type: (.*); Schema: (.*); Owner: .*\n--\n")
_NOISE = re.compile(r"(?m)^(SET default_.*;|\\(un)?restrict .*|-- (PostgreSQL|Completed).*|--)\n")

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_TABLE = re.compile(rf"CREATE (?:UNLOGGED )?TABLE ({_PATH})")
_CHECK = re.compile(rf"(?ms)(?:,\n)?^    CONSTRAINT ({_NAME}) (CHECK .*?)(?=,\n    \S|\n\))")
_ROLES = re.compile(
    rf"^(CREATE POLICY {_NAME} ON {_PATH}(?: AS RESTRICTIVE)?(?: FOR \w+)? TO )"
    rf"({_NAME}(?:, {_NAME})*)"
)
_COLUMN = re.compile(rf"(?m)^    ({_NAME}) (.*?),?$")
_KINDS = (
    "TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|DOMAIN|SCHEMA|FOREIGN TABLE|COLLATION|STATISTICS"
)
_DROP = re.compile(r"^drop [A-Z ]+ if")
_UNDONE: Final = tuple(
    (re.compile(pattern), undone)
    for pattern, undone in (
        (rf"CREATE (?:UNLOGGED )?({_KINDS}) ({_PATH})", r"drop \1 if exists \2 cascade;"),
        (
            rf"CREATE (?:UNIQUE )?INDEX ({_NAME}) ON (?:ONLY )?({_NAME})\.",
            r"drop index if exists \2.\1;",
        ),
        (rf"CREATE POLICY ({_NAME}) ON ({_PATH})", r"drop policy if exists \1 on \2;"),
        (
            rf"CREATE (?:CONSTRAINT )?TRIGGER ({_NAME}) [^;]*? ON ({_PATH})",
            r"drop trigger if exists \1 on \2;",
        ),
        (rf"CREATE RULE ({_NAME}) AS\s+ON \w+ TO ({_PATH})", r"drop rule if exists \1 on \2;"),
        (
            rf"ALTER TABLE (?:ONLY )?({_PATH})\s+ADD CONSTRAINT ({_NAME})",
            r"alter table \1 drop constraint if exists \2;",
        ),
        (
            rf"ALTER TABLE (?:ONLY )?({_PATH}) ALTER COLUMN ({_NAME}) SET DEFAULT",
            r"alter table \1 alter column \2 drop default;",
        ),
        (
            rf"ALTER TABLE (?:ONLY )?({_PATH}) (ENABLE|FORCE) ROW LEVEL",
            r"alter table \1 no force row level security;",
        ),
        (r"(?m)^GRANT (.*) TO (\S+?)(?: WITH GRANT OPTION)?;", r"revoke \1 from \2;"),
        (r"(?m)^REVOKE (.*) FROM (\S+?);", r"grant \1 to \2;"),
        (r"(?m)^(COMMENT ON .*?) IS ", r"\1 is null;"),
    )
)
"""The statement that undoes an entry, by what it starts with."""


def dump(pg_dump: str, dsn: str, schemas: Sequence[str]) -> str:
    """`pg_dump --schema-only` of these schemas, or of all but LEFT_OUT. Blocking.

    Raises: SandboxError.
    """
    chosen = [f"--schema={sql.ident(name)}" for name in schemas]
    chosen = chosen or [f"--exclude-schema={sql.ident(name)}" for name in LEFT_OUT]
    known = conninfo_to_dict(dsn)
    password = str(known.pop("password", "") or "")
    try:
        done = subprocess.run(
            [pg_dump, "--schema-only", *chosen, "--dbname", make_conninfo("", **known)],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            env={**os.environ, "PGPASSWORD": password},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(
            f"pg_dump did not end well: {type(error).__name__}", remedy=_AGAIN
        ) from error
    if done.returncode and "no matching schemas" not in done.stderr:
        raise SandboxError(f"pg_dump: {done.stderr.strip()}", remedy=_AGAIN)
    return done.stdout


def entries(dump: str) -> dict[Entry, str]:
    """What a dump makes, in its order."""
    _, *found = _HEAD.split(dump)
    made = {}
    for name, kind, schema, body in zip(*(found[n::4] for n in range(4)), strict=True):
        # in the order of their rows in the server's catalog, which any ALTER ROLE changes
        text = _ROLES.sub(_sorted, _NOISE.sub("", body).strip())
        table = _TABLE.match(text)
        checks = _CHECK.findall(text) if table and kind == "TABLE" else []
        made[kind, schema, name] = _CHECK.sub("", text) if checks else text
        for check, condition in checks:  # constraints of their own, as all others are
            made["CHECK CONSTRAINT", schema, f"{name} {check}"] = (
                f"ALTER TABLE {table and table[1]} ADD CONSTRAINT {check} {condition};"
            )
    return made


def _sorted(policy: re.Match[str]) -> str:
    return policy[1] + ", ".join(sorted(re.findall(_NAME, policy[2])))


def difference(source: str, target: str) -> str:
    """SQL that turns the schema of the dump `source` into that of `target`; "" when they are equal.

    What both have and nothing differs in is left alone.
    """
    old, new = entries(source), entries(target)
    differing = [entry for entry in old if new.get(entry) != old[entry]]
    altered = {
        entry: lines
        for entry in differing
        if entry in new and (lines := list(_altered(old[entry], new[entry])))
    }
    undone = (
        line
        for entry in reversed(differing)
        if entry not in altered
        for line in _undo(entry, old[entry])
    )
    made = (
        line
        for entry, body in new.items()
        if old.get(entry) != body
        for line in altered.get(entry, [body])
    )
    lines = [*undone, *made]
    return "\n\n".join(lines) + "\n" if lines else ""


def _altered(old: str, new: str) -> Iterator[str]:
    """A table's columns, where nothing else of it differs; else nothing."""
    table = _TABLE.match(old)
    if not table or _rest(old) != _rest(new):
        return
    have, want = dict(_COLUMN.findall(old)), dict(_COLUMN.findall(new))
    for name, definition in have.items():
        if want.get(name) != definition:
            yield f"alter table {table[1]} drop column {name} cascade;"
    for name, definition in want.items():
        if have.get(name) != definition:
            yield f"alter table {table[1]} add column {name} {definition};"


def _undo(entry: Entry, body: str) -> Iterator[str]:
    kind, schema, name = entry
    if kind in {"FUNCTION", "PROCEDURE", "AGGREGATE"}:
        function, paren, arguments = name.partition("(")
        yield f"drop {kind.lower()} if exists {sql.ident(schema, function)}{paren}{arguments};"
        return
    for pattern, undone in _UNDONE:
        if found := [match.expand(undone) for match in pattern.finditer(body)]:
            yield from (_DROP.sub(lambda drop: drop[0].lower(), text) for text in found)
            return
    yield f"select {sql.literal(f'{kind} {name} of {schema} is not the same')};"


def _rest(table: str) -> str:
    """What a table's text says besides its columns."""
    return _COLUMN.sub("", table).replace("\n", "")
