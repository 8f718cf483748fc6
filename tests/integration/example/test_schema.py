"""The migration history, and the hand-made change that is not in it."""

from __future__ import annotations

from supasync.sandbox import Sandbox

from .conftest import EXAMPLE, Execute

VERSIONS = "select version from supabase_migrations.schema_migrations order by 1"


def test_production_and_its_branches_have_the_whole_history(box: Sandbox, execute: Execute) -> None:
    files = sorted(file.name.partition("_")[0] for file in (EXAMPLE / "migrations").glob("*.sql"))
    for url in (box.main.db_url, *(branch.db_url for branch in box.branches.values())):
        assert [version for (version,) in execute(VERSIONS, url)] == files


def test_everything_of_ours_belongs_to_postgres(execute: Execute) -> None:
    owners = execute(
        "select distinct relowner::regrole::text from pg_class "
        "where relnamespace in ('public'::regnamespace, 'private'::regnamespace)"
    )
    assert owners == [("postgres",)]


def test_every_table_has_row_level_security(execute: Execute) -> None:
    bare = execute(
        "select oid::regclass::text from pg_class where relkind = 'r' and not relrowsecurity "
        "and relnamespace in ('public'::regnamespace, 'private'::regnamespace)"
    )
    assert bare == []


def test_the_hand_made_change_is_in_no_migration(execute: Execute) -> None:
    before = execute(VERSIONS)
    execute((EXAMPLE / "drift.sql").read_text())
    assert execute(VERSIONS) == before
    columns = execute(
        "select column_name::text from information_schema.columns "
        "where table_name = 'training_enrolments' order by ordinal_position desc limit 1"
    )
    assert columns == [("certificate_expires_on",)]
