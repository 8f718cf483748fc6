"""What can happen to a request on its way to the platform and back."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.proxy import Answer, Exchange, Harm, answer
from tests.faults.running import Process
from tests.faults.team import Team

HTML = b"<!DOCTYPE html><html><head><title>520</title></head><body>cloudflare</body></html>"
SURPRISE = b'{"surprise":[{"not":"what was asked"}]}'
DAY = 86400


@dataclass
class Scene:
    """Where it happens. process: the sync, where it runs in a process of its own."""

    team: Team
    process: Process | None = None
    cleared: list[Callable[[], object]] = field(default_factory=list)
    """What undoes the harm, where it stays."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """apart: the sync runs in a process of its own. kills: it does not live to tell.
    stays: it makes sense from one request to the run's end too."""

    name: str
    make: Callable[[Scene], Harm]
    apart: bool = False
    kills: bool = False
    stays: bool = False


Plain = Callable[[Exchange], Awaitable[None]]


def _plain(harm: Plain) -> Callable[[Scene], Harm]:
    return lambda _: harm


async def passed(x: Exchange) -> None:
    await x.send(await x.forward())


def said(status: int, *, done: bool, body: bytes = b"", headers: tuple[str, ...] = ()) -> Plain:
    """done: whether the platform got and did it all the same."""
    json = body or b'{"message":"said by something in between"}'
    kind = "text/html" if json.startswith(b"<") else "application/json"

    async def harm(x: Exchange) -> None:
        if done:
            await x.forward()
        await x.send(answer(status, json, kind, *headers))

    return harm


async def reset_before(x: Exchange) -> None:
    x.reset()


async def reset_in_flight(x: Exchange) -> None:
    x.later(x.forward())
    await asyncio.sleep(0.003)
    x.reset()


async def lost(x: Exchange) -> None:
    await x.forward()
    x.reset()


async def late(x: Exchange) -> None:
    """It was cut after 60 s; the platform begins when nobody waits any more."""

    async def arrive() -> None:
        await asyncio.sleep(0.1)
        await x.forward()

    x.later(arrive())
    await x.send(answer(408, b'{"message":"Query read timeout"}', "application/json"))


async def cut(x: Exchange) -> None:
    """It goes on when the platform says that it took too long."""
    x.later(x.forward())
    said = b'{"message":"Failed to run sql query: Query read timeout"}'
    await x.send(answer(408, said, "application/json"))


