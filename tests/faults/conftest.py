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
