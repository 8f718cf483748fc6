"""A client whose time is the test's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from supasync import api
from tests.unit.api.world import MAIN, TOKEN, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def audited() -> list[str]:
    return []


@pytest.fixture
async def client(clock: FakeClock, audited: list[str]) -> AsyncIterator[api.Client]:
    async with api.Client(
        token=SecretStr(TOKEN), production_ref=MAIN, clock=clock, audit=audited.append
    ) as client:
        yield client
