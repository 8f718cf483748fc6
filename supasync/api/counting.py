"""How many requests were sent: by a client in all, and by each of the runs that share it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_OWN: ContextVar[tuple[Counter[str], ...]] = ContextVar("own calls", default=())


class Calls:
    """all: sendings so far, retries included, by `METHOD /route/{template}`."""

    def __init__(self) -> None:
        self.all: Counter[str] = Counter()

    def sent(self, name: str, times: int = 1) -> None:
        for counter in (self.all, *_OWN.get()):
            counter[name] += times

    @contextmanager
    def own(self) -> Iterator[Counter[str]]:
        """Gains what is sent inside, also by tasks that are begun there; what others send at the
        same time is not in it."""
        counter: Counter[str] = Counter()
        token = _OWN.set((*_OWN.get(), counter))
        try:
            yield counter
        finally:
            _OWN.reset(token)
