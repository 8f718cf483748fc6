"""The history in a file: what goes in comes out, whatever happens to the file."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from supasync import events
from supasync.errors import UnknownError, UsageError
from supasync.events import Verdict
from supasync.history import History, recorded, rows, schema
from supasync.history.model import NOT_ENDED, SILENT_SECONDS, State
from tests.fix_disk import full_disk
from tests.unit.history.conftest import AT, Open, begun, keep, summary


def test_a_run_comes_back_with_all_that_was_seen_of_it(history: History) -> None:
    run = begun("20270115T080000Z-aaaa", "testing", "preview", trigger="push")
    keep(history, run, seconds=2.5)
    found = history.run(run.id)
    assert (found.trigger, found.by) == ("push", "alice@laptop (process 4711)")
    assert (found.started, found.ended, found.seconds) == (AT, AT + 2.5, 2.5)
    assert (found.api_calls, found.sql_calls, found.exit_code, found.attempt) == (8, 7, 0, 1)
    testing, preview = found.branches
    assert (testing.branch, preview.branch) == ("testing", "preview")
    assert [(each.phase, each.seconds, each.note) for each in testing.phases] == [
        ("apply", 0.5, "3 calls")
    ]
    assert (testing.main, testing.before, testing.after) == ("m" * 32, "b" * 32, "m" * 32)
    assert [(each.verb, each.object, each.hazards) for each in testing.steps] == [
        ("drop", "TABLE public.old", ("data-loss",))
    ]
    assert [(each.email, each.ok) for each in testing.logins] == [("admin@example.test", True)]
    assert testing.succeeded
    assert history.runs("preview") == (preview,)


def test_the_document_comes_back_as_it_was_but_for_the_sql(history: History, file: Path) -> None:
    run = begun("r1")
    keep(history, run)
    [found] = history.documents()
    assert found == json.loads(json.dumps(summary(run).to_json(sql=False)))
    assert b"a secret" not in b"".join(each.read_bytes() for each in file.parent.iterdir())


def test_runs_are_paged_newest_first_also_those_of_the_same_moment(history: History) -> None:
    for n in range(5):
        keep(history, begun(f"r{n}", at=AT + n // 2))
    keep(history, begun("other", "preview", at=AT + 1))
    first = history.runs("testing", 2)
    second = history.runs("testing", 2, first[-1].number)
    third = history.runs("testing", 2, second[-1].number)
    assert [each.run_id for each in (*first, *second, *third)] == ["r4", "r3", "r2", "r1", "r0"]
    assert len(history.runs()) == 6


def test_a_run_whose_process_was_killed_says_that_its_end_is_not_known(history: History) -> None:
    keep(history, begun("good", at=AT - 9))
    run = begun("killed")
    history.begin(run)
    [found, _] = history.runs("testing")
    assert (found.verdict, found.reason, found.ended, found.code) == (
        "Unknown",
        NOT_ENDED[State.INTERRUPTED],
        None,
        None,
    )
    last = history.last_syncs()["testing"]
    assert (last.run_id, last.verdict, last.good) == ("killed", "Unknown", False)
    again = history.begin(begun("killed", at=AT + 60))
    history.end(run, again, summary(begun("killed", at=AT + 60)).to_json())
    first, second = history.attempts("killed")
    assert (first.attempt, first.ended, first.exit_code) == (1, None, None)
    assert (second.attempt, second.started, second.exit_code) == (2, AT + 60, 0)
    assert history.run("killed") == second
    assert history.last_syncs()["testing"].good


def test_a_run_of_which_only_the_end_could_be_recorded_is_whole(history: History) -> None:
    run = begun("r1")
    history.end(run, None, summary(run).to_json())
    assert history.run("r1").exit_code == 0


def test_a_run_is_found_by_how_its_id_begins(history: History) -> None:
    for id_ in ("20270115T080000Z-aaaa", "20270115T080000Z-aabb", "20270115T080000Z-aa"):
        keep(history, begun(id_))
    assert history.run("20270115T080000Z-aaa").id == "20270115T080000Z-aaaa"
    assert history.run("20270115T080000Z-aa").id == "20270115T080000Z-aa", "it is one's whole id"
    with pytest.raises(UsageError, match=r"begins several runs: .*aabb"):
        history.run("2027")
    with pytest.raises(UsageError, match="No run 20270115T080000Z-aabd") as caught:
        history.run("20270115T080000Z-aabd")
    assert caught.value.remedy == "Did you mean 20270115T080000Z-aabb?"
    with pytest.raises(UsageError, match="No run %"):
        history.run("%")


def test_nothing_is_made_by_reading(history: History, file: Path) -> None:
    assert history.runs() == ()
    assert list(history.documents()) == []
    assert history.last_syncs() == {}
    assert history.statistics().success_rate is None
    with pytest.raises(UsageError, match="No run is recorded yet"):
        history.run("x")
    assert not file.exists()


def test_only_the_owner_reads_it(history: History, file: Path) -> None:
    keep(history, begun("r1"))
    file.chmod(0o644)
    with history._backend.writing():
        files = list(file.parent.iterdir())
        assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert len(files) == 3


def test_what_is_older_or_more_than_is_kept_goes(open_history: Open) -> None:
    history = open_history(runs=3)
    keep(history, begun("quiet", "preview", at=AT - 9))
    for n in range(5):
        keep(history, begun(f"r{n}", at=AT + n))
    assert [each.run_id for each in history.runs()] == ["r4", "r3", "r2", "quiet"]
    keep(open_history(days=1), begun("old", at=AT - 20 * 365 * 86_400))
    assert [each.run_id for each in history.runs()] == ["r4", "r3", "r2", "quiet"]
    with history._backend.reading() as execute:
        assert execute is not None
        assert execute("select count(*) from branch_runs") == [(4,)]


def test_a_damaged_file_is_set_aside_and_told(
    history: History, file: Path, told: list[str]
) -> None:
    keep(history, begun("r1"))
    file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(UnknownError, match="cannot be used: file is not a database") as caught:
        history.runs()
    assert "sets it aside" in (caught.value.remedy or "")
    keep(history, begun("r2"))
    assert [each.run_id for each in history.runs()] == ["r2"]
    [told_] = told
    [aside] = file.parent.glob("history.sqlite.damaged-*Z")
    assert aside.name in told_
    assert aside.read_bytes().startswith(b"no database at all")


def test_damage_in_the_middle_is_found_when_it_is_met(
    history: History, file: Path, told: list[str]
) -> None:
    for n in range(15):
        keep(history, begun(f"r{n}"))
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    keep(history, begun("after"))
    assert [each.run_id for each in history.runs()] == ["after"]
    assert len(told) == 1


def test_a_full_disk_loses_no_earlier_run(history: History, file: Path) -> None:
    keep(history, begun("r1"))
    with full_disk(file, 0), pytest.raises(UnknownError, match="cannot be used"):
        keep(history, begun("r2", *(f"b{n}" for n in range(200))))
    keep(history, begun("r3"))
    assert [each.run_id for each in history.runs()] == ["r3", "r1"]


def test_a_newer_programs_history_is_left_alone(history: History, file: Path) -> None:
    keep(history, begun("r1"))
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("update version set number = 99")
    for use in (history.runs, lambda: keep(history, begun("r2"))):
        with pytest.raises(UnknownError, match="newer form"):
            use()


WRITER = """
import sys
from pathlib import Path
from supasync.history.retention import Retention
from supasync.history.sqlite import File
from supasync.history import History
from tests.unit.history.conftest import begun, keep
history = History(File(Path(sys.argv[1])), earlier=Path(sys.argv[1]).parent,
                  retention=Retention(days=36500, runs=1000), tell=print)
