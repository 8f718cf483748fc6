"""How often an address may ask."""

from __future__ import annotations

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from supasync.service import listen, throttle
from supasync.service.throttle import Throttle
from tests.unit.api.world import FakeClock


async def test_a_burst_and_then_as_much_as_the_rate() -> None:
    clock = FakeClock()
    ours = Throttle(2, clock)
    waits = [ours.wait("192.0.2.1") for _ in range(8)]
    assert waits == [0] * 6 + [0.5, 0.5]  # who is refused does not wait longer for it
    await clock.sleep(0.5)
    assert (ours.wait("192.0.2.1"), ours.wait("192.0.2.1")) == (0, 0.5)
    await clock.sleep(1000)
    assert [ours.wait("192.0.2.1") for _ in range(7)] == [0] * 6 + [0.5]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "a socket", False),
    ],
)
def test_whose_requests_are_counted_together(one: str, other: str, same: bool) -> None:
    ours = Throttle(0.1, FakeClock())
    assert ours.wait(one) == 0
    assert (ours.wait(other) > 0) is same


def test_only_the_latest_addresses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_ADDRESSES", 2)
    ours = Throttle(0.1, FakeClock())
    assert [ours.wait(address) for address in "abc"] == [0, 0, 0]
    assert ours.wait("c") > 0
    assert ours.wait("a") == 0


@pytest.mark.parametrize(("trusted", "seen"), [((), "127.0.0.1"), (("127.0.0.0/8",), "192.0.2.7")])
async def test_nobody_is_believed_who_is_not_configured(
    trusted: tuple[str, ...], seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        client = Request(scope).client
        await PlainTextResponse(client.host if client else "")(scope, receive, send)

    listening = listen.bind("127.0.0.1", 0)
    async with listen.serving(echo, listening, trusted), httpx.AsyncClient() as http:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        forwarded = {"x-forwarded-for": "203.0.113.9, 192.0.2.7"}
        assert (await http.get(url, headers=forwarded)).text == seen
