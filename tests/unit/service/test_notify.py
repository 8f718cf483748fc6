"""What is told when, as whom it is told to understands it, and what becomes of a dead receiver."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import SecretStr

from supasync.config import Branch, Config, Notify, Project
from supasync.errors import ConfigError
from supasync.events import Verdict
from supasync.service.board import Finding
from supasync.service.jobs.port import Request, Result, Trigger
from supasync.service.notify import sending
from supasync.service.notify.news import Message, News
from supasync.service.worker import Ran
from supasync.sync.record import FileStore
from tests.unit.api.world import MAIN, FakeClock
from tests.unit.service import deliveries
from tests.unit.service.deliveries import STANDARD

SECRET_PATH = "/services/T000/B000/nobody-may-see-this"
FAILED = Result(code=5, verdict="OutOfSync", reason="it <did> not work", run="r1")
HELD = Result(code=6, reason="another sync holds it")
OBJECTS = ("+ table public.a", "- view public.b")


class Heard:
    """The news of a service that can be started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.messages = folder, list[Message]()
        self.restart()

    def restart(self) -> None:
        self.news = News(self.messages.append, FileStore(self._folder), FakeClock())

    def ran(self, result: Result, *, again: bool = False, branch: str = "testing") -> None:
        request = Request(branch=branch, trigger=Trigger.DRIFT)
        self.news.ran(Ran(request=request, result=result, seconds=1.0, again=again))

    def seen(self, verdict: Verdict, *objects: str) -> None:
        self.news.seen(Finding(branch="testing", verdict=verdict, objects=objects, at=1.0))

    @property
    def events(self) -> list[str]:
        return [message.event for message in self.messages]


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    return Heard(tmp_path)


def test_a_failure_is_told_once_until_it_is_over(heard: Heard) -> None:
    heard.ran(Result(code=0))
    heard.ran(HELD, again=True)
    assert heard.events == []
    heard.ran(FAILED)
    heard.ran(FAILED)
    heard.restart()
    heard.ran(HELD)
    heard.ran(Result(code=0, held="only reported"))
    assert heard.events == ["failed"]
    assert (heard.messages[0].reason, heard.messages[0].run) == (FAILED.reason, "r1")
    heard.ran(FAILED, branch="preview")  # another one
    heard.ran(Result(code=0))
    heard.ran(Result(code=0))
    assert heard.events == ["failed", "failed", "recovered"]
    heard.ran(FAILED)
    assert heard.events[3:] == ["failed"]
    heard.ran(Result(code=0, verdict="Synced", held="only reported"))
    assert heard.events[4:] == ["recovered"]


def test_drift_is_told_once_until_it_is_over(heard: Heard) -> None:
    heard.seen(Verdict.SYNCED)
    heard.seen(Verdict.OUT_OF_SYNC, *OBJECTS)
    heard.seen(Verdict.UNKNOWN)
    heard.seen(Verdict.OUT_OF_SYNC, *OBJECTS, "+ table public.c")
    heard.restart()
    heard.seen(Verdict.OUT_OF_SYNC)
    heard.ran(FAILED)
    heard.seen(Verdict.OUT_OF_SYNC)
    assert heard.events == ["drift", "failed"]
    assert heard.messages[0].objects == OBJECTS
    heard.ran(Result(code=0))
    heard.seen(Verdict.OUT_OF_SYNC, *OBJECTS)
    heard.seen(Verdict.SYNCED)
    heard.seen(Verdict.OUT_OF_SYNC, *OBJECTS)
    assert heard.events[2:] == ["recovered", "drift", "drift"]


def test_a_full_disk_is_no_reason_to_fail(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "save", full)
    heard.ran(FAILED)
    assert heard.events == ["failed"]
    assert "No space left" in str([vars(record) for record in caplog.records])


@dataclass
class Receiving:
    """A receiver over real HTTP. answers: the statuses to come; 0 hangs up, then all are 204."""

    answers: list[int] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.got.append((head.split()[1], headers, body))
        if status := self.answers.pop(0) if self.answers else 204:
            place = f"location: {self.url}/elsewhere\r\n" if 300 <= status < 400 else ""
            writer.write(f"HTTP/1.1 {status} X\r\n{place}content-length: 0\r\n\r\n".encode())
        writer.close()


@pytest.fixture
async def receiving() -> AsyncIterator[Receiving]:
    there = Receiving()
    async with await asyncio.start_server(there.connected, "127.0.0.1", 0) as server:
        there.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield there


Configured = Callable[..., Config]


@pytest.fixture
def configured(tmp_path: Path) -> Configured:
    def configured(*notify: Notify) -> Config:
        branches = {"testing": Branch(), "preview": Branch()}
        file = tmp_path / "config.toml"
        return Config(project=Project(ref=MAIN), branches=branches, notify=notify, file=file)

    return configured


