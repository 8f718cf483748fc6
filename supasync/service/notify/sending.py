"""Gets messages to their receivers, each receiver's in order, beside everything else.

A receiver that does not answer costs its own messages only. Addresses are the configuration's, so
no redirect is followed to another one.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from supasync.config import Config
from supasync.ports import Clock
from supasync.service.notify.news import Message
from supasync.service.notify.receivers import Receiver
from supasync.service.tasks import running

logger = logging.getLogger(__name__)

TRY_SECONDS = 10.0
TRIES = 6
_WAITING = 100
"""Messages for one receiver that wait; what is more is dropped, and said so in the log."""

_AGAIN = frozenset({408, 425, 429})
_NO_ANSWER = (httpx.TransportError, TimeoutError)


class Unwanted(Exception):
    """The receiver answered, and not with success."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Sending:
    def __init__(
        self, receivers: Sequence[Receiver], http: httpx.AsyncClient, clock: Clock
    ) -> None:
        self._http, self._clock = http, clock
        self._queues = {receiver: asyncio.Queue[Message](_WAITING) for receiver in receivers}

    def tell(self, message: Message) -> None:
        """Returns at once."""
        for receiver, queue in self._queues.items():
            if not receiver.wants(message):
                continue
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                logger.warning("a notification was dropped", extra=_facts(receiver, message))

    async def run(self) -> None:
        """Until it is cancelled; what waits then is not told."""
        await asyncio.gather(*(self._serve(receiver) for receiver in self._queues))

    async def settled(self) -> None:
        """Returns when nothing waits."""
        await asyncio.gather(*(queue.join() for queue in self._queues.values()))

    async def _serve(self, receiver: Receiver) -> None:
        queue = self._queues[receiver]
        while True:
            message = await queue.get()
            try:
                await self._deliver(receiver, message)
            finally:
                queue.task_done()

    async def _deliver(self, receiver: Receiver, message: Message) -> None:
        id_ = f"msg_{secrets.token_hex(16)}"
        facts = _facts(receiver, message)
        try:
            await AsyncRetrying(
                sleep=self._clock.sleep,
                stop=stop_after_attempt(TRIES),
                wait=wait_exponential(multiplier=2, max=120) + wait_random(0, 2),
                retry=retry_if_exception(_passes),
                before_sleep=lambda state: logger.info(
                    "a notification is sent again", extra=facts | {"reason": _reason(state)}
                ),
                reraise=True,
            )(self._send, receiver, message, id_)
        except Exception as error:  # noqa: BLE001 -- the next message must get its turn
            told = facts | {"reason": _named(error)}
            logger.warning("a notification was not delivered", extra=told)
        else:
            logger.info("a notification was delivered", extra=facts)

    async def _send(self, receiver: Receiver, message: Message, id_: str) -> None:
        post = receiver.post(message, id_, self._clock.now())
        async with (
            asyncio.timeout(TRY_SECONDS),
            self._http.stream(
                "POST", post.url, content=post.body, headers=post.headers
            ) as response,  # of which nothing but the status is read
        ):
            if not response.is_success:
                raise Unwanted(response.status_code)


@asynccontextmanager
async def opened(config: Config, clock: Clock) -> AsyncIterator[Sending]:
    """Raises: ConfigError for a branch that is not configured."""
    for index, each in enumerate(config.notify):
        for name in each.branches:
            if name not in config.branches:
                known = ", ".join(config.branches)
                raise config.error(
                    ("notify", index, "branches"),
                    f"{name} is not configured as a branch",
                    f"Name some of {known}, or leave it out for all.",
                )
    receivers = [Receiver(each) for each in config.notify]
    async with httpx.AsyncClient(timeout=TRY_SECONDS, follow_redirects=False) as http:
        sending = Sending(receivers, http, clock)
        async with running(sending.run()):
            yield sending


def _passes(error: BaseException) -> bool:
    """Whether it may be another time."""
    if isinstance(error, Unwanted):
        return error.status >= 500 or error.status in _AGAIN
    return isinstance(error, _NO_ANSWER)


def _reason(state: RetryCallState) -> str:
    error = state.outcome.exception() if state.outcome else None
    return _named(error) if error else ""


def _named(error: BaseException) -> str:
    """Without its text, which could have the address."""
    return str(error) if isinstance(error, Unwanted) else type(error).__name__


def _facts(receiver: Receiver, message: Message) -> dict[str, str]:
    return {"receiver": receiver.name, "branch": message.branch, "told": message.event}
