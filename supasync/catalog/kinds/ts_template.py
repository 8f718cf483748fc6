from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read


@dataclass(frozen=True, kw_only=True)
class TextSearchTemplate(Object):
    """Its functions are fixed when it is made. It has no owner: only superusers make one."""

    label = "TEXT SEARCH TEMPLATE"
    superusers = ("create", "alter")
    query = Query(
        catalog="pg_ts_template",
        tables="pg_ts_template t join namespace n on n.oid = t.tmplnamespace",
        oid="t.oid",
        path="n.nspname, t.tmplname",
        schema="n",
    )
    start: str | None = read("nullif(t.tmplinit, 0)::regproc::text")
    lexize: str = read("t.tmpllexize::text")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        start = f"init = {self.start}, " if self.start else ""
        return [f"create text search template {self.ref} ({start}lexize = {self.lexize})"]