def slack(url: str, **fields: object) -> Notify:
    return Notify.model_validate({"kind": "slack", "url": url + SECRET_PATH, **fields})


def message(event: str = "failed", branch: str = "testing", **fields: object) -> Message:
    return Message(**{"event": event, "branch": branch, "at": 1.0, **fields})  # type: ignore[arg-type]


async def told(config: Config, *messages: Message) -> FakeClock:
    clock = FakeClock()
    async with sending.opened(config, clock) as there, asyncio.timeout(20):
        for each in messages:
            there.tell(each)
        await there.settled()
    return clock


async def test_slack(receiving: Receiving, configured: Configured) -> None:
    objects = tuple(f"+ table public.t{n}" for n in range(12))
    config = configured(slack(receiving.url))
    await told(config, message(reason="<!channel> & co"), message("drift", objects=objects))
    [(path, headers, failed), (_, _, drift)] = receiving.got
    assert (path, headers["content-type"]) == (SECRET_PATH, "application/json")
    assert json.loads(failed) == {"text": "testing: a sync failed\n&lt;!channel&gt; &amp; co"}
    text = json.loads(drift)["text"]
    assert text.startswith("testing differs from production (12 objects)\n+ table public.t0\n")
    assert text.endswith("t9\n… and 2 more")


async def test_a_signed_webhook_is_the_same_message_at_each_try(
    receiving: Receiving, configured: Configured
) -> None:
    receiving.answers = [503, 0, 429]
    hook = Notify(kind="webhook", url=SecretStr(receiving.url), secret=SecretStr(STANDARD))
    told_ = message("recovered", sync_status="Synced", run="r2")
    clock = FakeClock()
    async with sending.opened(configured(hook), clock) as there, asyncio.timeout(20):
        there.tell(told_)
        await there.settled()
    assert len(receiving.got) == 4
    assert len({headers["webhook-id"] for _, headers, _ in receiving.got}) == 1
    _, headers, body = receiving.got[-1]
    signed = deliveries.standard_headers(body, id_=headers["webhook-id"], at=clock.now())
    assert signed.items() <= headers.items()
    document = json.loads(body)
    assert (document["type"], document["data"]["branch"]) == ("branch.recovered", "testing")
    assert document["timestamp"] == "1970-01-01T00:00:01+00:00"


async def test_who_is_told_what(receiving: Receiving, configured: Configured) -> None:
    config = configured(
        slack(receiving.url, branches=["preview"]), slack(receiving.url, events=["drift"])
    )
    await told(
        config, message(), message("drift", objects=("+ table t",)), message(branch="preview")
    )
    texts = sorted(json.loads(body)["text"].splitlines()[0] for _, _, body in receiving.got)
    assert texts == [
        "preview: a sync failed",
        "testing differs from production (1 object)",
    ]


@pytest.mark.parametrize(("answer", "tries"), [(302, 1), (404, 1), (500, sending.TRIES)])
async def test_who_does_not_want_it_is_left_alone(
    receiving: Receiving,
    configured: Configured,
    answer: int,
    tries: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "supasync")
    receiving.answers = [answer] * tries
    await told(configured(slack(receiving.url)), message(), message(branch="preview"))
    assert [path for path, _, _ in receiving.got] == [SECRET_PATH] * (tries + 1)
    lines = [vars(record) for record in caplog.records if record.name.startswith("supasync")]
    [lost] = [line for line in lines if line["msg"] == "a notification was not delivered"]
    assert (lost["reason"], lost["receiver"]) == (f"HTTP {answer}", f"slack {receiving.url[7:]}")
    assert "nobody-may-see" not in str(lines)


async def test_a_dead_receiver_holds_up_nobody(
    receiving: Receiving, configured: Configured, caplog: pytest.LogCaptureFixture
) -> None:
    dead = slack("http://127.0.0.1:1")
    never = asyncio.Event()

    class Stopped(FakeClock):
        async def sleep(self, seconds: float) -> None:
            await never.wait()

    config = configured(dead, slack(receiving.url))
    async with sending.opened(config, Stopped()) as there, asyncio.timeout(20):
        for n in range(103):
            there.tell(message())
            while len(receiving.got) <= n:  # noqa: ASYNC110 -- of another task's list
                await asyncio.sleep(0)
    dropped = [vars(each) for each in caplog.records if "was dropped" in each.message]
    assert [each["receiver"] for each in dropped] == ["slack 127.0.0.1:1"] * 2
    assert "nobody-may-see" not in str(dropped)


async def test_a_branch_that_is_not_configured(configured: Configured) -> None:
    config = configured(slack("https://hooks.example.test", branches=["testing", "tseting"]))
    with pytest.raises(ConfigError, match="tseting is not configured"):
        async with sending.opened(config, FakeClock()):
            pytest.fail("it tells")
