"""All checks of production and of the branches, concurrently; production is read once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Sequence

from supasync import api
from supasync.checks import (
    access,
    audit,
    essential,
    freshness,
    schema,
    seed,
    services,
    timing,
    users,
)
from supasync.checks.environment import Branch, Production, Shared
from supasync.errors import SupasyncError, UnknownError
from supasync.events import PRODUCTION, Checked, Finding, LeftOut, Notice, Report, Validation
from supasync.sync.lifecycle import ready
from supasync.sync.once import Once

logger = logging.getLogger(__name__)

ON_PRODUCTION = (essential.ON_PRODUCTION,)
AT_LAST = (audit.ON_PRODUCTION,)
ON_BRANCH = (
    essential.ON_BRANCH,
    schema.ON_BRANCH,
    access.ON_BRANCH,
    seed.ON_BRANCH,
    users.ON_BRANCH,
    services.ON_BRANCH,
    freshness.ON_BRANCH,
    timing.ON_BRANCH,
)
NAMES = (*(each.name for each in ON_BRANCH), *(each.name for each in AT_LAST))
_REACH = "reach"
"""What a branch is found wanting in that cannot be looked at."""
_REPORT = "This is a fault of supasync. Run it again with --debug to see where it comes from."


async def validate(shared: Shared, branches: Sequence[str]) -> Validation:
    """Runs every check that is asked for. An error is a finding.

    Raises: UsageError for a name that is neither configured nor one of a branch; then nothing was
    checked.
    """
    run = _Validating(shared)
    started = time.monotonic()
    try:
        await run.check_names(branches)
        await asyncio.gather(run.production(), run.branches(branches))
        await run.at_last()
    finally:
        await run.aclose()
    order = {name: n for n, name in enumerate((PRODUCTION, *branches))}
    checks = {name: n for n, name in enumerate(NAMES)}
    return Validation(
        environments=tuple(order),
        checked=tuple(
            sorted(run.checked, key=lambda c: (order[c.environment], checks.get(c.check, -1)))
        ),
        left_out=tuple(run.left_out),
        seconds=time.monotonic() - started,
        config=str(shared.config.file),
        calls=dict(shared.client.calls),
    )


class _Validating:
    def __init__(self, shared: Shared) -> None:
        self._shared, self._production = shared, Production(shared)
        self._listed = Once(lambda: shared.client.branches.list(shared.config.project.ref))
        self._found: list[Branch] = []
        self.checked: list[Checked] = []
        self.left_out: list[LeftOut] = []

    async def check_names(self, names: Sequence[str]) -> None:
        """Raises: UsageError."""
        config = self._shared.config
        if all(ready.configured(name, config) for name in names):
            return  # nothing to wait for
        try:
            listed = await self._listed.get()
        except SupasyncError:
            return  # each branch will tell
        ready.check_names(names, listed, config)

    async def production(self) -> None:
        for check in ON_PRODUCTION:
            if self._asked(PRODUCTION, check.name, check.skip(self._production)):
                await self._add(PRODUCTION, check.name, check.look(self._production))

    async def at_last(self) -> None:
        for check in AT_LAST:
            await self._add(PRODUCTION, check.name, check.look(self._production))

    async def branches(self, names: Sequence[str]) -> None:
        shared = self._shared
        shared.source.reading.start()
        try:
            listed = await self._listed.get()
        except SupasyncError as error:
            for name in names:
                await self._add(name, _REACH, _failing(error))
            return
        await asyncio.gather(*(self._branch(name, listed) for name in names))

    async def _branch(self, name: str, listed: Sequence[api.Branch]) -> None:
        config = self._shared.config
        try:
            row = ready.find(name, listed, config)
            ready.check(row)
        except UnknownError as error:
            await self._add(name, _REACH, _failing(error))
            return
        except SupasyncError as error:
            finding = Finding(message=error.message, remedy=error.remedy or "")
            await self._add(name, _REACH, _saying(Report(findings=(finding,))))
            return
        branch = Branch(self._production, name, row, ready.settings(name, row, config))
        self._found.append(branch)
        asked = [each for each in ON_BRANCH if self._asked(name, each.name, each.skip(branch))]
        together = (each for each in asked if not each.alone)
        await asyncio.gather(*(self._add(name, each.name, each.look(branch)) for each in together))
        for check in asked:
            if check.alone:
                await self._add(name, check.name, check.look(branch))

    async def aclose(self) -> None:
        shared = self._shared
        for branch in self._found:
            await branch.aclose()
        await self._listed.aclose()
        await self._production.aclose()
        try:
            await shared.source.remember()
        except OSError as error:
            message = f"What was read could not be kept for the next run: {error}"
            shared.run.emit(Notice(branch=PRODUCTION, message=message))
        await shared.source.reading.aclose()

    def _asked(self, where: str, check: str, reason: str) -> bool:
        if reason:
            self.left_out.append(LeftOut(environment=where, check=check, reason=reason))
        return not reason

    async def _add(self, where: str, check: str, looking: Awaitable[Report]) -> None:
        started = time.monotonic()
        report = await _reported(looking, check)
        seconds = time.monotonic() - started
        self.checked.append(Checked(environment=where, check=check, report=report, seconds=seconds))


async def _reported(looking: Awaitable[Report], check: str) -> Report:
    """What could not be looked at is not known, whatever the error."""
    try:
        return await looking
    except SupasyncError as error:
        finding = Finding(message=error.message, remedy=error.remedy or "", known=False)
    except Exception as error:
        logger.debug("%s failed", check, exc_info=True)
        message = f"unexpected {type(error).__name__}: {error}"
        finding = Finding(message=message, remedy=_REPORT, known=False)
    return Report(findings=(finding,))


async def _failing(error: SupasyncError) -> Report:
    raise error


async def _saying(report: Report) -> Report:
    return report
