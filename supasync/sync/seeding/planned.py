"""Whether a seed fits production's schema, told before a sync brings that schema to a branch.

Told is what is sure to fail: a table or column that a statement or a file of rows names, that
production lacks and the seed does not make. What a function's body names is text, which nobody
knows before it runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from supasync.catalog import State
from supasync.errors import SeedError, UnknownError
from supasync.managed import is_managed
from supasync.ports import Database
from supasync.sync import essential
from supasync.sync.essential import Relations
from supasync.sync.seeding import variables
from supasync.sync.seeding.parser import nodes, parser
from supasync.sync.seeding.script import Place, Script, SeedFile

_ROWS = frozenset(
    {"insert_stmt", "update_stmt", "delete_stmt", "merge_stmt", "truncate_stmt", "select_stmt"}
)
_SHOWN = 10
_DYNAMIC = re.compile(r"\bexecute\b(?!\s+(?:function|procedure)\b)", re.IGNORECASE)
_MAKES = re.compile(
    r"\bcreate\s+(?:\w+\s+){0,3}(?:table|view)\b|\balter\s+table\b|\bimport\s+foreign\b",
    re.IGNORECASE,
)

_WITHOUT_TABLES = frozenset(
    {
        *("btree_gin", "btree_gist", "citext", "cube", "earthdistance", "fuzzystrmatch", "hstore"),
        *("intarray", "isn", "ltree", "moddatetime", "pg_trgm", "pgcrypto", "plpgsql", "unaccent"),
        *("pg_graphql", "pg_jsonschema", "pg_stat_statements", "supabase_vault", "uuid-ossp"),
        *("vector",),
    }
)
"""Extensions that make none, or none outside of the platform's schemas."""
_EXTENSIONS = """\
select json_object_agg(extname, (
  select coalesce(json_agg(json_build_array(n.nspname, c.relname)), '[]')
  from pg_depend d join pg_class c on c.oid = d.objid join pg_namespace n on n.oid = c.relnamespace
  where d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
    and d.classid = 'pg_class'::regclass))::text
from pg_extension e"""


@dataclass(frozen=True)
class Named:
    """A table that a seed needs, and columns of it. table: without schema where none is written."""

    place: Place
    table: tuple[str, ...]
    columns: tuple[str, ...] = ()


async def check(script: Script, source: State, branch: Database | None) -> None:
    """source: production's. branch: as it is before the sync; None where there is none yet.

    Raises: SeedError that names file, line and what is missing, SqlError.
    """
    found = lacking(script, essential.relations(source))
    there = await _of_extensions(branch) if found else {}
    installed = {id_[1] for id_ in source.digests if id_[0] == "extension"}
    if installed - there.keys() - _WITHOUT_TABLES:
        return  # nobody knows which tables these make
    theirs = {table for tables in there.values() for table in tables}
    lines = [
        f"{place}: production has no {what}"
        for place, table, what in found
        if not theirs & {table, table[-1:]}
    ]
    if lines:
        more = f"\nand {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        raise SeedError(
            "\n".join(lines[:_SHOWN]) + more,
            remedy="Nothing was changed: the branch would have production's schema, and the seed "
            "fail on it. Correct the seed, or make the change on production first.",
        )


def lacking(script: Script, there: Relations) -> list[tuple[Place, tuple[str, ...], str]]:
    """Where a table is named, the table, and what is missing: it, or a column of it. there: what
    production has."""
    text = "\n".join(file.text for file in script.files)
    if _DYNAMIC.search(text) and _MAKES.search(text):
        return []  # nobody knows what that makes
    lacks = _Lacks(there, text)
    return [
        (named.place, named.table, what) for named in _named(script) for what in lacks.of(named)
    ]


@dataclass(frozen=True)
class _Lacks:
    """What production has not. text: the seed's, which may make tables of its own."""

    there: Relations
    text: str

    def of(self, named: Named) -> Iterator[str]:
        if is_managed(named.table[0]) or named.table[-1].startswith("pg_"):
            return
        found = self._found(named.table)
        if not found and not self._made(named.table[-1]):
            yield f"table {'.'.join(named.table)}"
        if len(found) != 1:  # which of several is meant depends on the search_path
            return
        columns = self.there[found[0]]
        for column in named.columns:
            if columns is not None and column not in columns and not self._made(column):
                yield f"column {'.'.join(found[0])}.{column}"

    def _found(self, table: tuple[str, ...]) -> list[tuple[str, ...]]:
        if len(table) == 2:
            return [table] if table in self.there else []
        return [each for each in self.there if each[-1] == table[0]]

    def _made(self, name: str) -> bool:
        named = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
        return bool(
            re.search(rf"\bcreate\b[^;(]*{named}|\balter\b[^;]*{named}", self.text, re.IGNORECASE)
        )


def _named(script: Script) -> Iterator[Named]:
    """What the files name, each once for each place."""
    for file in script.files:
        if file.table is not None:
            for rows in file.rows:
                line = rows.rows[0].line if rows.as_json else 1  # of the names
                yield Named(Place(file.path, line), file.table, rows.columns)
        else:
            yield from dict.fromkeys(_in_sql(file))


def _in_sql(file: SeedFile) -> Iterator[Named]:
    reader = parser()
    if reader is None:
        return
    tree = reader.parse(variables.without_tokens(file.text))
    for statement, parsed in zip(tree.stmts, file.parsed or (), strict=True):
        if statement.stmt.WhichOneof("node") in _ROWS:
            yield from _of_statement(statement.stmt, Place(file.path, parsed.line))


def _of_statement(statement: Any, place: Place) -> Iterator[Named]:
    own = {each.ctename for each in nodes(statement, "CommonTableExpr")}
    own |= {each.rel.relname for each in nodes(statement, "IntoClause")}
    for each in nodes(statement, "RangeVar"):
        if each.schemaname or each.relname not in own:
            yield Named(place, _path(each))
    for each in nodes(statement, "InsertStmt"):
        conflict = each.on_conflict_clause.target_list if each.on_conflict_clause else ()
        yield Named(place, _path(each.relation), _targets([*each.cols, *conflict]))
    for each in nodes(statement, "UpdateStmt"):
        if each.relation.schemaname or each.relation.relname not in own:
            yield Named(place, _path(each.relation), _targets(each.target_list))


def _path(table: Any) -> tuple[str, ...]:
    return tuple(filter(None, (table.schemaname, table.relname)))


def _targets(targets: Sequence[Any]) -> tuple[str, ...]:
    return tuple(each.res_target.name for each in targets)


async def _of_extensions(branch: Database | None) -> dict[str, set[tuple[str, ...]]]:
    """The tables of each extension that the branch has, with and without their schema: they are no
    objects of a schema. Of a branch that does not answer none is known."""
    if branch is None:
        return {}
    try:
        answer = await branch.fetch(_EXTENSIONS)
    except UnknownError:
        return {}
    found = json.loads(answer or "{}")
    return {
        name: {path for schema, table in tables for path in ((schema, table), (table,))}
        for name, tables in found.items()
    }
