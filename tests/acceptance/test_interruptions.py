"""What happens in the middle: a second sync, Ctrl-C, SIGTERM, a server that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psycopg
import pytest

from supasync.sync.bookkeeping import WRITE_LOCK
from tests.acceptance.conftest import Team

SLOW = "insert into public.users (email, role) values ('slow@example.test', 'crew');\n"
PAUSE = "select pg_sleep(4);\n"
HELD = "select count(*) from supasync.lease where expires > clock_timestamp()"
SEEDING = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"


def seeding(team: Team) -> subprocess.Popen[str]:
    """A sync that is in the middle of its seed."""
    team.write("seeds/30_slow.sql", SLOW + PAUSE)
    process = team.start("branches", "sync", "testing")
    for _ in range(300):
        if team.sql("testing", SEEDING):
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    pytest.fail("the seed did not start")


def test_a_second_sync_of_the_branch_is_told_who_holds_it(synced: Team):
    first = seeding(synced)
    second = synced("branches", "sync", "testing")
    out, err = first.communicate(timeout=60)
    assert second.code == 6
    assert f"(process {first.pid}) since" in second.out
    assert "ends by itself at" in second.out
    assert first.returncode == 0, out + err


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_all_or_nothing_and_gives_the_lease_back(synced: Team, sign, code):
    process = seeding(synced)
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in out + err
    rows = synced.sql("testing", "select count(*) from public.users")
    assert rows in (2, 3)
    [told] = {each for each in ("was committed", "did not happen") if f"seed {each}" in out}
    assert told == ("was committed" if rows == 3 else "did not happen")
    assert "Stopping: waiting up to" in err
    last = synced.runs()[-1]
    assert last["run"]["exit_code"] == 130
    assert last["branches"][0]["reason"] == "interrupted"
    assert synced.sql("testing", HELD) == 0, out + err
    assert synced("branches", "diff", "testing").code == 0


def test_an_interrupt_while_a_lock_blocks_the_change_says_what_came_of_it(synced: Team):
    synced.main_sql("alter table public.users add column awaited text")
    with psycopg.connect(synced.box.branches["testing"].db_url) as holder:
        holder.execute("select * from public.users")  # its lock is held until the block ends
        process = synced.start("branches", "sync", "testing")
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        while not synced.sql("testing", waiting):
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: the schema change did not happen and never will" in out, out + err
    assert synced("branches", "sync", "testing").code == 0


def test_an_interrupted_write_to_a_url_says_how_to_find_out(team: Team, make_database):
    source, target = make_database(), make_database()
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("create table public.t (id int, more text)")
    with psycopg.connect(target) as holder:
        holder.execute("create table public.t (id int)")
        holder.commit()
        holder.execute("select * from public.t")
        process = team.start("schema", "sync", source, target, "--yes")
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        while holder.execute(waiting).fetchone() == (0,):
            assert process.poll() is None, process.communicate()
            holder.execute("select pg_stat_clear_snapshot()")
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "schema diff tells" in out
    assert team("schema", "diff", source, target).code == 1


def test_a_second_ctrl_c_stops_at_once(synced: Team):
    process = seeding(synced)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopping at once" in err
    assert "was committed" not in out
    assert time.monotonic() - started < 3
    synced.sql("testing", f"select pg_advisory_lock({WRITE_LOCK})")  # until the write has ended
    synced.sql("testing", "update supasync.lease set expires = now()")


def test_a_server_that_dies_and_comes_back_is_written_exactly_once(own_team: Team):
    assert own_team("branches", "sync", "testing").code == 0
    process = seeding(own_team)
    postmaster = own_team.box.branches["testing"].cluster.pid
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    slow = "select count(*) from public.users where email = 'slow@example.test'"
    assert own_team.sql("testing", slow) == 1
    kinds = "select string_agg(kind, ' ' order by id) from supasync.journal"
    assert own_team.sql("testing", kinds) == "apply seed seed"


def test_a_server_that_goes_away_is_unknown_and_the_next_sync_is_whole(own_team: Team):
    assert own_team("branches", "sync", "testing").code == 0
    process = seeding(own_team)
    project = f"/v1/projects/{own_team.box.branches['testing'].ref}"
    own_team.post(f"{project}/pause")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3, out + err
    assert "testing  Unknown" in out
    assert "Traceback" not in out + err
    own_team.post(f"{project}/restore")
    assert own_team.sql("testing", "select count(*) from public.users") == 2
    assert own_team("branches", "diff", "testing").code == 0
