"""Extensions with their versions, which the platform decides about, and their schemas."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts

QUERY: Final = """select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
  x.extname, x.extversion, n.nspname) order by x.extname), '[]')::text
from pg_catalog.pg_extension x join pg_catalog.pg_namespace n on n.oid = x.extnamespace"""


async def read(end: End) -> Facts:
    return {
        name: Fact(compared=(version, schema), shown=f"{version} in {schema}")
        for name, version, schema in await end.fetch(QUERY)
    }


ASPECT: Final = Aspect(name="extensions", permission="database_read", read=read, query=QUERY)
