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
    ("42601", f'syntax error in tsvector: "{VALUE}"'),
    ("42704", f'role "{VALUE}" does not exist'),
    ("42P01", f'relation "{VALUE}" does not exist'),
    ("42501", f"not for {VALUE}"),
    ("57014", f"no time for {VALUE}"),
    ("23514", f"domain of {VALUE} is not allowed"),
    ("23505", f'duplicate key value violates unique constraint "k" for {VALUE}'),
    ("22P02", f'invalid input value for enum public.rank: "{VALUE}"'),
]


class Failing:
    """A branch whose every statement fails."""

    name = "testing"

    def __init__(self, error: SqlError) -> None:
        self.error = error

    async def fetch(self, sql: str) -> str | None:
        assert sql == "select 1"
        raise self.error

    async def run(self, sql: str) -> str | None:
        assert sql == "select 1"
        raise self.error

    def fits(self, sql: str) -> bool:
        return sql == "short"


async def withheld(error: SqlError) -> SqlError:
    database = WithoutValues(Failing(error))
    with pytest.raises(SqlError) as read:
        await database.fetch("select 1")
    with pytest.raises(SqlError) as written:
        await database.run("select 1")
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
        assert sqlstate in str(each) or "invalid input" in str(each)


@pytest.mark.parametrize(
    ("sqlstate", "message"),
    [
        ("23502", 'null value in column "a" of relation "t" violates not-null constraint'),
        ("23502", 'column "a" of relation "t" contains null values'),
        ("23505", 'could not create unique index "people_email_key"'),
        ("23514", 'value for domain public.mail violates check constraint "mail_check"'),
        ("23503", 'insert or update on table "t" violates foreign key constraint "t_a_fkey"'),
        ("55P03", "canceling statement due to lock timeout"),
        ("42501", "permission denied for table people"),
        ("42P07", 'relation "t" already exists'),
        ("SSY01", "the schema changed since the plan was made"),
    ],
)
async def test_what_the_server_says_of_no_value_is_told(sqlstate: str, message: str) -> None:
    error = await withheld(SqlError(message, sqlstate=sqlstate, detail="of what it is told"))
    assert str(error) == message
    assert message in str(failures.explained(error, "testing", (), ()))


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
        ("P0001", VALUE, HIDDEN.format("P0001 (RaiseException)")),
        ("22P02", f'invalid input value for enum public.rank: "{VALUE}"',
         "invalid input value for enum public.rank"),
        ("ZZ999", VALUE, HIDDEN.format("ZZ999")),
        ("", VALUE, HIDDEN.format("unknown")),
    ],
)  # fmt: skip
def test_what_is_told_instead(sqlstate: str, message: str, told: str) -> None:
    error = SqlError(message, sqlstate=sqlstate, line=3, column=7, remedy="Mend it.")
    found = without_values(error)
    assert (str(found), found.sqlstate, found.line, found.column) == (told, sqlstate, 3, 7)
    assert found.remedy == "Mend it."


@pytest.mark.parametrize("listed", ["now", "lately", "never"])
@pytest.mark.parametrize("cloned", [True, False])
async def test_a_branch_that_may_have_rows_of_production(listed: str, cloned: bool) -> None:
    async with api.Client(token=SecretStr("t"), production_ref=MAIN) as client:
        data = {"tables": ["public.ranks"]}
        given = {} if listed == "never" else {"auto_sync_data": listed == "now", "data": data}
        settings = Branch.model_validate(given)
        database = branch_database(client, row(with_data=cloned), "called", settings)
        assert isinstance(database, WithoutValues) == (listed != "never" or cloned)
        assert database.name == "called"
