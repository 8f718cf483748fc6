"""Many branches are synced at once by one command, and the platform refuses none of its requests.

Three through a limit that is soon reached; with SUPASYNC_MANY_BRANCHES=50 so many through the
platform's own, which takes minutes.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from supasync.sandbox import Sandbox, limits
from supasync.sandbox.site import Options
from tests.acceptance.conftest import CONFIG, SCHEMA, Result, Team
from tests.faults.proxy import Proxy, Request

MANY = int(os.environ.get("SUPASYNC_MANY_BRANCHES", "0"))
BRANCHES = tuple(f"branch-{number}" for number in range(MANY or 3))
LIMIT, WINDOW_SECONDS = (limits.LIMIT, limits.WINDOW_SECONDS) if MANY else (3, 2.0)
PATIENCE_SECONDS = 900

SECTIONS = "".join(f"[branches.{name}]\n" for name in BRANCHES)
BY_PASSWORD = re.compile(r"\[\[test_users\]\]\n(?:.+\n)+password = .+\n")
"""One machine shall not compute the passwords of fifty."""


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Its production has a schema that no branch has."""
    box = Sandbox(
        Options(
            branches=BRANCHES,
            example=False,
            delay=0,
            rate_limits=True,
            limit=LIMIT,
            window_seconds=WINDOW_SECONDS,
        )
    )
    with psycopg.connect(box.main.db_url, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
    yield box
    box.close()


@pytest.fixture
def team(box: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(box, tmp_path)
    config = CONFIG.replace("[branches.testing]\n\n[branches.preview]\n", SECTIONS)
    team.write("config.toml", BY_PASSWORD.sub("", config))
    yield team
    team.close()


def bucket(request: Request, _: Sequence[str]) -> str:
    """What the platform counts together: the route and the project or branch."""
    return f"{request.method} {request.path.partition('?')[0]}"


def test_many_branches_are_synced_at_once(team: Team) -> None:
    with Proxy(team.box.api_url, bucket) as proxy:
        process = team.start("branches", "sync", "--json", SUPASYNC_API_URL=proxy.url)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    result = Result(process.returncode, out, err)
    assert result.code == 0, [each["reason"] for each in result.json["branches"]]
    assert {result.branch(name)["verdict"] for name in BRANCHES} == {"Synced"}
    used = Counter(request.step for request, _ in proxy.arrived)
    assert used.keys() >= {
        f"POST /v1/projects/{team.box.main.ref}/database/query/read-only",
        *(f"POST /v1/projects/{box.ref}/database/query" for box in team.box.branches.values()),
    }
    assert 429 not in {status for _, status in proxy.arrived}
    assert ("for the rate limit of" in err) == (max(used.values()) > LIMIT), used.most_common(3)
    assert MANY or max(used.values()) > LIMIT
