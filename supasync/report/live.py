"""What is going on, on a terminal: a line per branch that moves."""

from __future__ import annotations

from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from supasync.events import BranchFinished, Event, PhaseFinished, PhaseStarted, RunStarted, Waiting
from supasync.report import wording


class Live:
    """A spinner per branch with its phase and its time."""

    def __init__(self, out: TextIO) -> None:
        self._bars = Bars(
            SpinnerColumn(finished_text=" "),
            TextColumn("[bold]{task.description}"),
            TextColumn("{task.fields[doing]}"),
            TimeElapsedColumn(),
            console=Console(file=out, highlight=False),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                for name in (event.source, *event.branches):
                    self._tasks[name] = self._bars.add_task(name, total=1, doing="waits")
            case PhaseStarted():
                self._show(event.branch, f"{event.phase} …")
            case PhaseFinished():
                self._show(event.branch, f"{event.phase}  {event.note}")
            case Waiting():
                told = event.message.removeprefix(event.branch)
                self._show(event.branch, told.removeprefix(":").strip())
            case BranchFinished():
                self._show(event.branch, wording.ended(event), done=True)
            case _:
                pass  # the result shows the rest

    def _show(self, branch: str, doing: str, *, done: bool = False) -> None:
        if branch in self._tasks:
            self._bars.update(self._tasks[branch], doing=doing, completed=1 if done else 0)
