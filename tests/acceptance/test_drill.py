"""`supasync drill` on a production that has an occasion for every drift."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from supasync import api, config, direct
from supasync.drill import occasions, place
from supasync.drill.catalogue import DRIFTS
from supasync.drill.drift import Drift
from supasync.drill.run import OPTIONS, Drill
from supasync.events import DrillReport, Event, Found, Waiting
from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from supasync.settings import Settings
from supasync.sync.context import Run
from supasync.sync.record import NoStore
from tests.acceptance.conftest import Team
from tests.fix_sandbox import EVERYTHING

SCHEMA = Path(__file__).parents[1] / "drill_schema.sql"
CONFIG = '[project]\nref = "env(SUPABASE_PROJECT_REF)"\n\n[branches.testing]\n'
ORDINARY = [each.name for each in DRIFTS if each.kind != "event_trigger"]
SAMPLE = ORDINARY if EVERYTHING else ORDINARY[::12]
ONLY = [word for name in SAMPLE for word in ("--only", name)]


@pytest.fixture(scope="module")
def fleet() -> Iterator[Sandbox]:
    """Production has the schema, and so has the branch as soon as it is synced."""
    box = Sandbox(Options(example=False, branches=("testing",), delay=0))
    with psycopg.connect(box.main.db_url, autocommit=True) as connection:
        connection.execute(SCHEMA.read_bytes())
    yield box
    box.close()


@pytest.fixture
def drills(fleet: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(fleet, tmp_path)
    team.write("config.toml", CONFIG)
    yield team
    team.close()


@pytest.fixture
def watched(drills: Team) -> Iterator[Callable[[bool], None]]:
    """Both ends have an event trigger of postgres, as on the platform, where an extension lends it
    what that takes. Called with True, postgres keeps that."""
    box = drills.box
    ends = [(each.admin_url, each.db_url) for each in (box.main, box.branches["testing"])]

    def lend(lent: bool) -> None:
        for admin, _ in ends:
            execute(admin, f"alter role postgres {'superuser' if lent else 'nosuperuser'}")

    lend(True)
    for _, own in ends:
        execute(own, WATCH)
    lend(False)
    yield lend
    lend(False)
    for _, own in ends:
        execute(own, "drop event trigger fleet_watch; drop function fleet.watch")


def execute(url: str, statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements.encode())


WATCH = """
create schema if not exists fleet;
create function fleet.watch() returns event_trigger language plpgsql as 'begin end';
create event trigger fleet_watch on ddl_command_end when tag in ('CREATE TABLE')
  execute function fleet.watch();
"""


async def drill(team: Team, drifts: list[Drift], heard: list[Event] | None = None) -> DrillReport:
    """In this process, for drifts that no catalogue has."""
    settings = Settings.from_env(team.env, config=team.folder / "config.toml")
    loaded = config.load(env=team.env, settings=settings)
    events = [] if heard is None else heard
    async with api.Client(
        api_url=loaded.project.api_url,
        token=SecretStr(team.env["SUPABASE_ACCESS_TOKEN"]),
        production_ref=loaded.project.ref,
    ) as client:
        branch, policy = await place.existing("testing", client, loaded)
        run = Run(emit=events.append, options=OPTIONS)
        return await Drill(run, client, loaded, NoStore(), branch, policy)(drifts)


def one(name: str) -> Drift:
    return next(each for each in DRIFTS if each.name == name)


def test_all_that_is_made_is_found_and_healed(drills: Team) -> None:
    result = drills("drill", "testing", "--yes", "--json", *ONLY)
    assert result.code == 0, result.err
    assert len(SAMPLE) >= 10
    assert (result.json["made"], result.json["found"], result.json["healed"]) == (len(SAMPLE),) * 3
    assert [each["drift"] for each in result.json["drifts"]] == SAMPLE
    assert {each["result"] for each in result.json["drifts"]} == {"healed"}
    assert drills("branches", "diff", "testing", "--hard").code == 0


def test_drifts_of_event_triggers(drills: Team, watched: Callable[[bool], None]) -> None:
    watched(True)
    result = drills("drill", "testing", "--yes", "--json", "--only", "event-trigger")
    assert result.code == 0, result.out + result.err
    found = {each["drift"]: each["result"] for each in result.json["drifts"]}
    assert found == dict.fromkeys(["event-trigger-disabled", *SUPERUSERS], "healed")


SUPERUSERS = ["event-trigger-dropped", "event-trigger-tags-changed"]
"""Healed by making one again, which takes a superuser, or the platform's postgres."""


@pytest.mark.usefixtures("watched")
async def test_every_drift_has_an_occasion_that_the_server_admits(drills: Team) -> None:
    assert drills("branches", "sync", "testing").code == 0
    url = drills.box.branches["testing"].db_url
    async with direct.Database(url) as database:
        found = await occasions.read(database, DRIFTS)
    refused = []
    with psycopg.connect(url, autocommit=True) as connection:
        for name, known in found.items():
            if not any(admitted(connection, each.sql) for each in known):
                refused.append(name)
    assert refused == SUPERUSERS


def admitted(connection: psycopg.Connection[tuple[object, ...]], statements: str) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statements.encode())
    except psycopg.Error:
        return False
    return True


