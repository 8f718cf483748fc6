"""What the platform does to a branch in the background, step by step, as it happens.

For people, and to tell an old failure from a new one. It is no proof of completion: steps of other
runs were seen to stay as they were (a branch without git keeps `configure` PAUSED).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from supasync import api
from supasync.errors import Forbidden, NotFound

_WORDS = {"EXITED": "done", "DEAD": "failed", "RUNNING": "runs"}
_LOG_LINES = 5


@dataclass
class ActionRun:
    """One run on a branch. id: "" for the branch's newest. tell: is given each change.

    ended: whether its migrations were run, or it failed before; None when that cannot be known.
    """

    client: api.Client
    name: str
    tell: Callable[[str], None]
    id: str = ""
    ended: bool | None = False
    failed: bool = False
    _steps: dict[str, str] = field(default_factory=dict)

    async def look(self, ref: str) -> None:
        """Raises: UnknownError, but for a run that this token may not see."""
        if self.ended is None:
            return
        try:
            run = await self._run(ref)
        except (NotFound, Forbidden) as error:
            self.ended = None
            self.tell(f"{self.name}: the platform's run cannot be followed: {error.message}")
            return
        if run is None:
            return
        self.id = run.id
        now = {step.name: str(step.status) for step in run.run_steps}
        changed = {name: word for name, word in now.items() if self._steps.get(name) != word}
        self._steps = now
        if told := _told(changed):
            self.tell(f"{self.name}: {told}")
        self.failed = "DEAD" in now.values()
        self.ended = self.failed or now.get("migrate") == "EXITED"

    async def last_words(self, ref: str) -> str:
        """The end of the run's log; "" when there is none or it may not be read."""
        if not self.id:
            return ""
        try:
            log = await self.client.actions.logs(ref, self.id)
        except (NotFound, Forbidden):
            return ""
        return "\n  ".join(line for line in log.splitlines()[-_LOG_LINES:] if line.strip())

    async def _run(self, ref: str) -> api.Run | None:
        if self.id:
            return await self.client.actions.get(ref, self.id)
        runs = await self.client.actions.list(ref)
        return runs[0] if runs else None


def _told(changed: dict[str, str]) -> str:
    """`clone, pull done; migrate runs`."""
    known = [(name, _WORDS[word]) for name, word in changed.items() if word in _WORDS]
    return "; ".join(
        f"{', '.join(name for name, _ in same)} {word}"
        for word, same in groupby(known, key=lambda step: step[1])
    )
