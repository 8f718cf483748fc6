"""What is told of an error on a branch that may have production's rows: no value of a row."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from supasync import api
from supasync.config import Branch
from supasync.errors import SqlError
from supasync.ports import WritableDatabase
from supasync.sync.data import failures
from supasync.sync.seeding import failures as seed
from supasync.sync.seeding.script import compose
from supasync.sync.withheld import WithoutValues, branch_database, without_values
from tests.unit.test_targets import MAIN, row

VALUE = "ann@real.test"
HIDDEN = (
    "SQLSTATE {}; the message is not shown, as it may have values of rows that came from production"
)
OF_VALUES = [
    ("P0001", f"no phone for {VALUE}"),
    ("XX000", f"no phone for {VALUE}"),
    ("38000", f"no phone for {VALUE}"),
    ("23514", f"no phone for {VALUE}"),
    ("22023", f"no phone for {VALUE}"),
    ("", f"no phone for {VALUE}"),
    ("22P02", f'invalid input syntax for type integer: "{VALUE}"'),
    ("22003", f'value "{VALUE}" is out of range for type integer'),
    ("23505", 'could not create unique index "people_email_key"'),
]


class Failing:
    """A branch whose every statement fails."""

    name = "testing"

    def __init__(self, error: SqlError) -> None:
        self.error = error

    async def fetch(self, sql: str) -> str | None:
        raise self.error

    async def run(self, sql: str) -> str | None:
        raise self.error

    def fits(self, sql: str) -> bool:
        return sql == "short"


async def withheld(error: SqlError) -> SqlError:
    database = WithoutValues(Failing(error))
    with pytest.raises(SqlError) as read:
        await database.fetch("")
    with pytest.raises(SqlError) as written:
        await database.run("")
    assert vars(read.value) == vars(written.value)
    return written.value


@pytest.mark.parametrize(("sqlstate", "message"), OF_VALUES)
async def test_no_value_is_told(sqlstate: str, message: str) -> None:
    error = await withheld(
        SqlError(
            message,
            sqlstate=sqlstate,
            line=7,
            detail=f"Key (email)=({VALUE}) is duplicated.",
            hint=f"ask {VALUE}",
            context=f'SQL statement "select {VALUE!r}"',
        )
    )
    assert (error.sqlstate, error.line) == (sqlstate, 7)
    assert error.__suppress_context__
    script = compose([], None)
    told = [error, failures.explained(error, "testing", (), ()), seed.told(error, None, script)]
    for each in told:
        assert VALUE not in "\n".join(map(str, (each, each.remedy, vars(each))))
        assert sqlstate in str(each) or "unique index" in str(each) or "invalid input" in str(each)


@pytest.mark.parametrize(
    ("sqlstate", "message", "words"),
    [
        ("23502", 'null value in column "a" of relation "t" violates not-null constraint', '"a"'),
        ("23502", 'column "a" of relation "t" contains null values', '"a" of relation "t"'),
        ("55P03", "canceling statement due to lock timeout", "lock timeout"),
        ("2BP01", "cannot drop table t because other objects depend on it", "other objects"),
        ("SSY01", "the schema changed since the plan was made", "the schema changed"),
    ],
)
async def test_what_the_server_says_of_no_value_is_told(
    sqlstate: str, message: str, words: str
) -> None:
    error = await withheld(SqlError(message, sqlstate=sqlstate))
    assert words in str(error)
    assert words in str(failures.explained(error, "testing", (), ()))


def test_it_is_the_database_but_for_that() -> None:
    database = WithoutValues(Failing(SqlError("")))
    assert isinstance(database, WritableDatabase)
    assert database.name == "testing"
    assert database.fits("short")
    assert not database.fits("long")


@pytest.mark.parametrize(
    ("sqlstate", "message", "told"),
    [
        ("22P02", f'invalid input syntax for type integer: "{VALUE}"',
         "invalid input syntax for type integer"),
        ("22001", "value too long for type character varying(3)",
         "value too long for type character varying(3)"),
        ("P0001", VALUE, HIDDEN.format("P0001")),
        ("", VALUE, HIDDEN.format("unknown")),
    ],
)  # fmt: skip
def test_what_is_told_instead(sqlstate: str, message: str, told: str) -> None:
    error = SqlError(message, sqlstate=sqlstate, line=3, remedy="Mend it.")
    found = without_values(error)
    assert (str(found), found.sqlstate, found.line) == (told, sqlstate, 3)
    assert found.remedy == "Mend it."


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("cloned", [True, False])
async def test_a_branch_that_may_have_rows_of_production(listed: bool, cloned: bool) -> None:
    async with api.Client(token=SecretStr("t"), production_ref=MAIN) as client:
        data = {"tables": ["public.ranks"]}
        settings = Branch.model_validate({"auto_sync_data": listed, "data": data})
        database = branch_database(client, row(with_data=cloned), "called", settings)
        assert isinstance(database, WithoutValues) == (listed or cloned)
        assert database.name == "called"
