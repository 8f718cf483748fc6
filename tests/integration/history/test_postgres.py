"""The history on a PostgreSQL server that several machines share."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from supasync.errors import UnknownError, UsageError
from supasync.events import Verdict
from supasync.history import History, State, schema
from supasync.history.postgres import NUMBER, SCHEMA, Server
from supasync.history.retention import Retention
from tests.fix_sandbox import MakeDatabase
from tests.unit.history import conftest
from tests.unit.history.conftest import AT, begun, keep, summary


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


def opened(url: str, folder: Path, *, runs: int = 1000) -> History:
    return History(
        Server(url),
        earlier=folder,
        retention=Retention(days=36_500, runs=runs),
        tell=pytest.fail,
        now=lambda: AT + 1000,
    )


def test_it_says_what_the_file_says(url: str, tmp_path: Path) -> None:
    history = opened(url, tmp_path)
    assert history.runs() == ()
    with psycopg.connect(url) as connection:
        found = connection.execute("select to_regnamespace(%s)", (SCHEMA,)).fetchone()
    assert found == (None,), "reading makes nothing"
    older = summary(begun("older", at=AT - 50)).to_json(sql=False)
    (tmp_path / "history.jsonl").write_text(json.dumps(older) + "\n")
    keep(history, begun("good", "testing", "preview"), seconds=10)
    history.begin(begun("killed", at=AT + 100))
    keep(history, begun("killed", at=AT + 200), seconds=5, verdict=Verdict.UNKNOWN, code=3)
    keep(history, begun("last", at=AT + 300, trigger="push"), seconds=1)
    typo = begun("typo", "testng", at=AT + 400)
    history.end(typo, history.begin(typo), summary(typo).to_json(), ("testng",))
    assert not history.has("typo")
    newest, *rest = history.runs("testing", 3)
    assert (newest.run_id, newest.trigger, newest.phases[0].seconds) == ("last", "push", 0.5)
    assert [(each.run_id, each.attempt, each.ended) for each in rest] == [
        ("killed", 2, AT + 205),
        ("killed", 1, None),
    ]
    page = history.runs("testing", 9, rest[-1].number)
    assert [each.run_id for each in page] == ["good", "older"]
    assert [each.branch for each in history.run("goo").branches] == ["testing", "preview"]
    assert next(iter(history.documents())) == json.loads(json.dumps(older))
    assert {name: last.run_id for name, last in history.last_syncs().items()} == {
        "testing": "last",
        "preview": "good",
    }
    statistics = history.statistics("testing")
    assert (statistics.syncs, statistics.succeeded, statistics.p95) == (4, 3, 201)
    assert statistics.unknown_seconds == 105 + 96
    with pytest.raises(UsageError, match="No run lost"):
        history.run("lost")


def test_old_runs_go_and_the_newest_of_each_branch_stays(url: str, tmp_path: Path) -> None:
    history = opened(url, tmp_path, runs=2)
    keep(history, begun("quiet", "preview", at=AT - 9))
    for n in range(4):
        keep(history, begun(f"r{n}", at=AT + n))
    assert [each.run_id for each in history.runs()] == ["r3", "r2", "quiet"]


WAITING = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and "
    "datname = current_database()"
)


def test_tables_of_version_1_are_brought_up_to_date_by_whoever_comes_first(
    url: str, tmp_path: Path
) -> None:
    dump = (Path(conftest.__file__).parent / "version_1.sql").read_text().splitlines()
    kept = [
        each
        for table in ("runs", "branch_runs", "version")
        for each in dump
        if each.startswith(f'INSERT INTO "{table}"')
    ]
    with psycopg.connect(url) as connection:
        connection.execute(f"create schema {SCHEMA}")
        connection.execute(f"set search_path to {SCHEMA}")
        connection.execute("create table version (number integer not null)")
        for statement in (*schema.VERSIONS[0], *kept):
            connection.execute(statement.replace("{number}", NUMBER).encode())
        connection.execute("select setval(pg_get_serial_sequence('runs', 'number'), 2)")
    machines = [opened(url, tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(4) as readers:
        with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as observer:
            holder.execute(f"lock table {SCHEMA}.runs in access share mode")  # until the block ends
            asked = [readers.submit(machine.runs, "testing") for machine in machines]
            while observer.execute(WAITING).fetchone() != (len(machines),):
                assert not any(each.done() for each in asked)
                time.sleep(0.02)
        found = [each.result() for each in asked]
    assert [[(each.run_id, each.state) for each in runs] for runs in found] == [
        [("killed", State.INTERRUPTED), ("whole", State.ENDED)]
    ] * 4
    machines[0].beat(begun("killed"), 1)
    [killed, _] = machines[1].runs("testing")
    assert (killed.state, killed.heard) == (State.RUNNING, AT + 1000)
    keep(machines[2], begun("newer", at=AT + 500))
    assert machines[3].runs()[0].run_id == "newer"


WRITER = """
import sys
from pathlib import Path
from tests.integration.history.test_postgres import opened
from tests.unit.history.conftest import begun, keep
history = opened(sys.argv[1], Path(sys.argv[2]))
for n in range(10):
    keep(history, begun(f"{sys.argv[3]}-{n}"))
"""


def test_machines_write_side_by_side_from_the_first_moment(url: str, tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(tmp_path), name],
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors
    assert len(opened(url, tmp_path).runs(limit=100)) == 20


def test_a_wrong_url_is_one_error_without_the_password(url: str, tmp_path: Path) -> None:
    secret = "a-secret-9"
    wrong = f"postgresql://nobody:{secret}@127.0.0.1:1/x"
    history = opened(wrong, tmp_path)
    for use in (history.runs, lambda: history.begin(begun("r1"))):
        with pytest.raises(UnknownError, match=r"cannot be used: .*refused") as caught:
            use()
        assert secret not in str(caught.value) + repr(history._backend) + (
            caught.value.remedy or ""
        )
    with pytest.raises(UsageError) as unread:
        Server(f"postgresql://u:{secret}%zz@127.0.0.1:port/x")
    assert secret not in str(unread.value)


def test_a_newer_programs_history_is_left_alone(url: str, tmp_path: Path) -> None:
    history = opened(url, tmp_path)
    keep(history, begun("r1"))
    with psycopg.connect(url) as connection:
        connection.execute(f"update {SCHEMA}.version set number = 99")
    with pytest.raises(UnknownError, match="newer form"):
        history.begin(begun("r2"))
