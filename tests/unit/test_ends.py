"""What `supasync schema` refuses before it looks at anything."""

import pytest

from supasync.errors import ProductionGuard, UsageError
from supasync.sync import ends, names

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
    assert names.parts(written) == read
    assert names.kept(written) == [".".join(read)]
