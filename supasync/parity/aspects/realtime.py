"""Settings of Realtime; one that is not set is the platform's."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, plain


async def read(end: End) -> Facts:
    settings = await end.client.config.get(end.ref, "realtime")
    return {name: plain(value) for name, value in settings.items()}


ASPECT: Final = Aspect(name="realtime", permission="realtime_config_read", read=read)
