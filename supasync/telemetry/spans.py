"""Spans, and where in a run's trace the running code is. It knows no library for traces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from supasync.errors import SqlError

Attributes: TypeAlias = Mapping[str, str | int | bool]


class Span(Protocol):
    """A time with a name. After its end nothing is noted any more."""

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, kind: str) -> None:
        """kind: an HTTP status or the name of an error, as `error.type` has it."""

    def end(self) -> None: ...


class Tracer(Protocol):
    def start(
        self, name: str, parent: Span | None, attributes: Attributes, *, client: bool = False
    ) -> Span:
        """client: of a request to another process."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """about: what of the run, branch and phase each span below has too."""

    tracer: Tracer
    span: Span
    about: Attributes
    branch: str = ""

    def start(self, name: str, attributes: Attributes, *, client: bool = False) -> Span:
        return self.tracer.start(name, self.span, {**self.about, **attributes}, client=client)


current: ContextVar[Place | None] = ContextVar("supasync_trace", default=None)


def started(name: str, attributes: Attributes) -> Span | None:
    """The span of a request that is about to be sent; None outside of a run that is traced. Whoever
    gets it ends it. attributes: no secret, and no text of SQL."""
    place = current.get()
    return place.start(name, attributes, client=True) if place else None


@contextmanager
def call(name: str, attributes: Attributes) -> Iterator[None]:
    """As `started`, for as long as the context is open; an error that leaves it is noted."""
    span = started(name, attributes)
    if span is None:
        yield
        return
    try:
        yield
    except BaseException as error:
        if isinstance(error, SqlError) and error.sqlstate:
            span.note({"db.response.status_code": error.sqlstate})
        span.fail(kind(error))
        raise
    finally:
        span.end()


def kind(error: BaseException) -> str:
    """`httpx.ReadTimeout`: never its message, which may hold anything."""
    of = type(error)
    return of.__qualname__ if of.__module__ == "builtins" else f"{of.__module__}.{of.__qualname__}"
