"""Two syncs of one branch never interleave, on a real server."""

import asyncio

import pytest

from supasync.errors import LeaseHeld, OutcomeUnknown, SqlError, UnexpectedAnswer
from supasync.sync.bookkeeping import TAKE_WRITE_LOCK, again, journal
from supasync.sync.bookkeeping.lease import Lease, understood

HELD = "select count(*) from supasync.lease where expires > clock_timestamp()"
EXPIRE = "update supasync.lease set expires = clock_timestamp()"


async def test_the_second_is_told_who_holds_the_branch_and_since_when(database, make_run):
    async with Lease(database, make_run("alice@laptop (process 7)")):
        with pytest.raises(LeaseHeld, match=r"alice@laptop \(process 7\) since .* UTC") as caught:
            async with Lease(database, make_run("bob@desk")):
                pass
    assert caught.value.exit_code == 6
    assert "ends by itself at" in str(caught.value.remedy)


async def test_a_released_lease_can_be_taken_at_once_and_the_token_grows(database, make_run, value):
    for _ in range(3):
        async with Lease(database, make_run()):
            pass
    assert await value("select token from supasync.lease") == "3"


async def test_a_run_that_goes_on_gets_the_lease_anew(database, make_run, value):
    run = make_run()
    async with Lease(database, run):
        pass  # handed back, as when it is asked to stop
    # as after kill -9: nobody gave it back
    async with Lease(database, run) as before, Lease(database, run) as after:
        await database.run(after.fence())
        with pytest.raises(SqlError, match="taken this branch over"):
            await database.run(before.fence())
    assert await value("select token from supasync.lease") == "3"


async def test_many_at_once_on_a_branch_without_our_schema(database, make_run):
    inside, held = 0, 0

    async def one(name: str) -> str:
        nonlocal inside, held
        try:
            async with Lease(database, make_run(name)):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.3)
                inside -= 1
                return "done"
        except LeaseHeld:
            held += 1
            return "held"

    results = await asyncio.gather(*(one(f"sync {n}") for n in range(6)))
    assert results.count("done") == 1
    assert held == 5


async def test_an_expired_lease_is_taken_over_and_its_holder_can_write_no_more(
    database, make_run, value
):
    async with Lease(database, make_run("the dead")) as dead:
        await database.run(EXPIRE)
        async with Lease(database, make_run("the living")) as living:
            with pytest.raises(SqlError) as caught:
                await database.run(dead.fence() + "create table too_late ()")
            assert isinstance(understood(caught.value, "testing"), LeaseHeld)
            await database.run(living.fence() + "create table in_time ()")
    assert await value("select to_regclass('in_time')") == "in_time"
    assert await value("select to_regclass('too_late')") is None


async def test_an_expired_lease_that_nobody_took_still_holds(database, make_run):
    async with Lease(database, make_run()) as lease:
        await database.run(EXPIRE)
        assert await database.run(lease.fence() + "select 'written'::text") == "written"
        with pytest.raises(LeaseHeld):  # the write renewed it
            async with Lease(database, make_run("bob")):
                pass


class Flaky:
    """A database whose next writes are cut: before they are sent, or after they were committed;
    or answered by somebody else, or delivered twice."""

    def __init__(self, database, cut: str) -> None:
        self.name, self._database = database.name, database
        self.writes = 0
        self.cut(cut)

    def cut(self, when: str, times: int = 1) -> None:
        self._cut, self._times = when, times if when else 0

    async def fetch(self, sql: str) -> str | None:
        return await self._database.fetch(sql)

    async def run(self, sql: str) -> str | None:
        self.writes += 1
        if not self._times:
            return await self._database.run(sql)
        self._times -= 1
        if self._cut == "before":
            raise OutcomeUnknown
        if self._cut == "someone else":
            return None
        await self._database.run(sql)
        if self._cut == "twice":
            return await self._database.run(sql)
        raise OutcomeUnknown if self._cut == "after" else UnexpectedAnswer


CUTS = {"before": 2, "after": 1, "someone else": 2, "nonsense": 1, "twice": 1}
"""And how often a write is sent, so that it is done once."""


@pytest.mark.parametrize("cut", CUTS)
async def test_a_write_whose_answer_is_lost_is_done_exactly_once(database, make_run, value, cut):
    run = make_run()
    async with Lease(database, run) as lease:
        await database.run("create table counted (n int)")
        flaky = Flaky(database, cut)

        async def write() -> None:
            row = journal.entry(run, "apply", source="'s'", target="'t'")
            text = lease.fence() + journal.once(run, "apply") + "insert into counted values (1);"
            again.done(await flaky.run(text + row + again.SAY_DONE))

        told: list[str] = []
        await journal.exactly_once(
            write, database, run, lease, "apply", committed=lambda: told.append("committed")
        )
        assert told == ["committed"]
    assert await value("select count(*) from counted") == "1"
    assert flaky.writes == CUTS[cut]
    assert await value("select source_fingerprint || kind from supasync.journal") == "sapply"


