"""Drifts made on a branch one after the other, looked for one by one, and healed together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from supasync import catalog
from supasync.catalog import Id, Scope, State
from supasync.catalog.kinds import BY_NAME
from supasync.drill.catalogue import FAMILY_OF
from supasync.drill.drift import Drift, Occasion
from supasync.errors import SqlError
from supasync.events import Drilled, Found
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import Lease, understood
from supasync.sync.counted import CountedWritable

SIZE = 16
"""Drifts that are healed together: few enough that they seldom meet, and that what the engine
cannot heal is soon found among them."""
_OURS = "SY"  # SQLSTATEs of our own statements
_SERVER_GOES = ("57P", "55P03")  # it shuts down; somebody holds a lock


@dataclass
class Round:
    """One batch. occasions: by the names of the drifts, as the branch is without any drift.

    source: production's state. state: the branch's, as it was last seen.
    """

    database: CountedWritable
    lease: Lease
    scope: Scope
    source: State
    state: State
    occasions: Mapping[str, Sequence[Occasion]]
    made: dict[str, tuple[Drilled, Id]] = field(default_factory=dict)
    """By name: what was made here and found, with its object."""
    over: dict[str, Drilled] = field(default_factory=dict)
    """By name: what has its verdict already."""
    _touched: set[Id] = field(default_factory=set)

    async def suffer(self, drifts: Iterable[Drift]) -> list[Drift]:
        """Makes drifts until there are enough. Returns those that are left for another round.

        Raises: LeaseHeld, NotReady, SqlError, UnknownError.
        """
        return [drift for drift in drifts if len(self.made) >= SIZE or not await self._made(drift)]

    async def _made(self, drift: Drift) -> bool:
        """False: it has to wait for a round without those that were made before it."""
        started = time.monotonic()
        known = self.occasions[drift.name]
        fitting = [each for each in known if self._fits(drift, each)]
        free = [each for each in fitting if each.object not in self._touched]
        if fitting and not free:
            return False
        refusal = ""
        for occasion in free:
            try:
                await self._inject(occasion.sql)
            except SqlError as error:
                refusal = error.message
                continue
            await self._look(drift, occasion.object, started)
            return True
        if refusal and self._touched:
            return False  # perhaps only because of them
        reason = f"the server refuses it: {refusal}" if refusal else f"there is not {drift.needs}"
        self.over[drift.name] = _drilled(drift, Found.NO_OCCASION, started, reason=reason)
        return True

    def _fits(self, drift: Drift, occasion: Occasion) -> bool:
        """What the engine does not compare is no occasion; nor what an earlier drill has left."""
        return drift.there is None or (occasion.object in self.source.digests) is drift.there

    async def _inject(self, statements: str) -> None:
        """One transaction of the branch. Raises: SqlError when it is refused, LeaseHeld, NotReady,
        UnknownError."""
        text = f"{self.lease.fence()}{statements};\n{again.SAY_DONE}"
        try:
            again.done(await self.database.run(text))
        except SqlError as error:
            if error.sqlstate.startswith((_OURS, *_SERVER_GOES)):
                raise understood(error, self.database.name) from error
            raise

    async def _look(self, drift: Drift, object_id: Id, started: float) -> None:
        """Whether the engine sees it, and says which object it is."""
        before = self.state
        self.state = await catalog.observe(self.database, self.scope, before)
        changed = _differing(before, self.state)
        self._touched |= changed
        seen = object_id in changed and object_id in catalog.differences(self.source, self.state)
        drilled = _drilled(
            drift,
            Found.NOT_HEALED if seen else Found.MISSED,
            started,
            object_id=object_id,
            reason="" if seen else "the branch counts as equal to production where it was changed",
        )
        self.made[drift.name] = (drilled, object_id)


def _differing(one: State, other: State) -> set[Id]:
    if one.fingerprint == other.fingerprint:
        return set()
    ids = one.digests.keys() | other.digests.keys()
    return {id_ for id_ in ids if one.digests.get(id_) != other.digests.get(id_)}


def _drilled(
    drift: Drift, found: Found, started: float, *, object_id: Id = (), reason: str = ""
) -> Drilled:
    return Drilled(
        drift=drift.name,
        family=FAMILY_OF.get(drift.name, ""),
        what=drift.what,
        found=found,
        object=named(object_id),
        reason=reason,
        seconds=time.monotonic() - started,
    )


def named(object_id: Id) -> str:
    """`policy public.users.own row`; "" of nothing."""
    if not object_id:
        return ""
    return f"{BY_NAME[object_id[0]].label.lower()} {'.'.join(filter(None, object_id[1:]))}"
