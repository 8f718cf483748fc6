"""A change that one call cannot carry, on a real server whose calls carry little."""

from __future__ import annotations

import pytest

from supasync import catalog, direct
from supasync.errors import LeaseHeld, OutcomeUnknown, SqlError
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging

MOST = 400_000
DIGITS = "0123456789" * 100_000
SCOPE = catalog.scope("all")
REMARK = "it''s \"quoted\" \\ $supasync$\n" * 600
# a check over varchar prints differently once its own text was read
SCHEMA = "create schema app;" + "".join(
    f"create table app.t{n} (id int primary key, s varchar(9) check (s in ('a', 'b{n}')));"
    f"comment on table app.t{n} is '{REMARK}';"
    for n in range(40)
)
ODD = [
    "",
    "x",
    "$supasync$ $s$ '' \\ \n\r\t\x1e0\x1e",
    "ends in $supasync",
    "ä€𝄞" * 50_000,
    "$" * 500_000,
    "a" * 900_000,
]


class Narrow:
    """A database whose calls carry MOST bytes. lose: number of a write whose answer is lost, and
    whether it was carried out."""

    def __init__(self, database: direct.Database, *, lose: tuple[int, bool] | None = None) -> None:
        self.name, self._database, self._lose = database.name, database, lose
        self.writes = 0

    async def fetch(self, sql: str) -> str | None:
        assert self.fits(sql)
        return await self._database.fetch(sql)

    def fits(self, sql: str) -> bool:
        return len(sql.encode()) <= MOST

    async def run(self, sql: str) -> str | None:
        assert self.fits(sql)
        self.writes += 1
        lost, done = self._lose or (0, False)
        if self.writes == lost and not done:
            raise OutcomeUnknown
        answer = await self._database.run(sql)
        if self.writes == lost:
            raise OutcomeUnknown
        return answer


async def _read(database, expression: str) -> str:
    return await database.fetch(f"select {expression}::text") or ""


@pytest.mark.parametrize("number", range(len(ODD)))
async def test_any_text_comes_back_as_it_was_put(database, make_run, number):
    narrow = Narrow(database)
    async with Lease(narrow, make_run()) as lease:
        staging = Staging(narrow, lease)
        expressions = [await staging.put(ODD[number]), await staging.put("another")]
        assert [await _read(database, each) for each in expressions] == [ODD[number], "another"]
        writes = narrow.writes
        assert await staging.put(ODD[number]) == expressions[0]
        assert narrow.writes == writes
        await database.run(staging.clear())
        assert [await _read(database, each) for each in expressions] == ["", ""]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("lost", [2, 3, 4])
async def test_a_piece_whose_answer_is_lost_is_there_once(database, make_run, lost, done):
    narrow = Narrow(database, lose=(lost, done))  # the first write takes the lease
    async with Lease(narrow, make_run()) as lease:
        expression = await Staging(narrow, lease).put(DIGITS)
        assert await _read(database, expression) == DIGITS


async def test_what_a_run_has_left_is_removed_by_the_next(database, make_run, value):
    for _ in range(2):
        async with Lease(database, make_run()) as lease:
            await Staging(database, lease).put("left")
    assert await value("select count(*) from supasync.staging") == "1"


async def test_what_was_put_before_a_failure_is_discarded(database, make_run, value, monkeypatch):
    narrow = Narrow(database)
    async with Lease(narrow, make_run()) as lease:
        staging, write = Staging(narrow, lease), narrow.run

        async def fail_later(text: str) -> str | None:
            if await value("select count(*) from supasync.staging") != "0":
                raise SqlError("no room", sqlstate="53100")
            return await write(text)

        await Staging(narrow, lease).put("")  # the table
        await database.run("delete from supasync.staging")
        monkeypatch.setattr(narrow, "run", fail_later)
        with pytest.raises(SqlError, match="no room"):
            await staging.put(DIGITS)
        assert await value("select count(*) from supasync.staging") == "1"
        monkeypatch.undo()
        await staging.discard()
    assert await value("select count(*) from supasync.staging") == "0"


async def test_nothing_is_put_when_the_lease_is_lost(database, make_run, value):
    async with Lease(database, make_run()) as lease:
        await Staging(database, lease).put("before")
        await database.run("update supasync.lease set expires = clock_timestamp()")
        async with Lease(database, make_run("bob")):
            with pytest.raises(LeaseHeld):
                await Staging(database, lease).put("after")
    assert await value("select string_agg(piece, '') from supasync.staging") == "before"


async def test_a_plan_is_carried_out_and_proved_from_its_pieces(
    database, make_database, make_run, value
):
    source, narrow = direct.Database(make_database()), Narrow(database)
    await source.run(SCHEMA)
    async with Lease(narrow, make_run()) as lease:
        plan = await _plan(source, narrow)
        assert not narrow.fits("".join(plan.statements))
        before = narrow.writes
        after = await catalog.apply(
            narrow,
            plan,
            SCOPE,
            before=lease.fence(),
            journal=True,
            staging=Staging(narrow, lease),
        )
        assert narrow.writes > before + 2
    assert len(after.accepted) == 40
    assert await value("select count(*) from supasync.staging") == "0"
    assert (await _plan(source, narrow)).is_empty


async def _plan(source, target) -> catalog.Plan:
    states = [await catalog.observe(end, SCOPE) for end in (source, target)]
    return await catalog.make_plan(source, states[0], target, states[1], SCOPE)
