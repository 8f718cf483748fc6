"""`supasync schema`, between branches, `main` and URLs."""

from __future__ import annotations

import psycopg
import pytest

from tests.acceptance.conftest import Team

PARTS = """\
create type mood as enum ('sad', 'happy');
create table people (id int primary key, mood mood default 'sad');
create view happy as select id from people where mood = 'happy';
"""


@pytest.fixture
def urls(make_database) -> tuple[str, str]:
    """Two databases, of which the first has tables."""
    source, target = make_database(), make_database()
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute(PARTS.encode())
    return source, target


def test_two_urls_need_no_configuration_and_nothing_of_ours_stays(team: Team, urls):
    (team.folder / "config.toml").unlink()
    source, target = urls
    assert team("schema", "diff", source, target).code == 1
    result = team("schema", "sync", source, target, "--yes", SUPABASE_PROJECT_REF="")
    assert result.code == 0, result.out + result.err
    assert "+ type mood" in result.out or "+ type public.mood" in result.out
    assert team("schema", "diff", source, target).code == 0
    with psycopg.connect(target) as connection:
        ours = connection.execute("select to_regnamespace('supasync')::text").fetchone()
    assert ours == (None,)
    assert not (team.folder / ".supasync").exists()


def test_between_urls_the_folder_s_seed_function_is_no_exception(team: Team, urls):
    source, target = urls
    assert team("schema", "sync", source, target, "--yes").code == 0
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("create function reseed() returns void language sql as 'select'")
    result = team("schema", "diff", source, target)
    assert result.code == 1, result.err
    assert "reseed" in result.out


def test_a_url_as_target_needs_yes_and_nothing_is_written_without(team: Team, urls):
    source, target = urls
    result = team("schema", "sync", source, target)
    assert result.code == 2
    assert "--yes" in result.err
    assert team("schema", "sync", source, target, "--dry-run").code == 0
    assert team("schema", "diff", source, target).code == 1


def test_a_source_without_tables_is_refused(team: Team, urls):
    full, empty = urls
    result = team("schema", "sync", empty, full, "--yes")
    assert result.code == 4
    assert "no table at all" in result.out
    assert team("schema", "sync", empty, full, "--yes", "--allow-empty").code == 0


def test_production_as_target_is_refused(team: Team):
    for target in ("main", team.box.main.ref):
        result = team("schema", "sync", "testing", target, SUPASYNC_API_URL="http://127.0.0.1:9")
        assert result.code == 4
        assert "production is never a target" in result.err
    url = f"postgresql://postgres:pw@db.{team.box.main.ref}.supabase.co:5432/postgres"
    assert team("schema", "sync", "testing", url, "--yes").code == 4


def test_production_is_known_by_its_server_whatever_the_url_says(synced: Team, urls):
    box = synced.box
    plain = box.main.db_url
    localhost = plain.replace("127.0.0.1", "localhost")
    assert localhost != plain
    synced.main_sql("create table if not exists public.kept (id int)")
    for source in ("testing", urls[0]):
        for url in (plain, box.main.admin_url, localhost, plain.rpartition("/")[0] + "/template1"):
            for option in ("--yes", "--dry-run"):
                result = synced("schema", "sync", source, url, option)
                assert result.code == 4, result.out + result.err
                assert "is production" in result.out
    with psycopg.connect(plain) as connection:
        kept = connection.execute("select to_regclass('public.kept')::text").fetchone()
    synced.main_sql("drop table public.kept")
    assert kept in {("public.kept",), ("kept",)}


def test_a_write_to_a_url_is_refused_when_production_cannot_be_asked(team: Team, urls):
    source, target = urls
    asked = ("schema", "sync", source, target, "--yes")
    unknown = team(*asked, SUPASYNC_API_URL="http://127.0.0.1:9")
    assert unknown.code == 3
    assert "could not be found out whether" in unknown.out
    text = (team.folder / "config.toml").read_text()
    team.write("config.toml", text + "[nonsense")  # a configuration that is there, and wrong
    assert team(*asked).code == 2
    assert team("schema", "diff", source, target).code == 1
    team.write("config.toml", text)
    nobody = team(*asked, SUPABASE_ACCESS_TOKEN="")
    assert nobody.code == 2
    assert "SUPABASE_ACCESS_TOKEN" in nobody.err
    (team.folder / "config.toml").unlink()  # the environment still says what production is
    assert team(*asked, SUPASYNC_API_URL="http://127.0.0.1:9").code == 3
    assert team(*asked, SUPABASE_ACCESS_TOKEN="").code == 2
    assert team(*asked, SUPABASE_ACCESS_TOKEN="", SUPABASE_PROJECT_REF="").code == 0


def test_the_same_database_on_both_ends(team: Team, urls):
    assert team("schema", "diff", "testing", "testing").code == 2
    assert team("schema", "diff", "main", team.box.main.ref).code == 2
    assert team("schema", "diff", urls[0], urls[0]).code == 2


def test_main_to_a_branch_goes_under_the_lease_and_into_the_journal(synced: Team):
    synced.main_sql("alter table public.users add column nickname text")
    assert synced("schema", "diff", "main", "testing").code == 1
    result = synced("schema", "sync", "main", "testing", "--json")
    assert result.code == 0, result.err
    assert result.branch("testing")["verdict"] == "Synced"
    kinds = "select string_agg(kind, ' ' order by id) from supasync.journal"
    assert synced.sql("testing", kinds).endswith("seed apply")
    assert synced("schema", "diff", "testing", "main").code == 0


def test_a_url_that_is_none(team: Team):
    result = team("schema", "diff", "postgresql://[", "testing")
    assert result.code == 2
    assert "Traceback" not in result.err


def test_a_password_in_a_url_is_never_printed(team: Team):
    url = "postgresql://someone:hidden-word@127.0.0.1:9/nowhere"
    result = team("schema", "diff", url, "postgresql://127.0.0.1:9/other")
    assert result.code == 3
    assert "hidden-word" not in result.out + result.err
