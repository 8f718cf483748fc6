"""What is going on, on stderr: a line per branch that moves on a terminal, plain lines else."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self, TextIO

from supasync.events import BranchFinished, Event, Notice, PhaseFinished, Waiting
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


def progress(out: TextIO) -> Progress:
    if not out.isatty():
        return Plain(out)
    from supasync.report.live import Live  # noqa: PLC0415 -- rich.progress, for terminals only

    return Live(out)


class Plain:
    """One line per finished phase: for logs."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
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
            case Waiting():
                self._print(event.message)
            case BranchFinished():
                # the same reason for several branches is told once
                again = event.reason in self._told
                reason = f": {event.reason}" if event.code and not again else ""
                self._told.add(event.reason)
                self._print(f"{event.branch}: {wording.ended(event)}{reason}")
            case _:
                pass  # the result shows the rest

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)
