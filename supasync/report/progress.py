"""What is going on, on stderr: a line per branch that moves on a terminal, plain lines else."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from supasync.events import (
    BranchFinished,
    Event,
    Notice,
    PhaseFinished,
    PhaseStarted,
    RunStarted,
    Verdict,
)
from supasync.report import wording


class Progress(Protocol):
    """A reader of events, shown while entered."""

    def __call__(self, event: Event) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def progress(console: Console) -> Progress:
    return Live(console) if console.is_terminal else Plain(console)


class Plain:
    """One line per finished phase: for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __call__(self, event: Event) -> None:
        match event:
            case PhaseFinished():
                failed = "" if event.ok else "  failed"
                note = f"  {event.note}" if event.note else ""
                took = wording.seconds(event.seconds)
                self._print(f"{event.branch}: {event.phase}  {took}{note}{failed}")
            case Notice():
                self._print(f"{event.branch}: {event.message}")
            case BranchFinished():
                # the same reason for several branches is told once
                again = event.reason in self._told
                reason = f": {event.reason}" if event.code and not again else ""
                self._told.add(event.reason)
                self._print(f"{event.branch}: {_ended(event)}{reason}")
            case _:
                pass  # the result shows the rest

    def _print(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)


class Live:
    """A spinner per branch with its phase and its time."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            SpinnerColumn(finished_text=" "),
            TextColumn("[bold]{task.description}"),
            TextColumn("{task.fields[doing]}"),
            TimeElapsedColumn(),
            console=console,
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
            case BranchFinished():
                self._show(event.branch, _ended(event), done=True)
            case _:
                pass  # the result shows the rest

    def _show(self, branch: str, doing: str, *, done: bool = False) -> None:
        if branch in self._tasks:
            self._bars.update(self._tasks[branch], doing=doing, completed=1 if done else 0)


def _ended(event: BranchFinished) -> str:
    if event.verdict is None:
        return "failed" if event.code else "done"
    return Verdict(event.verdict)
