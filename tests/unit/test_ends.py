"""What `supasync schema` refuses before it looks at anything."""

import pytest
from pydantic import SecretStr

from supasync import api, sql
from supasync.config import Branch
from supasync.errors import ProductionGuard, UsageError
from supasync.sync import ends, names
from tests.unit.api.world import BRANCH
from tests.unit.test_targets import row

REF = "abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    "target",
    [
        "main",
        REF,
        f"postgresql://postgres:x@db.{REF}.supabase.co:5432/postgres",
        f"postgres://postgres.{REF}:x@aws-0-eu-west-1.pooler.supabase.com:6543/postgres",
    ],
)
def test_production_is_no_target_however_it_is_named(target):
    _refused(target)


@pytest.mark.parametrize(
    "target",
    [
        f"postgresql://127.0.0.1:1/postgres?user=postgres.{REF}",
        f"postgresql:///postgres?hostaddr=127.0.0.1&host=db.{REF}.supabase.co",
        f"postgresql://db.{REF.upper()}.supabase.co/postgres",
        f"postgresql://h,db.{REF}.supabase.co:5432,5433/postgres",
        f"postgresql://postgres@pooler/postgres?options=reference%3D{REF}",
        f"postgresql://postgres%2E{REF}@pooler/postgres",
    ],
)
def test_production_is_found_in_every_parameter_that_can_name_it(target):
    _refused(target)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGUSER", f"postgres.{REF}"),
        ("PGHOST", f"db.{REF}.supabase.co"),
        ("PGOPTIONS", f"reference={REF}"),
    ],
)
def test_production_is_found_in_the_environment(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    _refused("postgresql:///postgres")


def test_a_service_file_is_not_accepted_as_a_target(monkeypatch):
    with pytest.raises(UsageError, match="service"):
        ends.check("testing", "postgresql:///postgres?service=prod", REF, write=True)
    monkeypatch.setenv("PGSERVICE", "prod")
    with pytest.raises(UsageError, match="service"):
        ends.check("testing", "postgresql://h/postgres", REF, write=True)


def _refused(target: str) -> None:
    with pytest.raises(ProductionGuard):
        ends.check("testing", target, REF, write=True)
    ends.check("testing", target, REF, write=False)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("testing", "testing"),
        ("main", REF),
        ("postgresql://a@h/db", "postgresql://b:pw@h:5432/db"),
    ],
)
def test_one_database_on_both_ends_is_refused(source, target):
    with pytest.raises(UsageError, match="same database"):
        ends.check(source, target, REF, write=False)


@pytest.mark.parametrize(
    "end",
    [
        "postgresqll://postgres:Super-Secret@127.0.0.1/postgres",
        "POSTGRESQL://postgres:Super-Secret@127.0.0.1/postgres",
        "mysql://root:Super-Secret@h/db",
        "postgresql:/postgres:Super-Secret@h/db",
        "host=h password=Super-Secret",
        "postgresql://postgres:Super@-Secret@127.0.0.1/postgres",
        "postgresql://postgres:Super/-Secret@127.0.0.1/postgres",
        "postgresql://postgres:12/-Secret@127.0.0.1/postgres",
        "postgresql://postgres:Super%-Secret@127.0.0.1/postgres",
    ],
)
def test_an_address_that_is_no_clean_url_is_never_repeated(end):
    for source, target in ((end, "testing"), ("testing", end)):
        with pytest.raises(UsageError) as caught:
            ends.check(source, target, None, write=False)
        assert "Secret" not in caught.value.message + str(caught.value.remedy)
    if "://" in end:
        with pytest.raises(UsageError) as caught:
            names.check_branch(end, urls=False)
        assert "Secret" not in caught.value.message


def test_names_of_git_branches_are_none_of_that():
    for name in ("feature/x", "user@host", "a=b", "release-1.2"):
        names.check_branch(name, urls=False)


def test_different_databases_pass():
    ends.check("main", "testing", REF, write=True)
    ends.check("postgresql://h/one", "postgresql://h/two", None, write=True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("public.users", ("public", "users")),
        ("public.Users", ("public", "users")),
        ('public."Users"', ("public", "Users")),
        ('"a.b"."c""d"', ("a.b", 'c"d')),
    ],
)
def test_names_are_read_as_postgresql_reads_them(written, read):
    assert sql.names(written) == read
    assert names.kept(written) == [".".join(read)]


@pytest.mark.parametrize(
    "target",
    [
        f"postgresql://h/{REF}",
        f"postgresql://h/x?hostaddr=db.{REF}.supabase.co",
        f"postgresql://postgres@db.{REF}.supabase.co.:5432/postgres",
        f"postgresql://postgres:{'x'}@%64b.{REF}.supabase.co/postgres",
    ],
)
def test_production_s_ref_in_any_part_of_a_target_s_address_is_refused(target):
    _refused(target)


def test_other_servers_are_targets_where_production_is_known():
    for url in ("postgresql://postgres.other:x@h/db", "postgresql:///db"):
        ends.check("testing", url, REF, write=True)
    ends.check("main", "mainland", REF, write=True)
    ends.check("testing", "other", None, write=False)


def test_an_end_can_be_written_unless_it_is_production():
    end = ends.url_end("postgresql://u:secret@h/db")
    assert end.key == end.database.name == "postgresql://u@h/db"
    assert end.writable is end.database
    assert not end.leased
    default = Branch()
    assert (end.policy.allow_data_loss, end.policy.prune) == (
        default.allow_data_loss,
        default.prune,
    )


async def test_the_ends_of_a_client():
    client = api.Client(token=SecretStr("t"), production_ref=REF)
    async with client:
        main = ends.main_end(client, REF)
        assert (main.database, main.key, main.writable) == (client.production, REF, None)
        branch = row("testing", parent_project_ref=REF)
        kept = Branch(prune=0)
        end = ends.branch_end(client, branch, kept)
        assert (end.key, end.leased, end.policy) == (BRANCH, True, kept)
        assert end.writable is end.database
        assert end.database.name == "testing"
        assert (end.copied, end.cloned) == (frozenset(), False)
        listed = Branch.model_validate({"data": {"tables": ["public.ranks", 'public."A.b"']}})
        cloned = row("testing", parent_project_ref=REF, with_data=True)
        end = ends.branch_end(client, cloned, listed)
        assert (end.copied, end.cloned) == ({("public", "ranks"), ("public", "A.b")}, True)
