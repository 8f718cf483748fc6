from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog.object import Object, Part, Query, beside, read, reparsed
from supasync.sql import ident, literal

PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}


@dataclass(frozen=True, kw_only=True)
class Collation(Object):
    """A collation. Its version is that of the server's libraries, and not compared."""

    label = "COLLATION"
    query = Query(
        catalog="pg_collation",
        tables="pg_collation k join namespace n on n.oid = k.collnamespace",
        # of one name there may be several, for other encodings than this database's
        where="""k.collencoding in (-1,
            (select b.encoding from pg_database b where b.datname = current_database()))""",
        oid="k.oid",
        path="n.nspname, k.collname",
        schema="n",
        owner="k.collowner",
    )
    provider: str = read("k.collprovider")
    deterministic: bool = read("k.collisdeterministic")
    collate: tuple[str | None, str | None] = read("json_build_array(k.collcollate, k.collctype)")
    # the column got its name with PostgreSQL 17; 16 and later rewrite an older server's spelling
    locale: str | None = reparsed(
        "coalesce(to_jsonb(k)->>'colllocale', to_jsonb(k)->>'colliculocale')"
    )
    rules: str | None = read("to_jsonb(k)->>'collicurules'")  # PostgreSQL 16

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        said = {
            "lc_collate": self.collate[0],
            "lc_ctype": self.collate[1],
            "locale": self.locale,
            "rules": self.rules,
        }
        words = [f"provider = {PROVIDERS[self.provider]}"]
        words += [f"{name} = {literal(value)}" for name, value in said.items() if value is not None]
        if not self.deterministic:
            words.append("deterministic = false")
        return [f"create collation {self.ref} ({', '.join(words)})"]

    def set_aside(self) -> Collation:
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter collation {self.ref} rename to {ident(other.id[-1])}"]
