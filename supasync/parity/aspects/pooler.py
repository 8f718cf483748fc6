"""How connections are pooled; where the poolers are is each project's own."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, plain


async def read(end: End) -> Facts:
    facts = {}
    for pooler in await end.client.config.poolers(end.ref):
        kind = pooler.database_type.lower()
        facts[f"{kind} pool_mode"] = plain(pooler.pool_mode)
        facts[f"{kind} default_pool_size"] = plain(pooler.default_pool_size)
        facts[f"{kind} max_client_conn"] = plain(pooler.max_client_conn)
    return facts


ASPECT: Final = Aspect(name="pooler", permission="database_pooling_config_read", read=read)