for n in range(10):
    keep(history, begun(f"{sys.argv[2]}-{n}"))
"""


def test_processes_write_side_by_side_from_the_first_moment(history: History, file: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), name], stderr=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors
    assert len(history.runs(limit=100)) == 20


def test_an_older_versions_history_comes_in_once(history: History, file: Path) -> None:
    file.parent.mkdir()
    runs = [summary(begun(id_, at=AT + n)).to_json(sql=False) for n, id_ in enumerate("aba")]
    older = file.parent / "history.jsonl"
    other = {**runs[0], "branches": [{"name": "testing"}]}
    lines = [json.dumps(run) for run in runs] + ['{"run": ', '{"of": "another"}', json.dumps(other)]
    older.write_text("\n".join(lines))
    assert [(each.run_id, each.attempt) for each in history.runs()] == [
        ("a", 2),
        ("b", 1),
        ("a", 1),
    ]
    assert [json.dumps(run) for run in history.documents()] == lines[:3]
    assert not older.exists()
    (file.parent / "history.jsonl.imported").rename(older)  # as after a crash before it is renamed
    assert len(history.runs()) == 3
    assert list(events.durations(history.documents(), "testing")) == [2.0, 2.0, 2.0]


def test_statistics(history: History) -> None:
    keep(history, begun("r1", at=AT), seconds=10)
    keep(history, begun("r2", at=AT + 100), seconds=5, verdict=Verdict.OUT_OF_SYNC, code=7)
    keep(history, begun("r3", at=AT + 200), seconds=5, verdict=Verdict.UNKNOWN, code=3)
    history.begin(begun("r4", at=AT + 300))
    keep(history, begun("r5", at=AT + 400), seconds=20)
    keep(history, begun("p1", "preview", at=AT + 400), seconds=1)
    found = history.statistics("testing")
    assert (found.syncs, found.succeeded, found.success_rate) == (5, 2, 0.4)
    assert (found.p50, found.p95) == (10, 320), "from r2's beginning to r5's end"
    assert found.unknown_seconds == 420 - 205
    whole = history.statistics()
    assert (whole.syncs, whole.p50, whole.p95) == (6, 10, 320)
    later = history.statistics("testing", since=AT + 350)
    assert (later.syncs, later.unknown_seconds) == (1, 70)
    assert [each.branch for each in history.statistics_of_each()] == ["preview", "testing"]


def test_what_a_job_took_to_be_done_counts_once_as_it_ended(history: History) -> None:
    """Each try is an attempt of the job's run, and a run that follows has its id with a number."""
    job, other = "20270115T080000Z-5f1c9a2b", "20270115T090000Z-12345678"
    for at, code in ((0, 3), (100, 3), (200, 0)):
        keep(history, begun(job, at=AT + at), seconds=10, code=code)
    keep(history, begun(other, at=AT + 300), seconds=10, code=7)
    keep(history, begun(f"{other}-2", at=AT + 320), seconds=10)
    keep(history, begun(f"{other[:-1]}9", at=AT + 400), seconds=10, code=5)
    found = history.statistics("testing")
    assert (found.syncs, found.succeeded) == (3, 2)
    assert (found.p50, found.p95) == (30, 210), "with all tries between"
    assert history.statistics("testing", since=AT + 325).syncs == 2, "it ended after that"
    history.begin(begun(f"{other[:-1]}9", at=AT + 500))  # it goes on
    assert history.statistics("testing").syncs == 2
    history.begin(begun("20270115T100000Z-5f1c9a2b", at=AT + 600))
    assert history.statistics("testing").syncs == 3, "it was killed"


