from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read
from supasync.sql import literal


@dataclass(frozen=True, kw_only=True)
class Conversion(Object):
    label = "CONVERSION"
    query = Query(
        catalog="pg_conversion",
        tables="pg_conversion c join namespace n on n.oid = c.connamespace",
        oid="c.oid",
        path="n.nspname, c.conname",
        schema="n",
        owner="c.conowner",
    )
    source: str = read("pg_encoding_to_char(c.conforencoding)")
    target: str = read("pg_encoding_to_char(c.contoencoding)")
    function: str = read("c.conproc::regproc::text")
    default: bool = read("c.condefault")

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """A schema has one default conversion between two encodings."""
        claim = ("default conversion", self.path[0], self.source, self.target)
        return frozenset({claim} if self.default else ())

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        default = "default " if self.default else ""
        return [
            f"create {default}conversion {self.ref} for {literal(self.source)} "
            f"to {literal(self.target)} from {self.function}"
        ]
