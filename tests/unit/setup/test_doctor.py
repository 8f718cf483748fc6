"""What a doctor finds without a project."""

from __future__ import annotations

import email.utils
from pathlib import Path

import httpx
import pytest
import respx

from supasync import api
from supasync.api import GuardedTransport, SystemClock, reach, selftest
from supasync.config import load
from supasync.errors import TransportError, UnexpectedAnswer, UsageError
from supasync.events import Diagnoses, Diagnosis, Health
from supasync.setup import doctor
from tests.unit.api.conftest import audited, client, clock
from tests.unit.life.conftest import row

__all__ = ["audited", "client", "clock"]

REF = "abcdefghijklmnopqrst"
API = "https://api.supabase.com"


class Clock(SystemClock):
    """A clock that is `off` seconds off."""

    def __init__(self, off: float) -> None:
        self._off = off

    def now(self) -> float:
        return 1_800_000_000.0 + self._off


@pytest.fixture
def dated(respx_mock: respx.MockRouter) -> respx.Route:
    date = email.utils.formatdate(1_800_000_000, usegmt=True)
    answer = httpx.Response(401, headers={"date": date})
    return respx_mock.get(f"{API}/v1/projects").mock(return_value=answer)


@pytest.mark.parametrize(
    ("off", "health"),
    [(0, Health.PASS), (-59, Health.PASS), (61, Health.FAIL), (-3600, Health.FAIL)],
)
async def test_the_clock_is_compared_and_no_token_is_sent(
    dated: respx.Route, off: float, health: Health
) -> None:
    found = await doctor.clock(API, Clock(off))
    assert found.health is health
    assert bool(found.remedy) is (health is Health.FAIL)
    assert "authorization" not in dated.calls.last.request.headers


async def test_no_answer_and_no_date_are_unknown(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(f"{API}/v1/projects")
    route.mock(side_effect=httpx.ConnectError("no"))
    assert (await doctor.clock(API, Clock(0))).health is Health.UNKNOWN
    with pytest.raises(TransportError):
        await reach.server_time(API)
    route.mock(return_value=httpx.Response(200))
    with pytest.raises(UnexpectedAnswer):
        await reach.server_time(API)


async def test_the_write_guard_is_tried() -> None:
    assert await selftest.refusals(REF) == 8


async def test_a_guard_that_lets_through_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supasync.api.guard.check", lambda *_: None)
    assert GuardedTransport  # the one that is tried
    with pytest.raises(selftest.Unguarded, match="was not refused"):
        await selftest.refusals(REF)


async def test_seed_and_state_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        f'[project]\nref = "{REF}"\n[branches.testing]\n[seed]\npaths = ["gone.sql"]\n'
    )
    config = load(tmp_path / "config.toml", env={})
    (tmp_path / "file").write_text("")
    found = {each.name: each for each in await doctor.here(config, Path("/proc/self/here"))}
    assert "gone.sql matches no file" in found["seed"].message
    assert found["state"].health is Health.FAIL
    assert "SUPASYNC_STATE_DIR" in found["state"].remedy
    assert found["write guard"].health is Health.PASS


@pytest.mark.parametrize(
    ("healths", "code"),
    [
        ([Health.PASS], 0),
        ([Health.PASS, Health.UNKNOWN], 3),
        ([Health.UNKNOWN, Health.FAIL], 1),
        ([], 3),
    ],
)
def test_the_exit_code(healths: list[Health], code: int) -> None:
    found = tuple(Diagnosis(name="x", health=each, message="m") for each in healths)
    assert Diagnoses(all=found).exit_code == code


@pytest.mark.parametrize(
    ("health", "code"), [(Health.PASS, 0), (Health.UNKNOWN, 0), (Health.FAIL, 1)]
)
def test_what_no_sync_needs_is_told_and_only_a_fault_of_it_counts(
    health: Health, code: int
) -> None:
    well = Diagnosis(name="x", health=Health.PASS, message="m")
    found = Diagnoses(all=(well, Diagnosis(name="y", health=health, message="m", needed=False)))
    assert found.exit_code == code
    assert found.to_json()["checks"][1]["health"] == health


async def test_a_platform_that_fails_at_its_own_diff_is_no_illness(
    respx_mock: respx.MockRouter, client: api.Client, tmp_path: Path
) -> None:
    """It does at times, of projects that are well."""
    up = row(parent_project_ref=REF, preview_project_status="ACTIVE_HEALTHY")
    respx_mock.get(f"{API}/v1/projects/{REF}/branches").respond(200, json=[up])
    respx_mock.get(f"{API}/v1/branches/{up['project_ref']}/diff").respond(500, json={})
    respx_mock.route().respond(401)
    (tmp_path / "config.toml").write_text(f'[project]\nref = "{REF}"\n[branches.testing]\n')
    config = load(tmp_path / "config.toml", env={})
    found = {each.name: each for each in await doctor.There(client, config).all()}
    assert found["branches"].health is Health.PASS
    witness = found["second witness"]
    assert [each.name for each in found.values() if not each.needed] == ["second witness"]
    assert (witness.health, "500" in witness.message) == (Health.UNKNOWN, True)
    assert witness.remedy.startswith("A sync does without it")


def test_an_error_of_usage_is_a_fault_of_the_set_up() -> None:
    assert doctor.ill("x", UsageError("m", remedy="r")) == Diagnosis(
        name="x", health=Health.FAIL, message="m", remedy="r"
    )
