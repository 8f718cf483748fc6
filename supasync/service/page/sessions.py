"""Who is signed in. An id is 256 random bits that only this process knows: there is nothing to
forge, signing out ends it for good, and a restart ends all, with the token that they began with."""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from supasync.ports import Clock

LASTS_SECONDS = 12 * 3600
_MOST = 1000
_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Session:
    """form: what each of its forms carries, which another site cannot know. ends: seconds of the
    monotonic clock."""

    id: str
    form: str
    ends: float

    def __repr__(self) -> str:
        return f"Session(ends={self.ends})"

    def made(self, form: str) -> bool:
        return hmac.compare_digest(self.form.encode(), form.encode(errors="replace"))


class Sessions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: OrderedDict[str, Session] = OrderedDict()

    def begin(self) -> Session:
        session = Session(
            id=secrets.token_urlsafe(_BYTES),
            form=secrets.token_urlsafe(_BYTES),
            ends=self._clock.monotonic() + LASTS_SECONDS,
        )
        self._open[session.id] = session
        if len(self._open) > _MOST:
            self._open.popitem(last=False)
        return session

    def of(self, id_: str) -> Session | None:
        session = self._open.get(id_)
        if session is not None and session.ends <= self._clock.monotonic():
            self.end(id_)
            return None
        return session

    def end(self, id_: str) -> None:
        self._open.pop(id_, None)
