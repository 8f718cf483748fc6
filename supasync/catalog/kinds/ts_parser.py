from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read


@dataclass(frozen=True, kw_only=True)
class TextSearchParser(Object):
    """Its functions are fixed when it is made. It has no owner: only superusers make one."""

    label = "TEXT SEARCH PARSER"
    superusers = ("create", "alter")
    query = Query(
        catalog="pg_ts_parser",
        tables="pg_ts_parser t join namespace n on n.oid = t.prsnamespace",
        oid="t.oid",
        path="n.nspname, t.prsname",
        schema="n",
    )
    functions: tuple[tuple[str, str], ...] = read(
        """(select json_agg(json_build_array(u.word, u.f::text) order by u.i)
          from (values (1, 'start', t.prsstart), (2, 'gettoken', t.prstoken), (3, 'end', t.prsend),
            (4, 'headline', t.prsheadline), (5, 'lextypes', t.prslextype)) u(i, word, f)
          where u.f <> 0)"""
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        functions = ", ".join(f"{word} = {function}" for word, function in self.functions)
        return [f"create text search parser {self.ref} ({functions})"]
