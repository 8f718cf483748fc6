"""One project for all faults, behind a proxy that does harm on request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.opening import opened
from tests.faults.team import Team


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with opened(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture
def back(team: Team) -> Iterator[None]:
    """Whatever was done, the next test begins with a branch that is in sync."""
    yield
    team.proxy.expect()
    team.as_owner("drop table if exists public.moving; comment on table public.seeded is null")
    team.prepare(users=False)
    told = team.machine.run()
    assert told.code == 0, told.branch["reason"]
    team.now = team.facts()
    assert team.now.dump == team.dump(team.box.main)
