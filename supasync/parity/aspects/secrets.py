"""Names of edge functions' variables. Their values are neither compared nor shown."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, presence

_PLATFORM: Final = "SUPABASE_"
"""Every project has these, with values of its own."""


async def read(end: End) -> Facts:
    names = await end.client.parts.secret_names(end.ref)
    return {name: presence(name) for name in names if not name.startswith(_PLATFORM)}


ASPECT: Final = Aspect(name="secrets", permission="edge_functions_secrets_read", read=read)
