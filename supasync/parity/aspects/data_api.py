"""Settings of the Data API, above all which schemas it exposes."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts, plain

_LISTS: Final = frozenset({"db_schema", "db_extra_search_path"})


async def read(end: End) -> Facts:
    settings = await end.client.config.get(end.ref, "postgrest")
    return {
        name: _list(str(value)) if name in _LISTS else plain(value)
        for name, value in settings.items()
    }


def _list(value: str) -> Fact:
    """In its order: the first schema is the one that is meant when none is named."""
    return plain(", ".join(name.strip() for name in value.split(",")))


ASPECT: Final = Aspect(name="data API", permission="data_api_config_read", read=read)
