"""The source of a run, read once for all its targets."""

from __future__ import annotations

from supasync import catalog
from supasync.catalog import Past, Scope, State
from supasync.events import Phase
from supasync.sync.context import Run
from supasync.sync.counted import Counted
from supasync.sync.once import Once
from supasync.sync.record import Memory


class Source:
    """key: what the source is remembered under.

    past: its objects, when it is a schema that a branch had once.
    """

    past: Past | None = None

    def __init__(
        self, run: Run, database: Counted, scope: Scope, memory: Memory, *, key: str
    ) -> None:
        self.database, self.key = database, key
        self._run, self._scope, self._memory = run, scope, memory
        self.reading = Once(self._read)

    async def state(self) -> State:
        """The source's state; every caller gets the same reading, or the same error."""
        return await self.reading.get()

    async def again(self, state: State) -> State:
        """The source as it is now, where `state` turned out to be the past; read once for all."""
        if self.reading.result is state:
            self.reading = Once(self._read)
        return await self.reading.get()

    async def remember(self) -> None:
        """Keeps what was read for the next run. Raises: OSError."""
        state = self.reading.result
        if state is not None:
            await self._memory.keep(self.key, state)

    async def _read(self) -> State:
        with self._run.phase(self.database.name, Phase.OBSERVE) as note:
            remembered = await self._memory.recall(self.key)
            state = await catalog.observe(self.database, self._scope, remembered)
            note.text = f"{state.count} objects"
            return state
