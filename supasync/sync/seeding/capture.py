"""Rows of a branch as a seed file: inserted, or updated where their primary key is there.

Only a branch is read. Rows of the platform's schemas are refused: those of auth are secrets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from supasync import sql
from supasync.config import QUALIFIED
from supasync.errors import Refused, UnexpectedAnswer, UsageError
from supasync.managed import is_managed
from supasync.ports import Database
from supasync.sync.data.asking import PINS
from supasync.sync.data.rowtext import fields
from supasync.sync.data.tables import Name, Table, describe
from supasync.sync.ends import End
from supasync.sync.seeding import linked
from supasync.sync.seeding.linked import Accounts


@dataclass(frozen=True, kw_only=True)
class Captured:
    """text: the file's. rows: how many each table has in it. notes: what people should know."""

    text: str
    rows: Sequence[tuple[str, int]]
    notes: Sequence[str]


def chosen(tables: Sequence[str]) -> tuple[Name, ...]:
    """The tables' names as they are stored, each once. Raises: UsageError, Refused."""
    found: dict[Name, None] = {}
    for each in tables:
        match = QUALIFIED.match(each)
        if match is None or not match[1]:
            raise UsageError(
                f"{each} is not the name of a table with its schema",
                remedy="""Write public.users; quote unusual names: 'public."User"'.""",
            )
        schema, name = sql.names(each)
        if is_managed(schema):
            raise Refused(
                f"{each} is in {schema}, which is not yours: its rows are never written to a file",
                remedy="Test users are made with [[test_users]], not with rows of auth.",
            )
        found[schema, name] = None
    return tuple(found)


def check_own(names: Sequence[Name], branch: End) -> None:
    """Refuses rows that came from production. Raises: Refused."""
    if branch.cloned:
        raise Refused(
            f"{branch.database.name} was made with production's rows: none of them become a seed",
            remedy="Capture from a branch that was made without data.",
        )
    if copied := [".".join(name) for name in names if name in branch.copied]:
        raise Refused(
            f"The rows of {', '.join(copied)} are copied from production: they become no seed",
            remedy="[branches.NAME.data] brings them to each branch that lists them.",
        )


def check_file(file: Path | None) -> None:
    """Raises: UsageError when it is there already, or its folder is not."""
    if file is not None and file.exists():
        raise UsageError(f"{file} exists already", remedy="Name a new file, or remove this one.")
    if file is not None and not file.parent.is_dir():
        raise UsageError(f"{file.parent} is no folder", remedy="Make it, or name another.")


def write(file: Path, text: str) -> None:
    """Raises: UsageError; an existing file is left as it is."""
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}", remedy="Name another file."
        ) from error


async def capture(
    branch: Database, names: Sequence[Name], *, limit: int, emails: Sequence[str]
) -> Captured:
    """limit: of rows of a table. emails: of the test users.

    Raises: UsageError, Refused, SqlError, UnknownError.
    """
    found = await describe(branch, names)
    _check(branch.name, names, found)
    tables = _in_order(found)
    rows = await _read(branch, tables, limit)
    for table, listed in zip(tables, rows, strict=True):
        if len(listed) > limit:
            raise Refused(
                f"{table.named} has more rows than {limit}",
                remedy="Allow more with --limit, or delete what no test needs on the branch.",
            )
    head = f"{sql.comment(f'Rows of the branch {branch.name}.')}\n"
    accounts = Accounts({})
    if any(map(linked.columns, tables)):
        accounts = await linked.read(branch, emails)
    made = [_Made(table, listed, accounts) for table, listed in zip(tables, rows, strict=True)]
    return Captured(
        text="\n".join([head, *(each.statements() for each in made)]),
        rows=[(each.table.named, len(each.rows)) for each in made],
        notes=[
            note for each in made for note in linked.notes(each.table, len(each.rows), each.lost())
        ],
    )


