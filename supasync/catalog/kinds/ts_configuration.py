from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, Rows, read
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class TextSearchConfiguration(Object):
    """A configuration with its mappings: per token type of its parser, the dictionaries to ask."""

    label = "TEXT SEARCH CONFIGURATION"
    query = Query(
        catalog="pg_ts_config",
        tables="""pg_ts_config c join namespace n on n.oid = c.cfgnamespace
            join pg_ts_parser p on p.oid = c.cfgparser
            join pg_namespace pn on pn.oid = p.prsnamespace""",
        oid="c.oid",
        path="n.nspname, c.cfgname",
        schema="n",
        owner="c.cfgowner",
        rows=(
            Rows(
                "pg_ts_config_map",
                "mapcfg >= 16384",
                (("'pg_ts_config'::regclass", "mapcfg"),),
                counted="true",
            ),
        ),
    )
    parser: tuple[str, str] = read("json_build_array(pn.nspname, p.prsname)")
    mappings: tuple[tuple[str, tuple[str, ...]], ...] | None = read(
        """(select json_agg(json_build_array(t.alias, m.dictionaries) order by m.maptokentype)
          from (select maptokentype,
              array_agg(mapdict::regdictionary::text order by mapseqno) as dictionaries
            from pg_ts_config_map where mapcfg = c.oid group by maptokentype) m
          join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype)"""
    )

    @property
    def _alter(self) -> str:
        return f"alter text search configuration {self.ref}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        parser = ident(*self.parser)
        created = f"create text search configuration {self.ref} (parser = {parser})"
        return [created, *self._map("add", dict(self.mappings or ()))]

    def _map(self, verb: str, mappings: dict[str, tuple[str, ...]]) -> list[str]:
        return [
            f"{self._alter} {verb} mapping for {ident(token)} with {', '.join(dictionaries)}"
            for token, dictionaries in mappings.items()
        ]

    def alter_mappings(self, old: TextSearchConfiguration) -> list[str]:
        was, now = dict(old.mappings or ()), dict(self.mappings or ())
        gone = [
            f"{self._alter} drop mapping for {ident(token)}" for token in was if token not in now
        ]
        changed = {t: d for t, d in now.items() if t in was and was[t] != d}
        return (
            gone
            + self._map("alter", changed)
            + self._map("add", {t: d for t, d in now.items() if t not in was})
        )

    def rehome(self) -> list[str]:
        return self._map("alter", dict(self.mappings or ()))
