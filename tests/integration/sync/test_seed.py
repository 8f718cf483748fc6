"""Seeds on a real server: one transaction, one call of the function, errors with file and line."""

from pathlib import Path

import pytest

from supasync.errors import SeedError
from supasync.events import SeedFileRun
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.seeding.run import run_seed
from supasync.sync.seeding.script import compose, read

FUNCTION = "public.reseed"
MAKE_FUNCTION = """\
create or replace function public.reseed() returns void language plpgsql as $$
begin
  insert into log values ('called');
end;
$$;
"""


@pytest.fixture
async def seed(database, make_run, tmp_path: Path):
    await database.run("create table log (what text); create table one (id int primary key)")

    async def run(function: str | None = FUNCTION, **texts: str) -> None:
        for name, text in texts.items():
            (tmp_path / f"{name}.sql").write_text(text)
        paths = [tmp_path / f"{name}.sql" for name in texts]
        script = compose(read(paths), function)
        a_run = make_run()
        async with Lease(database, a_run) as lease:
            await run_seed(a_run, lease, database, script)

    return run


async def log(value) -> str:
    return await value("select coalesce(string_agg(what, ' '), '') from log")


async def test_the_function_is_called_once_after_the_file_that_makes_it(seed, value, events):
    first, second = "insert into log values ('first')", "insert into log values ('last')"
    await seed(a=first, b=MAKE_FUNCTION, c=second)
    assert await log(value) == "first called last"
    files = [event for event in events if isinstance(event, SeedFileRun)]
    assert [(Path(file.file).name, file.statements) for file in files] == [
        ("a.sql", 1),
        ("b.sql", 1),
        ("c.sql", 1),
    ]


async def test_a_procedure_is_called_too(seed, value):
    text = "create procedure public.reseed() language sql as $$insert into log values ('proc')$$"
    await seed(a=text)
    assert await log(value) == "proc"


async def test_without_the_function_the_files_run_alone(seed, value):
    await seed(function=None, a=MAKE_FUNCTION, b="insert into log values ('b')")
    assert await log(value) == "b"


async def test_what_a_seed_selects_is_not_taken_for_an_answer(seed, value):
    await seed(a="select 1, 2; insert into log values ('x'); select * from log")
    assert await log(value) == "x"


async def test_a_file_starts_with_the_session_as_it_was(seed, value):
    await seed(a="set search_path = ''", b="insert into log values ('found')")
    assert await log(value) == "found"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("insert into log values ('x');\n\ninsert into gone values (1);", "b.sql:3:13", '"gone"'),
        ("select 1; select 2;  select é.nam from one é", "b.sql:1:29", "é.nam"),
        ("select\n\t'é', wrong('é', 1)", "b.sql:2:7", "wrong"),
        ("insert into one\n  values (1);\ninsert into one values (1);", "b.sql:3", "duplicate key"),
        (
            "-- a comment\n\nselect 1 /\n  (select count(*) from one);",
            "b.sql:3",
            "division by zero",
        ),
        (
            "do $$ begin\n  raise exception 'no' using hint = 'try';\nend $$;",
            "b.sql:1",
            "Hint: try",
        ),
    ],
)
async def test_an_error_names_file_and_line_and_undoes_everything(
    seed, value, text, where, message
):
    with pytest.raises(SeedError) as caught:
        await seed(a="insert into log values ('before')", b=text)
    told = str(caught.value)
    assert where in told
    assert message in told
    assert "rolled back" in str(caught.value.remedy)
    assert caught.value.exit_code == 7
    assert await log(value) == ""
    assert await value("select count(*) from supasync.journal") == "0"


async def test_an_error_in_the_function_names_the_function_and_the_file_before_it(seed, value):
    broken = MAKE_FUNCTION.replace("insert into log", "insert into nowhere")
    with pytest.raises(SeedError, match=r"public\.reseed\(\), called after .*a\.sql.*nowhere"):
        await seed(a=broken, b="insert into log values ('never')")
    assert await log(value) == ""


async def test_a_seed_leaves_a_journal_row(seed, value):
    await seed(a="insert into log values ('x')")
    kind = await value("select kind || ' ' || length(source_fingerprint) from supasync.journal")
    assert kind == "seed 64"
