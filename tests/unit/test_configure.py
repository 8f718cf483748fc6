"""Settings are copied to a branch: what differs, never upwards, never less secure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from supasync.errors import (
    OutcomeUnknown,
    ProductionGuard,
    SettingRefused,
    UnexpectedAnswer,
)
from supasync.events import Event, SettingsPlanned
from supasync.sync import configure
from supasync.sync.configure import Configurer
from supasync.sync.context import Run
from supasync.sync.once import Once
from tests.unit.api.world import BRANCH, MAIN
from tests.unit.hosted import Hosted

NAMES = (
    "auth.site_url",
    "auth.password_min_length",
    "postgrest.db_schema",
    "storage.fileSizeLimit",
)
DEEP = "storage.features.imageTransformation.enabled"


@pytest.fixture
def hosted() -> Hosted:
    hosted = Hosted()
    auth = {"site_url": "https://main.example", "password_min_length": 10, "smtp_pass": "hash"}
    hosted.both("config/auth", auth, {"site_url": "http://localhost", "password_min_length": 6})
    hosted.both("postgrest", {"db_schema": "public,api"}, {"db_schema": "public, api"})
    hosted.both("config/storage", storage(7, on=True), storage(5, on=False))
    return hosted


def storage(size: int, *, on: bool) -> dict[str, Any]:
    return {"fileSizeLimit": size, "features": {"imageTransformation": {"enabled": on}, "x": {}}}


@asynccontextmanager
async def configurer(
    hosted: Hosted, *names: str, events: list[Event] | None = None
) -> AsyncIterator[Configurer]:
    async with hosted.client() as client:
        wanted = Once(lambda: configure.read(client.config, MAIN, names or NAMES))
        run = Run(emit=[].append if events is None else events.append)
        yield Configurer(run, "testing", BRANCH, client.branch_config(BRANCH), wanted)


async def copy(hosted: Hosted, *names: str) -> list[Event]:
    events: list[Event] = []
    async with configurer(hosted, *names, events=events) as each:
        await each.plan()
        each.guard()
        if each.needed:
            await each.apply()
    return events


async def test_what_differs_is_sent_and_nothing_else(hosted: Hosted) -> None:
    events = await copy(hosted, *NAMES, DEEP)
    assert hosted.sent == [
        (BRANCH, "config/auth", {"site_url": "https://main.example", "password_min_length": 10}),
        (
            BRANCH,
            "config/storage",
            {"fileSizeLimit": 7, "features": {"imageTransformation": {"enabled": True}}},
        ),
    ]
    planned, done = (event for event in events if isinstance(event, SettingsPlanned))
    assert (planned.done, done.done, planned.changes) == (False, True, done.changes)
    assert [change.name for change in done.changes] == [*NAMES[:2], NAMES[3], DEEP]
    hosted.sent.clear()
    await copy(hosted, *NAMES, DEEP)
    assert hosted.sent == [], "a second run sends nothing"


async def test_nothing_is_sent_when_one_would_be_less_secure(hosted: Hosted) -> None:
    hosted.answers[BRANCH, "config/auth"]["password_min_length"] = 12
    with pytest.raises(SettingRefused, match=r"12 → 10 would make the branch less secure") as told:
        await copy(hosted)
    assert "site_url" not in str(told.value)
    assert (hosted.sent, told.value.exit_code) == ([], 4)


async def test_null_cannot_be_sent_to_some_services(hosted: Hosted) -> None:
    hosted.both("config/realtime", {"presence_enabled": None}, {"presence_enabled": True})
    with pytest.raises(SettingRefused, match="cannot be sent"):
        await copy(hosted, "realtime.presence_enabled")


async def test_a_branch_made_more_secure_meanwhile_stays_so(hosted: Hosted) -> None:
    async with configurer(hosted) as each:
        await each.plan()
        each.guard()
        hosted.answers[BRANCH, "config/auth"]["password_min_length"] = 12
        with pytest.raises(SettingRefused):
            await each.apply()
    assert hosted.sent == []


async def test_a_lost_answer_is_settled_by_reading(hosted: Hosted) -> None:
    after = cut(hosted, hosted)
    await copy(hosted, "auth.site_url")
    assert after == ["PATCH"]
    assert hosted.answers[BRANCH, "config/auth"]["site_url"] == "https://main.example"


async def test_a_request_that_was_lost_is_unknown(hosted: Hosted) -> None:
    cut(hosted, lambda _: None)
    with pytest.raises(OutcomeUnknown):
        await copy(hosted, "auth.site_url")


def cut(hosted: Hosted, first: Callable[[httpx.Request], object]) -> list[str]:
    """The answer of a PATCH is lost; `first` is what happens to it before."""
    lost: list[str] = []

    def before(request: httpx.Request) -> None:
        if request.method == "PATCH" and not lost:
            lost.append(request.method)
            first(request)
            raise httpx.ReadError("connection reset", request=request)

    hosted.before = before
    return lost


async def test_what_the_platform_does_not_take_is_told(hosted: Hosted) -> None:
    def undo(request: httpx.Request) -> None:
        if request.method == "GET" and hosted.sent:
            hosted.answers[BRANCH, "config/auth"]["site_url"] = "https://its.own"

    hosted.before = undo
    with pytest.raises(UnexpectedAnswer, match=r"does not have them: auth\.site_url"):
        await copy(hosted, "auth.site_url")


async def test_what_the_platform_does_not_tell_is_unknown(hosted: Hosted) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"does not tell auth\.jwt_exp"):
        await copy(hosted, "auth.jwt_exp")
    assert hosted.sent == []


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("PATCH", "config/auth"),
        ("PATCH", "postgrest"),
        ("PATCH", "config/storage"),
        ("PATCH", "config/realtime"),
        ("PATCH", "config/database/pooler"),
        ("PUT", "config/database/postgres"),
        ("POST", "secrets"),
        ("DELETE", "secrets"),
        ("POST", "functions"),
    ],
)
async def test_never_upwards(hosted: Hosted, method: str, route: str) -> None:
    """Below the client, whoever asks."""
    async with hosted.client() as client:
        with pytest.raises(ProductionGuard):
            client.branch_config(MAIN)
        guarded = client._http._client
        for ref in (MAIN, MAIN.upper(), f"x/../{MAIN}"):
            with pytest.raises(ProductionGuard):
                await guarded.request(method, f"/v1/projects/{ref}/{route}", json={})
        with pytest.raises(ProductionGuard):  # one made around the client's check
            await configure.api.BranchConfig(client._http, MAIN).change("auth", {"jwt_exp": 1})
    assert hosted.sent == []
