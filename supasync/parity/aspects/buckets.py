"""Buckets of Storage: who can read them, and what may be put into them.

The Management API lists no limits and types, so the database is asked.
"""

from __future__ import annotations

from typing import Any, Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts

# planned only where the table is; older services have no `type`
QUERY: Final = """do $$
begin
  if pg_catalog.to_regclass('storage.buckets') is not null then
    perform pg_catalog.set_config('supasync.parity_buckets', (
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
        'id', b.id, 'name', b.name, 'public', coalesce(b.public, false),
        'size', b.file_size_limit, 'types', b.allowed_mime_types,
        'type', nullif(pg_catalog.to_jsonb(b) ->> 'type', 'STANDARD')) order by b.id), '[]')::text
      from storage.buckets b), true);
  end if;
end $$;
select coalesce(nullif(pg_catalog.current_setting('supasync.parity_buckets', true), ''), '[]')"""


async def read(end: End) -> Facts:
    return {bucket["id"]: _fact(bucket) for bucket in await end.fetch(QUERY)}


def _fact(bucket: dict[str, Any]) -> Fact:
    parts = ["public" if bucket["public"] else "private"]
    if bucket["size"] is not None:
        parts.append(f"at most {bucket['size']} bytes")
    if bucket["types"] is not None:
        parts.append(" ".join(bucket["types"]) or "no type allowed")
    if bucket["type"]:
        parts.append(bucket["type"].lower())
    return Fact(compared=bucket, shown=", ".join(parts))


ASPECT: Final = Aspect(name="buckets", permission="database_read", read=read, query=QUERY)