async def test_settling_waits_for_the_write_under_way_and_sees_it(database, make_run):
    run = make_run()
    async with Lease(database, run) as lease:
        row = journal.entry(run, "apply", source="null", target="null")
        slow = asyncio.create_task(
            database.run(lease.fence() + "do $$ begin perform pg_sleep(1); end $$;" + row)
        )
        await asyncio.sleep(0.4)
        assert await journal.settle(database, run, lease, "apply")
        await slow


async def test_a_write_that_arrives_after_it_was_settled_does_nothing(database, make_run):
    run = make_run()
    async with Lease(database, run) as lease:
        late = lease.fence() + journal.entry(run, "apply", source="null", target="null")
        assert not await journal.settle(database, run, lease, "apply")
        with pytest.raises(SqlError, match="taken this branch over"):
            await database.run(late)
        await database.run(lease.fence())


class Recorded:
    """A database that can be sent its last write once more."""

    def __init__(self, database) -> None:
        self.name, self._database = database.name, database
        self.texts: list[str] = []

    async def fetch(self, sql: str) -> str | None:
        return await self._database.fetch(sql)

    async def run(self, sql: str) -> str | None:
        self.texts.append(sql)
        return await self._database.run(sql)


async def test_what_arrives_once_more_later_on_takes_the_lease_from_nobody(
    database, make_run, value
):
    """Something on the way kept a copy: of the taking of the lease, and of a settling."""
    way, run = Recorded(database), make_run()
    async with Lease(way, run) as lease:
        [taking] = way.texts
        since = await value("select since from supasync.lease")
        await database.run(taking)
        await database.run(lease.fence())
        assert not await journal.settle(way, run, lease, "apply")
        settling = way.texts[-1]
        for late in (settling, taking, settling):
            await database.run(late)
        await database.run(lease.fence() + "create table written ()")
        assert await value("select since from supasync.lease") == since
    assert await value(HELD) == "0"
    await database.run(taking)
    with pytest.raises(SqlError):
        await database.run(lease.fence() + "create table too_late ()")
    assert await value(HELD) == "0"
    async with Lease(database, make_run("bob")):
        await database.run(taking)
        assert await value("select holder from supasync.lease") == "bob"


async def test_a_lease_that_cannot_be_released_is_told_and_ends_by_itself(
    database, make_run, events
):
    flaky = Flaky(database, "")
    async with Lease(flaky, make_run()):
        flaky.cut("before", times=2)
    assert "ends by itself" in events[-1].message


@pytest.mark.parametrize("cut", ["before", "after", "someone else", "nonsense"])
async def test_a_lease_is_taken_and_given_back_whatever_becomes_of_an_answer(
    database, make_run, value, events, cut
):
    flaky = Flaky(database, cut)
    async with Lease(flaky, make_run()) as lease:
        assert await value(f"select run_id = '{lease.run_id}' from supasync.lease") == "true"
        flaky.cut(cut)
    assert await value(HELD) == "0"
    assert not events


async def test_a_lease_that_is_not_had_for_lack_of_an_answer_is_given_back(
    database, make_run, value
):
    flaky = Flaky(database, "")
    flaky.cut("nonsense", times=2)
    with pytest.raises(UnexpectedAnswer):
        async with Lease(flaky, make_run()):
            pytest.fail("it did not get an answer")
    assert await value(HELD) == "0"


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_server_whose_clock_was_set_holds_nobody_up_for_long(database, make_run, days):
    """A lease that a dead process left: a clock set back would make it last for a day more."""
    async with Lease(database, make_run()) as dead:
        dead.abandon()
    jump = f"interval '{days} day'"
    await database.run(
        f"update supasync.lease set since = since + {jump}, expires = expires + {jump}"
    )
    async with Lease(database, make_run("bob")) as lease:
        assert lease.holding


async def test_a_lease_that_was_given_back_stays_so_when_the_clock_is_set_back(
    database, make_run, value
):
    async with Lease(database, make_run()):
        pass
    await database.run("update supasync.lease set expires = expires + interval '1 minute'")
    assert await value(HELD) == "0"


async def test_a_run_that_is_cancelled_while_it_takes_the_lease_gives_it_back(
    database, make_run, value
):
    async def take() -> None:
        async with Lease(database, make_run()):
            pytest.fail("it was cancelled before")

    async with Lease(database, make_run()):  # makes the tables
        pass
    await database.run("update supasync.lease set expires = clock_timestamp()")
    blocker = asyncio.create_task(
        database.run(TAKE_WRITE_LOCK + "do $$ begin perform pg_sleep(1); end $$;")
    )
    await asyncio.sleep(0.3)
    taking = asyncio.create_task(take())
    await asyncio.sleep(0.3)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    await blocker
    assert await value(HELD) == "0"
