"""Settings of PostgreSQL that were set through the platform."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, plain


async def read(end: End) -> Facts:
    settings = await end.client.config.get(end.ref, "postgres")
    return {name: plain(value) for name, value in settings.items()}


ASPECT: Final = Aspect(name="database settings", permission="database_config_read", read=read)