def _check(branch: str, names: Sequence[Name], found: Mapping[Name, Table]) -> None:
    for name in names:
        table, named = found.get(name), ".".join(name)
        if table is None or table.kind not in {"r", "p"}:
            raise UsageError(
                f"{branch} has no table {named}",
                remedy="Correct the name; an unquoted one is read in lower case.",
            )
        if not table.key:
            raise Refused(
                f"{named} has no primary key, so a file with its rows could not be run again",
                remedy="Add a primary key, on production first, or write this seed by hand.",
            )
        if table.hides:
            raise Refused(
                f"Policies of {branch} hide rows of {named} from the role that reads it",
                remedy="Give supabase_read_only_user BYPASSRLS, as the platform does.",
            )


def _in_order(found: Mapping[Name, Table]) -> list[Table]:
    """Tables that others refer to first. Raises: Refused for a circle."""
    graph = {
        name: {key.to for key in found[name].refers if key.to in found and key.to != name}
        for name in sorted(found)
    }
    try:
        return [found[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " → ".join(".".join(name) for name in error.args[1])
        raise Refused(
            f"These tables refer to each other in a circle: {circle}",
            remedy='Capture each to a file of its own and run them with triggers = "off".',
        ) from None


async def _read(branch: Database, tables: Sequence[Table], limit: int) -> list[list[str]]:
    """Records as texts, of all tables at one moment; at most one more than the limit."""
    queries = ", ".join(
        f"(select coalesce(json_agg(x::text), '[]') from (select * from"
        f" {'only ' if table.kind == 'r' else ''}{sql.ident(*table.table)}"
        f" order by {', '.join(map(sql.ident, table.key))} limit {limit + 1}) x)"
        for table in tables
    )
    answer = await branch.fetch(f"{PINS}\nselect json_build_array({queries})::text")
    try:
        return [list(map(str, rows)) for rows in json.loads(answer or "")]
    except (ValueError, TypeError) as error:
        raise UnexpectedAnswer(f"{branch.name} did not answer with rows") from error


@dataclass(frozen=True)
class _Made:
    """A table's part of the file."""

    table: Table
    rows: Sequence[str]
    accounts: Accounts

    def statements(self) -> str:
        """One INSERT, so that rows may refer to others of it, and the sequences moved on."""
        table, named = self.table, sql.ident(*self.table.table)
        columns = [column.name for column in table.columns if not column.generated]
        others = sorted(
            {".".join(key.to) for key in table.refers if key.table == table.table} - {table.named}
        )
        lines = [sql.comment(f"{table.named} refers to {', '.join(others)}")] if others else []
        if not self.rows:
            return "\n".join([*lines, sql.comment(f"{table.named} has no rows"), ""])
        changed = [column for column in columns if column not in table.key]
        update = ", ".join(f"{sql.ident(name)} = {self._new(name)}" for name in changed)
        lines += [
            f"insert into {named} ({', '.join(map(sql.ident, columns))})",
            "overriding system value values",
            ",\n".join(f"  ({', '.join(self._values(row))})" for row in self.rows),
            f"on conflict ({', '.join(map(sql.ident, table.key))}) do "
            + (f"update set {update};" if update else "nothing;"),
        ]
        for counter in table.sequences:
            last = "max" if counter.ascending else "min"
            lines.append(
                f"select setval({sql.literal(sql.ident(*counter.sequence))},"
                f" (select {last}({sql.ident(counter.column)}) from {named}));"
            )
        return "\n".join([*lines, ""])

    def lost(self) -> int:
        """How many rows refer to an account of no test user."""
        return sum(
            any(account not in self.accounts.emails for account in self._accounts_of(row))
            for row in self.rows
        )

    def _accounts_of(self, row: str) -> list[str]:
        names = linked.columns(self.table)
        pairs = zip(self.table.columns, fields(row), strict=True)
        return [value for column, value in pairs if column.name in names and value is not None]

    def _new(self, name: str) -> str:
        """A column's value where the row is there. No account loses its row to a seed."""
        new = f"excluded.{sql.ident(name)}"
        if name not in linked.columns(self.table):
            return new
        return f"coalesce({new}, {sql.ident(*self.table.table, name)})"

    def _values(self, row: str) -> Iterator[str]:
        names = linked.columns(self.table)
        for column, value in zip(self.table.columns, fields(row), strict=True):
            if column.generated:
                continue
            if column.name in names and value is not None:
                yield self.accounts.expression(value)
            else:
                yield sql.literal(value).strip()
