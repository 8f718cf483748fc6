from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import ident


def _function(column: str) -> str:
    return f"case when {column} <> 0 then {column}::regprocedure::text end"


@dataclass(frozen=True, kw_only=True)
class Transform(Object):
    """Path: the type and the language."""

    label = "TRANSFORM"
    query = Query(
        catalog="pg_transform",
        tables="""pg_transform f join pg_language l on l.oid = f.trflang
            join pg_type t on t.oid = f.trftype join namespace n on n.oid = t.typnamespace""",
        # it lives in no schema: its type says whose it is
        where="n.managed is not true or n.nspname = 'pg_catalog'",
        oid="f.oid",
        path="format_type(f.trftype, null), l.lanname",
    )
    from_sql: str | None = read(_function("f.trffromsql"))
    to_sql: str | None = read(_function("f.trftosql"))

    @property
    def ref(self) -> str:
        return f"for {self.path[0]} language {ident(self.path[1])}"

    @property
    def title(self) -> str:
        return f"TRANSFORM FOR {self.path[0]} LANGUAGE {self.path[1]}"

    def needs(self, old: Transform | None, verb: str) -> Iterable[Right]:
        yield rights.owns_a_type(self.path[0])
        yield rights.uses_language(self.path[1])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self._create("create")]

    def _create(self, word: str) -> str:
        ways = [
            f"{way} sql with function {function}"
            for way, function in (("from", self.from_sql), ("to", self.to_sql))
            if function
        ]
        return f"{word} transform {self.ref} ({', '.join(ways)})"

    def alter_from_sql(self, old: Transform) -> list[str]:
        return [self._create("create or replace")]

    alter_to_sql = alter_from_sql