async def test_each_drift_gets_its_verdict(drills: Team) -> None:
    again = one("storage-policy-dropped")
    drifts = [
        again,
        replace(again, name="storage-policy-again"),
        replace(one("table-comment-changed"), name="table-analysed", sql="'select 1'"),
        replace(one("trigger-dropped"), name="trigger-never", among="from trg where false"),
        replace(one("rls-off"), name="rls-refused", sql="'drop table auth.users'"),
    ]
    heard: list[Event] = []
    report = await drill(drills, drifts, heard)
    twice, unseen, never, refused = report.drifts[:2], *report.drifts[2:]
    assert [each.found for each in twice] == [Found.HEALED] * 2
    assert (unseen.found, "counts as equal" in unseen.reason) == (Found.MISSED, True)
    assert (never.found, never.reason) == (Found.NO_OCCASION, "there is not a trigger")
    assert refused.found is Found.NO_OCCASION
    assert refused.reason.startswith("the server refuses it: ")
    assert (report.made, report.found, report.healed, report.exit_code) == (3, 2, 2, 1)
    # one object suffers one drift at a time, and what is refused is tried again alone
    assert report.rounds == 3
    told = [each.message for each in heard if isinstance(each, Waiting)]
    assert any(message.startswith("round 2, ") for message in told)


async def test_what_no_sync_can_heal_is_told_with_its_reason(drills: Team) -> None:
    """A bucket with a file in it is one that only the Storage API can remove."""
    full = replace(
        one("bucket-added"),
        name="bucket-filled",
        sql="'insert into storage.buckets (id, name) values (''supasync_drill'', ''x'');"
        " insert into storage.objects (bucket_id, name) values (''supasync_drill'', ''f'')'",
    )
    try:
        report = await drill(drills, [full])
        assert [each.found for each in report.drifts] == [Found.NOT_HEALED]
        assert "BUCKET supasync_drill" in report.drifts[0].reason
        assert report.exit_code == 1
    finally:
        drills.sql(
            "testing",
            "set storage.allow_delete_query = 'true';"
            " delete from storage.objects where bucket_id = 'supasync_drill';"
            " delete from storage.buckets where id = 'supasync_drill'",
        )


def test_an_interrupted_drill_leaves_nothing_that_a_sync_does_not_heal(drills: Team) -> None:
    process = drills.start("drill", "testing", "--yes", "--only", "table", "--only", "type")
    while not drills.sql("testing", "select to_regclass('fleet.supasync_drill')::text"):
        assert process.poll() is None
        time.sleep(0.02)  # somebody's patience before Ctrl-C
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "`supasync branches sync testing` heals them" in err
    assert drills("branches", "sync", "testing").code == 0
    assert drills.sql("testing", "select to_regclass('fleet.supasync_drill')::text") is None


def test_a_branch_of_its_own_comes_and_goes(drills: Team) -> None:
    result = drills("drill", "throwaway", "--create", "--json", "--only", "table-comment-changed")
    assert result.code == 0, result.err
    assert result.json["healed"] == 1
    assert "throwaway" not in drills("branches", "list").out
    taken = drills("drill", "testing", "--create")
    assert taken.code == 2
    assert "has a branch 'testing' already" in taken.err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["main", "--yes"], 4, "production is never a target"),
        (["main", "--create"], 4, "production is never a target"),
        (["testing"], 2, "no terminal to ask on"),
        (["nowhere", "--yes"], 2, "has no branch 'nowhere'"),
        ([], 2, "A drill needs a branch"),
        (["testing", "--yes", "--only", "nothing"], 2, "There is no drift 'nothing'"),
    ],
)
def test_wrong_use_does_nothing(drills: Team, args: list[str], code: int, words: str) -> None:
    result = drills("drill", *args)
    assert (result.code, words in result.err) == (code, True), result.err


def test_a_branch_that_is_to_stay_is_refused(drills: Team) -> None:
    drills.write("config.toml", CONFIG + "allow_data_loss = false\n")
    kept = drills("drill", "testing", "--yes")
    assert (kept.code, "no rows may be lost" in kept.err or "loses all rows" in kept.err) == (
        4,
        True,
    )
    drills.write("config.toml", CONFIG + "auto_sync_schema = false\n")
    assert drills("drill", "testing", "--yes").code == 4
    drills.write("config.toml", CONFIG)
    persist(drills, persistent=True)
    try:
        result = drills("drill", "testing", "--yes")
    finally:
        persist(drills, persistent=False)
    assert (result.code, "is a persistent branch" in result.err) == (4, True)


def persist(team: Team, *, persistent: bool) -> None:
    ref = team.box.branches["testing"].ref
    headers = {"Authorization": f"Bearer {team.box.access_token}"}
    answer = httpx.patch(
        f"{team.box.api_url}/v1/branches/{ref}", json={"persistent": persistent}, headers=headers
    )
    answer.raise_for_status()


def test_the_catalogue_can_be_read_without_a_project(drills: Team) -> None:
    result = drills("drill", "--list", "--json")
    assert [each["drift"] for each in result.json["drifts"]] == [each.name for each in DRIFTS]
    assert "rls-off: row level security is off" in drills("drill", "--list").out
