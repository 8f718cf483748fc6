"""Settings of Storage, with the service's own version."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, flattened, plain


async def read(end: End) -> Facts:
    settings = await end.client.config.get(end.ref, "storage")
    return {name: plain(value) for name, value in flattened(settings).items()}


ASPECT: Final = Aspect(name="storage", permission="storage_config_read", read=read)
