"""What it takes to call a branch ready, put together: for commands, and for a sync that had to
create or reset its branch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from supasync import api, catalog
from supasync.ports import Clock
from supasync.sync import names
from supasync.sync.lifecycle.action_run import ActionRun
from supasync.sync.lifecycle.readiness import Readiness
from supasync.sync.lifecycle.wait import Prober, wait

if TYPE_CHECKING:
    from supasync.config import Config


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """seconds: after which it is over; None leaves it to each state's own limit. run_id: the
    platform's run that is waited for, "" for the branch's newest. The rest is `Prober`'s."""

    seconds: float | None = None
    run_id: str = ""
    version: str | None = None
    anew: bool = False
    history: bool = True
    tables: bool = True
    despite: bool = False

    def for_sync(self) -> Self:
        """As much as a sync needs: it brings tables itself, and what migrations failed to."""
        return replace(self, tables=False, despite=True)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A branch that is ready. seconds: how long that took."""

    ref: str
    seconds: float
    probes: int


async def arrival(
    name: str,
    client: api.Client,
    config: Config,
    *,
    clock: Clock,
    tell: Callable[[str], None],
    awaited: Awaited | None = None,
) -> Arrived:
    """Returns when the branch is ready. tell: is given what is waited for, when that changes.

    Raises: as `wait`.
    """
    awaited = awaited or Awaited()
    readiness = Readiness(name, total=awaited.seconds)
    prober = Prober(
        name,
        client,
        config,
        catalog.scope(names.SCOPE, keep_functions=names.kept(config.seed.function)),
        run=ActionRun(client, name, tell, id=awaited.run_id),
        version=awaited.version,
        anew=awaited.anew,
        history=awaited.history,
        tables=awaited.tables,
        despite=awaited.despite,
    )
    seconds = await wait(prober, readiness, clock, tell)
    return Arrived(ref=prober.ref, seconds=seconds, probes=readiness.probes)
