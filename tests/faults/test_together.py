"""Somebody else works on production or on the branch while it is synced."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from supasync import errors
from tests.faults.harms import passed
from tests.faults.proxy import Exchange, Harm
from tests.faults.running import Machine
from tests.faults.team import Team

pytestmark = pytest.mark.usefixtures("back")

MANY = 40 if os.environ.get("SUPASYNC_FAULTS_EVERYTHING") else 2

MAIN = (
    "create table if not exists public.moving (a int, b text)",
    "drop table if exists public.moving",
    "do $$ begin alter table public.moving alter a type bigint; exception when others then end $$",
    "do $$ begin alter table public.moving alter a type text; exception when others then end $$",
    "create or replace function public.answer() returns int language sql return 41",
    "create or replace function public.answer() returns int language sql return 43",
    "comment on table public.seeded is 'moving'",
    "comment on table public.seeded is null",
)
BRANCH = (
    "create table if not exists public.by_hand (a int)",
    "drop table if exists public.by_hand",
    "create or replace function public.answer() returns int language sql return -1",
    "do $$ begin drop table public.extra; exception when others then end $$",
    "alter table public.users alter role drop not null",
)


def whenever(step: str, work: Callable[[], object]) -> Harm:
    """Before each request of that step."""

    async def harm(x: Exchange) -> None:
        if x.request.step == step:
            await asyncio.to_thread(work)
        await passed(x)

    return harm


def changes(team: Team, table: str, *, main: bool) -> Callable[[], None]:
    """Something new each time."""
    numbers = iter(range(100))
    return lambda: team.as_owner(f"create table public.{table}_{next(numbers)} ()", main=main)


def answers(team: Team) -> Callable[[], None]:
    """Changes on production what differs, to something else each time."""
    numbers = iter(range(100, 200))
    text = "create or replace function public.answer() returns int language sql return {}"
    return lambda: team.as_owner(text.format(next(numbers)))


def test_two_machines_one_wins_and_the_other_says_who_and_since_when(team: Team, tmp_path: Path):
    other = Machine(folder=team.machine.folder, env=team.env, state=tmp_path)
    there, go = threading.Event(), threading.Event()

    def hold() -> None:
        there.set()
        assert go.wait(60)

    team.prepare(users=False)
    team.proxy.expect("seed", whenever("seed", hold))
    first = team.machine.start()
    try:
        assert there.wait(60)
        told = other.run()
    finally:
        go.set()
    winner = first.wait()
    assert winner is not None
    assert winner.code == 0, winner.branch["reason"]
    assert told.code == errors.LeaseHeld.exit_code
    assert f"(process {first.pid}) since" in told.branch["reason"]
    assert "Wait until that sync is finished" in told.branch["remedy"]
    assert not told.branch["changed"]
    assert team.facts().seeds == team.now.seeds + 1
    assert other.run().code == 0


def test_a_branch_that_changes_between_plan_and_apply_is_planned_for_again(team: Team):
    team.prepare(users=False)
    team.proxy.expect("take the lease", whenever("take the lease", changes(team, "s", main=False)))
    told = team.machine.run()
    assert told.code == 0, told.branch["reason"]
    assert any("planning anew" in notice for notice in told.branch["notices"])
    assert team.proxy.seen.count("apply") == 2
    assert team.dump(team.branch) == team.dump(team.box.main)
    assert team.journal(told.run_id) == {"apply": 1, "seed": 1}


def test_a_branch_that_goes_on_changing_is_left_alone(team: Team):
    team.prepare(users=False)
    team.proxy.expect("apply", whenever("apply", changes(team, "again", main=False)), lasting=True)
    told = team.machine.run()
    assert told.code == errors.TargetMoved.exit_code
    assert told.branch["error"] == "TargetMoved"
    assert (told.branch["verdict"], told.branch["changed"]) == ("OutOfSync", False)
    assert team.proxy.seen.count("apply") == 2
    assert team.journal(told.run_id) == {}
    assert not team.held


def test_production_that_changes_while_it_is_read_is_read_again(team: Team):
    team.prepare(users=False)
    step = "read objects of main"
    team.proxy.expect(step, whenever(step, answers(team)))
    told = team.machine.run()
    assert told.code == 0, told.branch["reason"]
    assert team.proxy.seen.count(step) == 2
    assert team.dump(team.branch) == team.dump(team.box.main)


def test_production_that_goes_on_changing_is_unknown(team: Team):
    team.prepare(users=False)
    step = "read objects of main"
    team.proxy.expect(step, whenever(step, answers(team)), lasting=True)
    told = team.machine.run()
    assert told.code == errors.SourceMoved.exit_code
    assert (told.branch["verdict"], told.branch["error"]) == ("Unknown", "SourceMoved")
    assert team.proxy.seen.count(step) == 3
    assert team.dump(team.branch) == team.now.dump
    assert not team.held


@pytest.mark.parametrize("seed", range(MANY))
def test_a_branch_is_what_production_really_was_once(team: Team, seed: int):
    """Both change at any time, before a request or while it is carried out."""
    chance, lock = random.Random(seed), threading.Lock()
    team.prepare(users=False)
    had = [team.dump(team.box.main)]

    def change_main(text: str) -> None:
        with lock:
            team.as_owner(text)
            had.append(team.dump(team.box.main))

    def change_branch(text: str) -> None:
        team.as_owner(text, main=False)

    async def harm(x: Exchange) -> None:
        work = []
        if chance.random() < 0.25:
            work.append(asyncio.to_thread(change_main, chance.choice(MAIN)))
        if chance.random() < 0.2 and "apply" not in team.proxy.seen:
            work.append(asyncio.to_thread(change_branch, chance.choice(BRANCH)))
        if chance.random() < 0.5:
            await asyncio.gather(*work)
            work = []
        await asyncio.gather(passed(x), *work)

    team.proxy.expect("find the branch", harm, lasting=True)
    told = team.machine.run()
    team.proxy.settled()
    done = team.journal(told.run_id)
    assert ("apply" in done) == told.branch["changed"]
    if told.code == 0 or "apply" in done:
        assert team.dump(team.branch) in had
    assert told.code in (0, errors.SourceMoved.exit_code, errors.TargetMoved.exit_code)
    assert not team.held
