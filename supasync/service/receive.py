"""What becomes of a delivery: a job for each branch it is about, or an answer that says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from supasync.config import Webhooks
from supasync.errors import UnknownError
from supasync.service.directory import Directory, Unmapped
from supasync.service.jobs.port import Jobs, Request, Status, Trigger
from supasync.service.webhooks import understand
from supasync.service.webhooks.delivery import Delivery, Ignored, Ping, Push, Rejected


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reception:
    settings: Webhooks
    directory: Directory
    jobs: Jobs

    async def __call__(self, sender: str, delivery: Delivery) -> Answer:
        """202 only once the jobs are stored."""
        try:
            message = understand(sender, delivery, self.settings)
            return await self._answer(sender, message)
        except Rejected as rejected:
            return refused(rejected.status, rejected.reason)

    async def _answer(self, sender: str, message: Push | Ping | Ignored) -> Answer:
        match message:
            case Ping():
                return Answer(status=200, body={"status": "pong"})
            case Ignored():
                return Answer(status=202, body={"status": "ignored", "reason": message.reason})
            case Push():
                outcomes = [await self._push(sender, message.id, each) for each in message.branches]
                return _together(outcomes)

    async def _push(self, sender: str, delivered: str, name: str) -> dict[str, Any]:
        try:
            section = await self.directory.section(name)
        except Unmapped as unmapped:
            return {"status": "ignored", "reason": str(unmapped)}
        except UnknownError as error:
            told = "the platform could not be asked which branch this is about"
            raise Rejected(503, f"{told}: deliver it again ({type(error).__name__})") from error
        request = Request(branch=section, trigger=Trigger.PUSH)
        attempt = 1
        while not await self._stored(id_ := f"{sender}:{delivered}:{section}:{attempt}", request):
            job = await self.jobs.status(id_)
            if job is not None and (job.open or job.succeeded):
                return {"status": "duplicate", "branch": section, "job": id_, "is": job.status}
            attempt += 1  # delivered again by somebody who saw it fail
        return {"status": "queued", "branch": section, "job": id_, "is": Status.WAITING}

    async def _stored(self, id_: str, request: Request) -> bool:
        try:
            return await self.jobs.schedule(id_, request)
        except UnknownError as error:
            raise Rejected(503, f"{error.message}: deliver it again") from error


def refused(status: int, reason: str) -> Answer:
    return Answer(status=status, body={"status": "refused", "reason": reason})


def _together(outcomes: list[dict[str, Any]]) -> Answer:
    """One branch's outcome as it is; of several, the list under the word of the most that was
    done."""
    if len(outcomes) == 1:
        return Answer(status=202, body=outcomes[0])
    words = [outcome["status"] for outcome in outcomes]
    most = next(word for word in ("queued", "duplicate", "ignored") if word in words)
    return Answer(status=202, body={"status": most, "branches": outcomes})
