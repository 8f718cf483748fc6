"""The version of PostgreSQL, as the server tells it."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, word

QUERY: Final = """select pg_catalog.json_build_object(
  'version', pg_catalog.current_setting('server_version'))::text"""


async def read(end: End) -> Facts:
    told = await end.fetch(QUERY)
    return {"version": word(told["version"])}


ASPECT: Final = Aspect(name="PostgreSQL", permission="database_read", read=read, query=QUERY)
