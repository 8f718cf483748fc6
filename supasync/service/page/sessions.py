"""Who is signed in. A session is signed and says when it ends, so that every machine that signs
with the same key knows it; nothing is kept but those that somebody signed out of before."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from supasync.ports import Clock

LASTS_SECONDS = 12 * 3600
_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Session:
    """id: what the cookie has. form: what each of its forms carries, which another site cannot
    know. ends: seconds since the epoch."""

    id: str
    form: str
    ends: int

    def __repr__(self) -> str:
        return f"Session(ends={self.ends})"

    def made(self, form: str) -> bool:
        return hmac.compare_digest(self.form.encode(), form.encode(errors="replace"))


class Sessions:
    def __init__(self, clock: Clock, key: bytes) -> None:
        self._clock, self._key = clock, key
        self._left: dict[str, int] = {}

    def begin(self) -> Session:
        ends = int(self._clock.now()) + LASTS_SECONDS
        facts = f"{ends}.{secrets.token_urlsafe(_BYTES)}"
        return self._session(f"{facts}.{self._signature('session', facts)}", ends)

    def of(self, id_: str) -> Session | None:
        """None when it is not ours, is over, or was left here."""
        facts, _, signature = id_.rpartition(".")
        wanted = self._signature("session", facts)
        if not hmac.compare_digest(wanted.encode(), signature.encode(errors="replace")):
            return None
        ends = int(facts.partition(".")[0])
        if ends <= self._clock.now() or id_ in self._left:
            return None
        return self._session(id_, ends)

    def end(self, session: Session) -> None:
        now = self._clock.now()
        self._left = {id_: ends for id_, ends in self._left.items() if ends > now}
        self._left[session.id] = session.ends

    def _session(self, id_: str, ends: int) -> Session:
        return Session(id=id_, form=self._signature("form", id_), ends=ends)

    def _signature(self, purpose: str, text: str) -> str:
        signed = f"{purpose} {text}".encode(errors="replace")
        return urlsafe_b64encode(hmac.digest(self._key, signed, "sha256")).decode().rstrip("=")
