from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from supasync.catalog.object import Object, Part, Query, beside, read
from supasync.sql import ident

# as serialize_deflist() in src/backend/commands/tsearchcmds.c writes them: name = value, …
_OPTION: Final = re.compile(r'("(?:[^"]|"")*"|\w+) = (?:E?\'(?:[^\'\\]|\'\'|\\.)*\'|[^\s,]+)')


@dataclass(frozen=True, kw_only=True)
class TextSearchDictionary(Object):
    label = "TEXT SEARCH DICTIONARY"
    query = Query(
        catalog="pg_ts_dict",
        tables="""pg_ts_dict d join namespace n on n.oid = d.dictnamespace
            join pg_ts_template t on t.oid = d.dicttemplate
            join pg_namespace tn on tn.oid = t.tmplnamespace""",
        oid="d.oid",
        path="n.nspname, d.dictname",
        schema="n",
        owner="d.dictowner",
    )
    template: tuple[str, str] = read("json_build_array(tn.nspname, t.tmplname)")
    options: str | None = read("d.dictinitoption")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        options = f", {self.options}" if self.options else ""
        template = ident(*self.template)
        return [f"create text search dictionary {self.ref} (template = {template}{options})"]

    def alter_options(self, old: TextSearchDictionary) -> list[str]:
        # a name alone removes the option; one that is set comes last, and pg_dump prints the order
        gone = [match[1] for match in _OPTION.finditer(old.options or "")]
        words = ", ".join([*gone, *([self.options] if self.options else [])])
        return [f"alter text search dictionary {self.ref} ({words})"] if words else []

    def set_aside(self) -> TextSearchDictionary:
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter text search dictionary {self.ref} rename to {ident(other.id[-1])}"]