def test_tables_of_an_older_form_are_brought_up_to_date_when_they_are_read(
    history: History, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(history, begun("r1"))
    newer = ("alter table runs add column extra text",)
    monkeypatch.setattr(schema, "VERSIONS", (*schema.VERSIONS, newer))
    assert [each.run_id for each in history.runs()] == ["r1"]
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("select number from version").fetchall() == [
            (len(schema.VERSIONS),)
        ]
        assert connection.execute("select extra from runs").fetchall() == [(None,)]


def test_a_run_counts_as_running_as_long_as_it_is_heard_of(open_history: Open) -> None:
    now = [AT]
    history, run = open_history(now=lambda: now[0]), begun("r1")
    attempt = history.begin(run)

    def state() -> State:
        [part] = history.runs()
        assert part.state is history.run("r1").state
        return part.state

    assert state() is State.RUNNING
    now[0] += SILENT_SECONDS
    assert state() is State.RUNNING
    assert history.last_syncs()["testing"].reason == NOT_ENDED[State.RUNNING]
    now[0] += 1
    assert state() is State.INTERRUPTED
    assert history.last_syncs()["testing"].reason == NOT_ENDED[State.INTERRUPTED]
    history.beat(run, attempt)
    assert (state(), history.run("r1").heard) == (State.RUNNING, now[0])
    second = history.begin(begun("r1", at=now[0]))  # it is taken up again, at once
    assert [each.state for each in history.attempts("r1")] == [State.INTERRUPTED, State.RUNNING]
    history.end(run, second, summary(run).to_json())
    assert [each.state for each in history.attempts("r1")] == [State.INTERRUPTED, State.ENDED]
    history.beat(run, second)  # that comes late
    assert history.run("r1").state is State.ENDED


def test_a_run_is_heard_of_while_it_runs_and_not_after(open_history: Open) -> None:
    run, heard = begun("r1"), list[float | None]()

    async def work() -> None:
        async with recorded(open_history(now=lambda: AT + 7), run, summary(run), print, beat=0.01):
            async with asyncio.timeout(10):
                while open_history().run("r1").heard != AT + 7:  # noqa: ASYNC110 -- of a file
                    await asyncio.sleep(0.01)
            heard.append(open_history().run("r1").heard)
        assert len(asyncio.all_tasks()) == 1, "nothing goes on beating"

    asyncio.run(work())
    assert (heard, open_history().run("r1").state) == ([AT + 7], State.ENDED)


def test_a_file_of_version_1_is_read_and_written_on(history: History, file: Path) -> None:
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript((Path(__file__).parent / "version_1.sql").read_text())
    killed, *whole = history.runs()
    assert (killed.run_id, killed.state, killed.heard) == ("killed", State.INTERRUPTED, None)
    assert {(each.branch, each.state, each.verdict, each.trigger) for each in whole} == {
        (name, State.ENDED, "Synced", "push") for name in ("testing", "preview")
    }
    keep(history, begun("newer", at=AT + 500))
    assert history.runs()[0].run_id == "newer"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("select number from version").fetchall() == [(2,)]


def test_what_cannot_be_recorded_is_told_once_and_the_run_goes_on(
    history: History, file: Path
) -> None:
    run, told = begun("r1"), list[str]()

    async def work(error: BaseException | None = None) -> None:
        async with recorded(history, run, summary(run), told.append):
            told.append("it runs")
            if error is not None:
                raise error

    file.mkdir(parents=True)  # no file can be there
    asyncio.run(work())
    assert [each.partition(":")[0] for each in told] == [
        "it runs",
        "the run could not be recorded",
    ]
    file.rmdir()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work(asyncio.CancelledError()))
    assert history.run("r1").exit_code == 0, "what its summary had by then"
    assert told[2:] == ["it runs"]


def test_a_plan_of_any_size_leaves_a_bounded_record(history: History) -> None:
    run = begun("r1")
    document = summary(run).to_json()
    plan = document["branches"][0]["plan"]
    plan["steps"] = plan["steps"] * (rows.STEPS_KEPT + 5)
    history.end(run, history.begin(run), document)
    [found] = history.runs()
    assert (len(found.steps), found.left_out) == (rows.STEPS_KEPT, 5)