async def truncated(x: Exchange) -> None:
    whole = await x.forward()
    await x.send(whole.with_body(whole.body[: len(whole.body) // 2]))


async def broken_off(x: Exchange) -> None:
    whole = await x.forward()
    await x.send(Answer(whole.status, whole.head, whole.body[: len(whole.body) // 2]))


def wrong(body: bytes) -> Plain:
    async def harm(x: Exchange) -> None:
        await x.send((await x.forward()).with_body(body))

    return harm


async def drip(x: Exchange) -> None:
    raw = (await x.forward()).raw
    step = len(raw) // 20 + 1
    for start in range(0, len(raw), step):
        x.client.write(raw[start : start + step])
        await x.client.drain()
        await asyncio.sleep(0.005)


def twice(*, first: bool) -> Plain:
    """Something in between sends it again. first: which of the answers comes back."""

    async def harm(x: Exchange) -> None:
        answers = [await x.forward(), await x.forward()]
        await x.send(answers[0 if first else 1])

    return harm


def kill_us(*, before: bool) -> Callable[[Scene], Harm]:
    def make(scene: Scene) -> Harm:
        async def harm(x: Exchange) -> None:
            if not before:
                x.later(x.forward())
                await asyncio.sleep(0.003)
            assert scene.process is not None
            os.kill(scene.process.pid, signal.SIGKILL)

        return harm

    return make


def kill_server(scene: Scene) -> Harm:
    """While it has the request, or nearly."""

    async def harm(x: Exchange) -> None:
        of_main = scene.team.box.main.ref in x.request.path and "database" in x.request.path
        cluster = (scene.team.box.main if of_main else scene.team.branch).cluster
        work = asyncio.ensure_future(x.forward())
        await asyncio.sleep(0.015)
        await asyncio.to_thread(cluster.kill9)
        await x.send(await work)

    return harm


def our_clock(seconds: float) -> Callable[[Scene], Harm]:
    def make(scene: Scene) -> Harm:
        async def harm(x: Exchange) -> None:
            assert scene.process is not None
            scene.process.ahead.value = seconds
            await passed(x)

        return harm

    return make


def their_clock(seconds: float) -> Callable[[Scene], Harm]:
    """The branch's server: all that it wrote down moves the other way."""

    def make(scene: Scene) -> Harm:
        def jump() -> None:
            by = f"- interval '{seconds} s'"
            scene.team.sql(f"update supasync.lease set since = since {by}, expires = expires {by}")

        async def harm(x: Exchange) -> None:
            await asyncio.to_thread(jump)
            await passed(x)

        return harm

    return make


def full_disk(scene: Scene) -> Harm:
    """Of the folder in which state is kept, until it is cleared."""
    filler = scene.team.machine.state / "somebody's film"

    def fill() -> None:
        with suppress(OSError), filler.open("wb", buffering=0) as out:
            while out.write(b"\0" * 4096):
                pass
        with suppress(OSError), filler.open("ab", buffering=0) as out:
            while out.write(b"\0"):
                pass

    async def harm(x: Exchange) -> None:
        assert scene.process is not None
        if scene.team.small_disk:
            fill()
            scene.cleared.append(filler.unlink)
        else:
            resource.prlimit(scene.process.pid, resource.RLIMIT_FSIZE, (0, 0))
        await passed(x)

    return harm


def _all() -> Mapping[str, Fault]:
    waits = ("retry-after: 60", "x-ratelimit-remaining: 0", "x-ratelimit-reset: 60")
    refused = {status: said(status, done=False) for status in (408, 409, 500, 502, 503, 504, 520)}
    refused[429] = said(429, done=False, headers=waits)
    done = {status: said(status, done=True) for status in (502, 504)}
    plain = {
        "reset before": reset_before,
        "reset in flight": reset_in_flight,
        "answer lost": lost,
        "cut at 60 s": cut,
        "cut, arrives later": late,
        **{str(status): refused[status] for status in sorted(refused)},
        **{f"{status}, done": done[status] for status in sorted(done)},
        "HTML 200": said(200, done=False, body=HTML),
        "HTML 502": said(502, done=False, body=HTML),
        "truncated JSON": truncated,
        "broken off": broken_off,
        "wrong JSON": wrong(SURPRISE),
        "empty JSON": wrong(b"[]"),
        "empty JSON, not done": said(200, done=False, body=b"[]"),
        "slow drip": drip,
        "delivered twice, 1st": twice(first=True),
        "delivered twice, 2nd": twice(first=False),
    }
    stays = ("reset before", "answer lost")
    found = [
        Fault(name=name, make=_plain(harm), stays=name in stays) for name, harm in plain.items()
    ]
    found += [
        Fault(name="kill -9 before", make=kill_us(before=True), apart=True, kills=True),
        Fault(name="kill -9 after", make=kill_us(before=False), apart=True, kills=True),
        Fault(name="server killed", make=kill_server),
        Fault(name="our clock +1 day", make=our_clock(DAY), apart=True),
        Fault(name="our clock -1 day", make=our_clock(-DAY), apart=True),
        Fault(name="its clock +1 day", make=their_clock(DAY)),
        Fault(name="its clock -1 day", make=their_clock(-DAY)),
        Fault(name="full disk", make=full_disk, apart=True),
    ]
    return {fault.name: fault for fault in found}


FAULTS = _all()
