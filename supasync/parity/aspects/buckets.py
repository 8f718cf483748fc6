"""Buckets of Storage, and whether everybody can read them."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts


async def read(end: End) -> Facts:
    end.check_awake()
    return {
        bucket.id: Fact(
            compared=(bucket.name, bucket.public), shown="public" if bucket.public else "private"
        )
        for bucket in await end.client.parts.buckets(end.ref)
    }


ASPECT: Final = Aspect(name="buckets", permission="storage_read", read=read)
