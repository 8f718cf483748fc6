"""A run's events as spans: the run, its branches, their phases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from supasync.events import (
    BranchFinished,
    Emit,
    Event,
    Phase,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
)
from supasync.telemetry import process
from supasync.telemetry.spans import Attributes, Place, Tracer, current

_INTERRUPTED = "interrupted"


@contextmanager
def traced(emit: Emit, *, trigger: str) -> Iterator[Emit]:
    """What is emitted here is also traced, when traces are on. trigger: why the run began.

    It is to be opened by the task that emits RunStarted, or by one that began it.
    """
    tracer = process.tracer()
    if tracer is None:
        yield emit
        return
    outside, spans = current.get(), _Spans(tracer, trigger)

    def both(event: Event) -> None:
        spans(event)
        emit(event)

    try:
        yield both
    finally:
        spans.close()
        current.set(outside)


class _Spans:
    """A reader of events. Each is told by the task that does what it is about, so that the requests
    of that task, and of those that it begins, are below the span of its phase."""

    def __init__(self, tracer: Tracer, trigger: str) -> None:
        self._tracer, self._trigger = tracer, trigger
        self._run: Place | None = None
        self._asked: frozenset[str] = frozenset()
        self._branches: dict[str, Place] = {}
        self._phases: dict[tuple[str, Phase], tuple[Place, Place]] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._begin(event)
            case PhaseStarted():
                self._begin_phase(event)
            case PhaseFinished():
                self._end_phase(event)
            case BranchFinished():
                self._end_branch(event)
            case RunFinished() if self._run is not None:
                self._run.span.note({"supasync.exit_code": event.exit_code})
                self.close()
            case _:
                pass

    def close(self) -> None:
        """Ends what is still open; a phase or branch that is was interrupted."""
        for _, phase in self._phases.values():
            _fail(phase, _INTERRUPTED)
        for name, branch in self._branches.items():
            if name in self._asked:
                branch.span.fail(_INTERRUPTED)
            branch.span.end()
        if self._run is not None:
            self._run.span.end()
        self._phases, self._branches, self._run = {}, {}, None

    def _begin(self, event: RunStarted) -> None:
        about: Attributes = {"supasync.run_id": event.run_id}
        told: Attributes = {
            "supasync.command": event.command,
            "supasync.source": event.source,
            "supasync.trigger": self._trigger,
            "supasync.dry_run": event.dry_run,
        }
        span = self._tracer.start(event.command, None, {**about, **told})
        self._run = Place(tracer=self._tracer, span=span, about=about)
        self._asked = frozenset(event.branches)
        for name in event.branches:
            self._branch(self._run, name)
        current.set(self._run)

    def _branch(self, run: Place, name: str) -> Place:
        """production's reading has a span too, beside the branches for which it is read."""
        if name not in self._branches:
            below = _below(run, f"branch {name}", {"supasync.branch": name}, branch=name)
            self._branches[name] = below
        return self._branches[name]

    def _begin_phase(self, event: PhaseStarted) -> None:
        if self._run is None:
            return
        outer = current.get()
        if outer is None or outer.branch != event.branch:
            outer = self._branch(self._run, event.branch)
        phase = _below(outer, event.phase, {"supasync.phase": event.phase}, branch=event.branch)
        self._phases[event.branch, event.phase] = outer, phase
        current.set(phase)

    def _end_phase(self, event: PhaseFinished) -> None:
        if (event.branch, event.phase) not in self._phases:
            return
        outer, phase = self._phases.pop((event.branch, event.phase))
        if not event.ok:
            phase.span.fail("failed")
        phase.span.end()
        current.set(outer)

    def _end_branch(self, event: BranchFinished) -> None:
        branch = self._branches.pop(event.branch, None)
        if branch is None:
            return
        told: dict[str, str | int | bool] = {
            "supasync.ref": event.ref,
            "supasync.changed": event.changed,
            "supasync.exit_code": event.code,
        }
        if event.verdict is not None:
            told["supasync.verdict"] = event.verdict
        branch.span.note(told)
        if event.error:
            branch.span.fail(event.error)
        branch.span.end()


def _below(place: Place, name: str, about: Attributes, *, branch: str) -> Place:
    about = {**place.about, **about}
    span = place.tracer.start(name, place.span, about)
    return Place(tracer=place.tracer, span=span, about=about, branch=branch)


def _fail(place: Place, kind: str) -> None:
    place.span.fail(kind)
    place.span.end()
