"""The migration history, and the hand-made change that is not in it."""

from __future__ import annotations

from supasync.sandbox import Sandbox

from .conftest import EXAMPLE, Execute

COLUMNS = """
  select column_name from information_schema.columns
  where table_name = 'training_enrolments' and column_name = 'certificate_expires_on'
"""


async def test_the_history_is_the_files(execute: Execute) -> None:
    files = sorted(file.name.partition("_")[0] for file in (EXAMPLE / "migrations").glob("*.sql"))
    recorded = execute("select version from supabase_migrations.schema_migrations order by 1")
    assert [version for (version,) in recorded] == files


async def test_everything_of_ours_belongs_to_postgres(execute: Execute) -> None:
    owners = execute(
        "select distinct relowner::regrole::text from pg_class "
        "where relnamespace in ('public'::regnamespace, 'private'::regnamespace)"
    )
    assert owners == [("postgres",)]


async def test_every_table_has_row_level_security(execute: Execute) -> None:
    bare = execute(
        "select oid::regclass::text from pg_class where relkind = 'r' and not relrowsecurity "
        "and relnamespace in ('public'::regnamespace, 'private'::regnamespace)"
    )
    assert bare == []


async def test_the_hand_made_change_reaches_no_branch(box: Sandbox, execute: Execute) -> None:
    execute((EXAMPLE / "drift.sql").read_text())
    assert execute(COLUMNS) == [("certificate_expires_on",)]
    for branch in box.branches.values():
        assert execute(COLUMNS, branch.db_url) == []
