"""A write that finds itself on production's server does nothing, on a real server."""

import pytest

from supasync import direct
from supasync.errors import ProductionGuard, SqlError, UnknownError
from supasync.sync import identity


async def test_two_ways_to_one_database_have_one_identity(make_database):
    first, second = make_database(), make_database()
    production = await identity.of_production(direct.Database(first), "a URL")
    with pytest.raises(ProductionGuard):
        await identity.check(direct.Database(first.replace("127.0.0.1", "localhost")), production)
    await identity.check(direct.Database(second), production)


async def test_the_fence_refuses_inside_the_write(database, value, make_database):
    production = await identity.of_production(database, "a URL")
    with pytest.raises(SqlError) as caught:
        await database.run(identity.fence(production) + "create table written ()")
    assert isinstance(identity.understood(caught.value, "a URL"), ProductionGuard)
    assert await value("select to_regclass('written')") is None
    other = direct.Database(make_database())
    await other.run(identity.fence(production) + "create table written ()")


async def test_production_that_does_not_answer_is_unknown(make_database):
    nobody = direct.Database("postgresql://127.0.0.1:9/nowhere")
    with pytest.raises(UnknownError, match="whether it is production"):
        await identity.of_production(nobody, "it")
