"""How long is waited, and when it is not."""

from __future__ import annotations

import httpx
import pytest
import respx
from pydantic import SecretStr

from supasync import api, errors
from tests.unit.api.world import MAIN, TOKEN, FakeClock

PROJECT = f"https://api.supabase.com/v1/projects/{MAIN}"
BODY = {
    "ref": MAIN,
    "name": "maritime",
    "region": "eu-west-1",
    "status": "ACTIVE_HEALTHY",
    "created_at": "2026-01-01T00:00:00Z",
    "database": {"host": "db", "version": "17.6.1.111", "postgres_engine": "17"},
}
OK = httpx.Response(200, json=BODY)


def limited(**headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(429, json={"message": "Too Many Requests"}, headers=names)


@respx.mock
@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (limited(retry_after="60"), 60),
        (limited(retry_after="Fri, 15 Jan 2027 08:00:30 GMT"), 30),  # FakeClock starts at 08:00
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset="45"), 45),
    ],
)
async def test_the_server_says_how_long(
    client: api.Client, clock: FakeClock, response: httpx.Response, seconds: float
) -> None:
    respx.get(PROJECT).mock(side_effect=[response, OK])
    await client.projects.get(MAIN)
    assert seconds <= sum(clock.slept) <= seconds + 2  # rounding and jitter


@respx.mock
async def test_longer_than_two_minutes_is_not_waited(client: api.Client, clock: FakeClock) -> None:
    respx.get(PROJECT).mock(return_value=limited(retry_after="121"))
    with pytest.raises(errors.RateLimited) as caught:
        await client.projects.get(MAIN)
    assert clock.slept == []
    assert "121 s" in str(caught.value.remedy)


@respx.mock
async def test_the_whole_call_is_bounded(client: api.Client, clock: FakeClock) -> None:
    route = respx.get(PROJECT).mock(return_value=limited(retry_after="100"))
    with pytest.raises(errors.RateLimited):
        await client.projects.get(MAIN)
    [slept] = clock.slept
    assert 100 <= slept <= 101
    assert route.call_count == 2


@respx.mock
async def test_two_minutes_are_waited(client: api.Client, clock: FakeClock) -> None:
    respx.get(PROJECT).mock(side_effect=[limited(retry_after="120"), OK])
    await client.projects.get(MAIN)
    assert 120 <= sum(clock.slept) <= 121


@respx.mock
async def test_who_is_told_the_same_time_comes_back_at_another(
    client: api.Client, clock: FakeClock
) -> None:
    respx.get(PROJECT).mock(side_effect=[limited(retry_after="60"), OK] * 2)
    for _ in range(2):
        await client.projects.get(MAIN)
    assert len(set(clock.slept)) == len(clock.slept) == 2


@respx.mock
async def test_back_off_grows_and_is_jittered(client: api.Client, clock: FakeClock) -> None:
    respx.get(PROJECT).mock(return_value=httpx.Response(503, json={"message": "later"}))
    for _ in range(2):
        with pytest.raises(errors.ApiError):
            await client.projects.get(MAIN)
    first, second = clock.slept[:5], clock.slept[5:]
    assert first != second
    for slept in (first, second):
        limits = [0.5, 1, 2, 4, 8]
        assert all(0 <= wait <= limit for wait, limit in zip(slept, limits, strict=True))


@respx.mock
async def test_used_up_limit_is_waited_out_before_sending(
    client: api.Client, clock: FakeClock
) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"}
    respx.get(PROJECT).mock(side_effect=[httpx.Response(200, json=BODY, headers=headers), OK, OK])
    other = respx.get("https://api.supabase.com/v1/projects").respond(200, json=[BODY])
    await client.projects.get(MAIN)
    await client.projects.list()
    assert other.called
    assert clock.slept == []
    await client.projects.get(MAIN)
    [slept] = clock.slept
    assert 20 <= slept <= 22  # rounding and jitter
    await client.projects.get(MAIN)
    assert clock.slept == [slept]


@respx.mock
async def test_used_up_for_too_long(client: api.Client) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600"}
    route = respx.get(PROJECT).respond(200, json=BODY, headers=headers)
    await client.projects.get(MAIN)
    with pytest.raises(errors.RateLimited):
        await client.projects.get(MAIN)
    assert route.call_count == 1


@respx.mock
async def test_waits_are_told(clock: FakeClock) -> None:
    told: list[tuple[str, float]] = []
    used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"}
    respx.get(PROJECT).mock(
        side_effect=[
            limited(retry_after="60"),
            httpx.Response(200, json=BODY, headers=used_up),
            OK,
        ]
    )
    async with api.Client(
        token=SecretStr(TOKEN),
        production_ref=MAIN,
        clock=clock,
        waiting=lambda reason, seconds: told.append((reason, seconds)),
    ) as client:
        await client.projects.get(MAIN)
        await client.projects.get(MAIN)
    name = "GET /v1/projects/{ref}"
    assert [reason for reason, _ in told] == [
        f"another try of {name} (HTTP 429)",
        f"the rate limit of {name}",
    ]
    assert [round(seconds / 10) for _, seconds in told] == [6, 2]
