"""Which configured branch a git branch is about."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import respx

from supasync import api
from supasync.config import Branch, Config, Project
from supasync.errors import UnknownError
from supasync.service.directory import FRESH_SECONDS, Directory, Unmapped
from tests.unit.api.world import BRANCH, MAIN, FakeClock
from tests.unit.life.conftest import BRANCHES, row

OTHER = "cbcdefghijklmnopqrst"
LISTED = [
    row(name="main", project_ref=MAIN, is_default=True, git_branch="trunk"),
    row(name="testing", git_branch="feature/größe"),
    row(name="feature/größe", project_ref=OTHER),
]


def directory(client: api.Client, clock: FakeClock, **branches: Branch) -> Directory:
    configured = branches or {"testing": Branch()}
    config = Config(project=Project(ref=MAIN), branches=configured, file=Path("config.toml"))
    return Directory(client, config, clock)


async def test_by_git_branch_then_name_then_reference(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    asked = platform.get(BRANCHES).respond(json=LISTED)
    known = directory(client, clock)
    assert await known.section("feature/größe") == "testing"
    assert await known.section("testing") == "testing"
    assert await known.section(BRANCH) == "testing"
    assert asked.call_count == 1


@pytest.mark.parametrize(
    ("name", "told"), [("nobody", "no branch is configured"), ("trunk", "production")]
)
async def test_unmapped(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter, name: str, told: str
) -> None:
    platform.get(BRANCHES).respond(json=LISTED)
    with pytest.raises(Unmapped, match=told):
        await directory(client, clock).section(name)


async def test_a_new_branch_is_found_but_strangers_do_not_make_requests(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    asked = platform.get(BRANCHES).respond(json=[])
    known = directory(client, clock)
    for _ in range(5):
        with pytest.raises(Unmapped):
            await known.section("testing")
    assert asked.call_count == 1
    platform.get(BRANCHES).respond(json=LISTED)
    await clock.sleep(FRESH_SECONDS)
    assert await known.section("testing") == "testing"


async def test_a_branch_that_a_sync_will_create(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(BRANCHES).respond(json=LISTED[:1])
    known = directory(client, clock, preview=Branch(create=True, git_branch="next"))
    assert await known.section("next") == "preview"
    assert await known.section("preview") == "preview"


async def test_nobody_can_tell(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(BRANCHES).mock(side_effect=httpx.ConnectError("down"))
    with pytest.raises(UnknownError):
        await directory(client, clock).section("testing")
