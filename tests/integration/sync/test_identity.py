"""A write that finds itself on production's server does nothing, on real servers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from supasync import direct
from supasync.errors import (
    ProductionGuard,
    Refused,
    SqlError,
    SupasyncError,
    TargetMoved,
    UnknownError,
)
from supasync.sync import identity
from tests.fix_sandbox import ON_MAIN, MakeDatabase


@dataclass(frozen=True)
class Saying:
    """A database whose server says this of itself."""

    answer: str | None
    name: str = "db"

    async def fetch(self, sql: str) -> str | None:
        return self.answer

    def fits(self, sql: str) -> bool:
        return True


@pytest.mark.parametrize(
    "spelled",
    [
        lambda url: url,
        lambda url: url.replace("127.0.0.1", "LOCALHOST"),
        lambda url: url.replace("127.0.0.1", "localhost,127.0.0.1"),
        lambda url: url.replace("127.0.0.1", "%31%32%37.0.0.1"),
        lambda url: url.replace("127.0.0.1", "db.example.com") + "?hostaddr=127.0.0.1",
        lambda url: url.replace("postgresql:", "postgres:"),
        lambda url: url.rpartition("/")[0] + "/template1",
    ],
)
async def test_production_s_server_is_known_however_it_is_spelled(make_database, spelled):
    url = make_database()
    with pytest.raises(ProductionGuard):
        await identity.told_apart(direct.Database(spelled(url)), direct.Database(url))


@ON_MAIN
async def test_another_server_is_another(make_database, make_any_database: MakeDatabase):
    production, other = direct.Database(make_database()), direct.Database(make_any_database())
    server = await identity.told_apart(other, production)
    await other.run(identity.fence(server) + "create table written ()")
    assert await other.fetch("select to_regclass('public.written')::text") == "written"


@ON_MAIN
async def test_a_url_that_leads_elsewhere_at_the_write_is_refused_inside_it(
    make_database, make_any_database: MakeDatabase
):
    """Its name was given another address, or its pooler has other servers behind it."""
    production, other = direct.Database(make_database()), direct.Database(make_any_database())
    server = await identity.told_apart(other, production)
    with pytest.raises(SqlError) as caught:
        await production.run(identity.fence(server) + "create table written ()")
    assert isinstance(identity.understood(caught.value, "a URL"), TargetMoved)
    assert await production.fetch("select to_regclass('public.written')::text") is None


async def test_production_that_is_restarted_while_it_is_told_apart_is_not_written(make_database):
    """Its old answer is the target's, its new one its own: only the write can tell."""
    url = make_database()
    server = await identity.told_apart(Saying("1700000000000000"), direct.Database(url))
    with pytest.raises(SqlError) as caught:
        await direct.Database(url).run(identity.fence(server) + "create table written ()")
    assert caught.value.sqlstate == identity.ELSEWHERE


async def test_other_errors_mean_what_they_say():
    error = SqlError("x", sqlstate="42601")
    assert identity.understood(error, "a URL") is error


async def test_production_that_does_not_answer_is_unknown(database):
    nobody = direct.Database("postgresql://127.0.0.1:9/nowhere")
    with pytest.raises(UnknownError, match=r"whether .* is production: "):
        await identity.told_apart(database, nobody)
    with pytest.raises(UnknownError, match=r"whether .* is production$"):
        await identity.told_apart(database, Saying(None))


async def test_a_standby_is_no_target(database):
    with pytest.raises(Refused, match="standby"):
        await identity.told_apart(Saying(None), database)


@pytest.mark.parametrize("answer", ["", "x", "1 postgres", "1\n", "1' or true --"])
async def test_an_answer_that_is_no_time_is_none(database, answer):
    with pytest.raises(UnknownError):
        await identity.told_apart(Saying(answer), database)
    with pytest.raises(UnknownError):
        await identity.told_apart(database, Saying(answer))


@dataclass(frozen=True)
class Failing:
    """A database that answers with an error."""

    error: Exception
    name: str = "main"

    async def fetch(self, sql: str) -> str | None:
        raise self.error

    def fits(self, sql: str) -> bool:
        return True


AGAIN = "Run the command again when production answers."


@pytest.mark.parametrize(
    ("target", "production", "message", "remedy"),
    [
        (
            Saying(None),
            Saying("1"),
            "db is a standby, which cannot be written",
            "Name the primary server in the URL.",
        ),
        (
            Saying("1"),
            Failing(SqlError("no")),
            "It could not be found out whether db is production: no",
            AGAIN,
        ),
        (
            Saying("1"),
            Failing(UnknownError("no", remedy="Do.")),
            "It could not be found out whether db is production: no",
            "Do.",
        ),
        (Saying("1"), Saying(None), "It could not be found out whether db is production", None),
        (
            Saying("1"),
            Saying("1"),
            "db is production; production is never a target",
            ProductionGuard.remedy,
        ),
        (Saying("x"), Saying("1"), "db did not tell when its server was started", None),
    ],
)
async def test_what_is_said(target, production, message, remedy):
    with pytest.raises(SupasyncError) as caught:
        await identity.told_apart(target, production)
    assert (caught.value.message, caught.value.remedy) == (message, remedy)


def test_what_the_fence_says():
    error = identity.understood(SqlError("x", sqlstate=identity.ELSEWHERE), "a URL")
    assert isinstance(error, TargetMoved)
    assert error.message == (
        "a URL: the server was restarted, or the URL leads to another one by now; nothing was done"
    )
    assert error.remedy == "Run the command again: it looks first whether that is production."
