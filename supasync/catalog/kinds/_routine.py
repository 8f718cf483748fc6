"""What functions, procedures and aggregates read and write alike."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Query
from supasync.sql import ident


def routine_query(where: str, *, joins: str = "", sort: str = "", stub_uses: str = "") -> Query:
    return Query(
        catalog="pg_proc",
        sort=sort,
        tables=f"pg_proc p join namespace n on n.oid = p.pronamespace {joins}",
        where=where,
        oid="p.oid",
        path="""n.nspname, p.proname, array_to_string(array(select format_type(u.t, null)
            from unnest(p.proargtypes) with ordinality u(t, i) order by u.i), ', ')""",
        schema="n",
        owner="p.proowner",
        acl="p.proacl",
        acl_type="'f'",
        stub_uses=stub_uses,
    )


@dataclass(frozen=True, kw_only=True)
class Routine(Object):
    """The last name is its input types."""

    label = "ROUTINE"  # in DDL: any of them

    @property
    def word(self) -> str:
        """Which of them it is."""
        raise NotImplementedError(f"{type(self).__name__}.word")

    @property
    def ref(self) -> str:
        return f"{ident(*self.path[:2])}({self.path[2]})"

    @property
    def title(self) -> str:
        return f"{self.word} {self.path[0]}.{self.path[1]}({self.path[2]})"

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        return frozenset({("routine", *self.path)})
