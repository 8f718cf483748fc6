"""The sandbox's platform as a place to run migrations on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supasync.errors import SandboxError

if TYPE_CHECKING:
    from supasync import direct
    from supasync.sandbox.binaries import Binaries
    from supasync.sandbox.home import Home


@dataclass(frozen=True)
class SandboxScratch:
    """sync.migrations.replay.Scratch. Each database has a server of its own: a migration may make
    roles, which are a server's."""

    home: Home
    binaries: Binaries

    @property
    def about(self) -> str:
        return f"the sandbox's PostgreSQL {self.binaries.version}"

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[direct.Database]:
        """Raises: SandboxError."""
        from supasync import direct
        from supasync.sandbox.instance import Instance
        from supasync.sandbox.records import Record

        record = Record.new("scratch")
        instance = Instance(record, self.home.path / record.ref, self.binaries, "")
        try:
            await asyncio.to_thread(instance.make)
            async with direct.Database(instance.db_url) as database:
                yield database
        finally:
            await asyncio.to_thread(instance.cluster.stop, quick=True)


@asynccontextmanager
async def opened(major: int) -> AsyncIterator[SandboxScratch]:
    """major: of the PostgreSQL that is wanted; the sandbox's own where there is no such server.

    Raises: SandboxError.
    """
    try:
        from supasync.sandbox import binaries
        from supasync.sandbox.home import Home
    except ImportError as error:
        raise SandboxError(
            f"The history is run on a sandbox, which is not installed ({error.name} is missing)",
            remedy="pip install 'supasync[sandbox]'; or compare with a branch: --against BRANCH.",
        ) from error
    found = binaries.find()
    if found.major != major:
        found = next((each for each in binaries.installed() if each.major == major), found)
    with Home.new() as home:
        yield SandboxScratch(home, found)
