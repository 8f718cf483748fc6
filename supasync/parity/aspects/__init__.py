"""The aspects, in the order of the report. One file each; a new one is one file and one word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.aspects import (
    auth,
    buckets,
    cron,
    data_api,
    database,
    extensions,
    functions,
    pooler,
    publications,
    realtime,
    release,
    secrets,
    server,
    storage,
)

ASPECTS: Final[tuple[Aspect, ...]] = tuple(
    each.ASPECT
    for each in (
        server,
        release,
        extensions,
        publications,
        cron,
        database,
        pooler,
        auth,
        data_api,
        storage,
        buckets,
        realtime,
        functions,
        secrets,
    )
)
QUERIES: Final[Mapping[str, str]] = {
    f"parity: {aspect.name}": aspect.query for aspect in ASPECTS if aspect.query
}
"""All that the databases are asked, by what it is about."""
