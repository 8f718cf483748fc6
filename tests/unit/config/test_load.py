"""What config.toml may say, and how it is refused."""

# ruff: noqa: E501 – one line per case

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from supasync import config
from supasync.errors import ConfigError
from supasync.settings import Settings

REF = "abcdefghijklmnopqrst"
PROJECT = f'[project]\nref = "{REF}"\n'
DATA = PROJECT + "[branches.a.data]\n"
TABLE = PROJECT + '[branches.a]\n[branches.a.data."public.a"]\n'
USER = '[[test_users]]\nemail = "{}"\nrole = "crew"\n'


def load(folder: Path, text: str, env: Mapping[str, str] | None = None) -> config.Config:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(file, env=env or {})


def refused(folder: Path, text: str, env: Mapping[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, env)
    error = caught.value
    assert error.exit_code == 2
    assert error.file == folder / "config.toml"
    assert str(error.file) in str(error)
    assert error.remedy
    return error


def test_whole_file(tmp_path: Path) -> None:
    text = f"""
[project]
ref = "{REF}"
api_url = "http://127.0.0.1:54000/"
project_url = "http://127.0.0.1:54000/project/{{ref}}"
[branches.testing]
auto_sync_schema = false
auto_sync_data = false
seed_on_sync = false
allow_data_loss = false
prune = 0
[branches.preview]
[seed]
paths = ["seeds/*.sql"]
function = "reseed_testing_environment()"
[[test_users]]
email = "Admin@Example.com"
role = "admin"
login = "password"
password = "env(ADMIN_PASSWORD)"
purpose = "Sees everything"
[[test_users]]
email = "crew@example.com"
role = "crew"
login = "magic_link"
[validation]
essential_tables = ["users", {{table = 'app."Training Sessions"', columns = ["id", "Code"]}}]
[profiles]
table = "users"
"""
    read = load(tmp_path, text, {"ADMIN_PASSWORD": "hush-hush"})
    assert read.project.api_url == "http://127.0.0.1:54000"
    assert read.project.project_url.format(ref="x") == "http://127.0.0.1:54000/project/x"
    assert read.branches["testing"] == config.Branch(
        auto_sync_schema=False, seed_on_sync=False, allow_data_loss=False, prune=0.0
    )
    assert read.branches["preview"].prune == 0.5
    assert read.branches["preview"] == config.Branch()
    assert read.seed.function == "public.reseed_testing_environment"
    admin, crew = read.test_users
    assert (admin.email, admin.role, admin.purpose) == (
        "admin@example.com",
        "admin",
        "Sees everything",
    )
    assert admin.password is not None
    assert admin.password.get_secret_value() == "hush-hush"
    assert (crew.login, crew.password) == ("magic_link", None)
    assert read.validation.essential_tables == (
        config.EssentialTable(table="public.users"),
        config.EssentialTable(table='app."Training Sessions"', columns=("id", "Code")),
    )
    assert read.validation.services == ("auth", "db", "rest")
    assert read.profiles == config.Profiles(table="public.users")
    assert read.warnings == ()
    assert "hush-hush" not in repr(read)


def test_defaults_of_a_branch(tmp_path: Path) -> None:
    branch = load(tmp_path, PROJECT + "[branches.testing]").branches["testing"]
    assert (branch.auto_sync_schema, branch.auto_sync_data, branch.seed_on_sync) == (
        True,
        False,
        True,
    )


def test_password_may_accompany_a_magic_link(tmp_path: Path) -> None:
    text = PROJECT + USER.format("a@b.test") + 'login = "magic_link"\npassword = "x"'
    assert load(tmp_path, text).test_users[0].password is not None


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (PROJECT + "[branches.a]\nauto_sync_scema = true", 4, "branches.a.auto_sync_scema", "unknown key"),
        (PROJECT + "[branch.a]", 3, "branch", "unknown key"),
        (PROJECT + "colour = 1", 3, "project.colour", "unknown key"),
        (PROJECT + 'branches."a b".x = 1', 3, "project.branches", "unknown key"),
        (PROJECT + '[branches."a b"]\n\nx = 1', 5, 'branches."a b".x', "unknown key"),
        (PROJECT + "[branches.a]\nauto_sync_data = true", 4, "branches.a.auto_sync_data", "no table is listed"),
        (DATA + 'tables = ["public.a", "users"]', 4, "branches.a.data.tables[1]", "with its schema"),
        (DATA + 'tables = ["public.a", "PUBLIC.A"]', 4, "branches.a.data.tables[1]", "is listed twice"),
        (DATA + 'tables = ["vault.secrets"]', 4, "branches.a.data.tables[0]", "is in vault, which is not yours"),
        (DATA + 'table = ["public.a"]', 4, "branches.a.data.table", "with its schema"),
        (DATA + "[branches.a.data.public.crew]", 4, "branches.a.data.public", "with its schema"),
        (DATA + '"public.a" = 1', 4, 'branches.a.data."public.a"', "must be a section"),
        (TABLE + "limt = 1", 5, 'branches.a.data."public.a".limt', "unknown key"),
        (TABLE + "limit = 0", 5, 'branches.a.data."public.a".limit', "must be a number of rows"),
        (TABLE + "limit = true", 5, 'branches.a.data."public.a".limit', "must be a number of rows"),
        (TABLE + 'mask = "null"', 5, 'branches.a.data."public.a".mask', "must be columns with masks"),
        (TABLE + 'mask = { b = "md5" }', 5, 'branches.a.data."public.a".mask.b', "is not a mask"),
        (TABLE + "mask = { b = { constant = 1 } }", 5, 'branches.a.data."public.a".mask.b.constant', "must be a text"),
        (TABLE + "mask = { b = { partial = 0 } }", 5, 'branches.a.data."public.a".mask.b.partial', "must be 1 to 100"),
        (TABLE + 'columns = ["c"]\nmask = { b = "null" }', 6, 'branches.a.data."public.a".mask.b', "is not among the columns"),
        (TABLE + 'mask = { b = "hash" }', 5, 'branches.a.data."public.a".mask.b', "there is none"),
        (PROJECT + '[masks]\nkey = "short"', 4, "masks.key", "must have 16 bytes"),
        (PROJECT + '[branches.a]\nseed_on_sync = "true"', 4, "branches.a.seed_on_sync", "true or false"),
        (PROJECT + "[branches.a]\nseed_on_sync = 1", 4, "branches.a.seed_on_sync", "true or false"),
        (PROJECT + "[branches.a]\nprune = true", 4, "branches.a.prune", "between 0 and 1"),
        (PROJECT + "[branches.a]\nprune = 50", 4, "branches.a.prune", "between 0 and 1"),
        (PROJECT + "[branches.a]\nprune = -0.1", 4, "branches.a.prune", "between 0 and 1"),
        (PROJECT + "[branches.a]\nprune = nan", 4, "branches.a.prune", "between 0 and 1"),
        (PROJECT + '[branches.a]\nprune = "0.5"', 4, "branches.a.prune", "between 0 and 1"),
        (PROJECT + "[branches.a]\nallow_data_loss = 0", 4, "branches.a.allow_data_loss", "true or false"),
        (PROJECT + "[branches]\na = true", 4, "branches.a", "must be a section"),
        (PROJECT + "[branches.main]", 3, "branches.main", "main is production"),
        ("branches = 3\n" + PROJECT, 1, "branches", "must be sections"),
        ('project = "x"', 1, "project", "must be a section"),
        ("", None, "project", "is missing"),
        ("[project]", 1, "project.ref", "is missing"),
        ('[project]\nref = "short"', 2, "project.ref", "twenty lower-case letters"),
        (PROJECT + 'api_url = "api.supabase.com"', 3, "project.api_url", "https://"),
        (PROJECT + 'api_url = "http://api.supabase.com"', 3, "project.api_url", "only for this machine"),
        (PROJECT + 'project_url = "https://x.supabase.co"', 3, "project.project_url", "{ref}"),
        (PROJECT + '[seed]\npaths = "a.sql"', 4, "seed.paths", "must be a list"),
        (PROJECT + '[seed]\npaths = [\n"a.sql",\n1]', 6, "seed.paths[1]", "must be a text"),
        (PROJECT + '[seed]\nfunction = "f(1)"', 4, "seed.function", "not the name"),
        (PROJECT + USER.format("a@b.co"), 3, "test_users[0].password", "is missing"),
        (PROJECT + USER.format("a@b"), 4, "test_users[0].email", "not an e-mail"),
        (PROJECT + USER.format("a@b.co") + "password = 123456789", 6, "test_users[0].password", "must be a text"),
        (PROJECT + USER.format("a@b.co") + 'password = ""', 6, "test_users[0].password", "1 to 72 bytes"),
        (PROJECT + USER.format("a@b.co") + f'password = "{"é" * 37}"', 6, "test_users[0].password", "1 to 72 bytes"),
        (PROJECT + USER.format("a@b.co") + 'login = "magic"', 6, "test_users[0].login", "'password' or 'magic_link'"),
        (PROJECT + '[[test_users]]\nemail = "a@b.co"\nlogin = "magic_link"', 3, "test_users[0].role", "is missing"),
        (PROJECT + '[validation]\nessential_tables = ["a", "b.c.d"]', 4, "validation.essential_tables[1]", "not the name"),
        (PROJECT + '[validation]\nessential_tables = ["drop table x"]', 4, "validation.essential_tables[0]", "not the name"),
        (PROJECT + "[validation]\nessential_tables = [7]", 4, "validation.essential_tables[0]", "is neither a table"),
        (PROJECT + '[validation]\nessential_tables = [{table = "a", colums = ["b"]}]', 4, "validation.essential_tables[0].colums", "unknown key"),
        (PROJECT + '[validation]\nessential_tables = [{columns = ["b"]}]', 4, "validation.essential_tables[0].table", "is missing"),
        (PROJECT + "[validation]\nsync_p95_seconds = 0", 4, "validation.sync_p95_seconds", "above 0"),
        (PROJECT + '[validation]\nservices = ["mail"]', 4, "validation.services[0]", "must be 'auth'"),
        (PROJECT + "[profiles]", 3, "profiles.table", "is missing"),
        (PROJECT + "x = = 1", 3, None, "not TOML"),
        (PROJECT + 'ref = "b"', 3, None, "not TOML"),
        ("[project]\nref = '''\n\n", 4, None, "not TOML"),
    ],
)  # fmt: skip
def test_one_error_with_its_place(
    tmp_path: Path, text: str, line: int | None, key: str | None, words: str
) -> None:
    error = refused(tmp_path, text)
    assert (error.line, error.key) == (line, key)
    assert words in str(error)
    assert "pydantic" not in str(error)


def test_suggestion(tmp_path: Path) -> None:
    error = refused(tmp_path, PROJECT + "[branches.a]\nauto_sync_scema = true")
    assert "Did you mean auto_sync_schema?" in str(error.remedy)


def test_first_of_several(tmp_path: Path) -> None:
    error = refused(tmp_path, PROJECT + "[validaton]\n[branches.a]\nx = 1\ny = 2")
    assert error.line == 3
    assert "2 more problems" in str(error)


def test_duplicate_emails(tmp_path: Path) -> None:
    first = USER.format("Crew@Example.com") + 'password = "one-secret"\n'
    second = USER.format("crew@example.COM") + 'password = "two-secret"\n'
    error = refused(tmp_path, PROJECT + first + "# again\n" + second)
    assert (error.line, error.key) == (9, "test_users[1].email")


@pytest.mark.parametrize(
    "broken",
    [
        "email = 3",
        'password = ["hush-hush"]',
        'login = "x"',
        'rol = "x"',
        "role = 1",
        "purpose = 2",
    ],
)
def test_passwords_stay_out_of_errors(tmp_path: Path, broken: str) -> None:
    fields = {"email": '"a@b.co"', "role": '"crew"', "password": '"hush-hush"'}
    key, _, value = broken.partition(" = ")
    lines = [f"{name} = {text}" for name, text in {**fields, key: value}.items()]
    error = refused(tmp_path, PROJECT + "[[test_users]]\n" + "\n".join(lines))
    shown = f"{error!r} {error} {error.remedy} {error.__cause__} {error.__context__}"
    assert "hush-hush" not in shown


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'[project]\nref = "\xff"')
    with pytest.raises(ConfigError, match="is not UTF-8"):
        config.load(tmp_path / "config.toml", env={})


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf" + PROJECT.replace("\n", "\r\n").encode() + b"x = 1\r\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file, env={})
    assert caught.value.line == 3


def test_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        config.load(tmp_path, env={})
    with pytest.raises(ConfigError, match="No such file"):
        config.load(tmp_path / "absent.toml", env={})


def test_default_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        config.load(env={})
    assert "config.toml" in str(caught.value)
    assert "--config" in str(caught.value.remedy)
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase/config.toml").write_text(f'project_id = "{REF}"\n')
    assert config.load(env={}).file == Path("supabase/config.toml")
    (tmp_path / "config.toml").write_text(PROJECT)
    assert config.load(env={}).file == Path("config.toml")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), ("env", "https://api.supabase.com")),
        (Settings(project_ref="z" * 20), ("z", "https://api.supabase.com")),
        (Settings(api_url="https://api.example.com"), ("env", "https://api.example.com")),
    ],
)
def test_settings_go_before_the_file(
    tmp_path: Path, settings: Settings, expected: tuple[str, str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[project]\nref = "env(REF)"\n')
    read = config.load(file, env={"REF": "e" * 20}, settings=settings)
    assert (read.project.ref[0], read.project.api_url) == (expected[0][0], expected[1])


def test_environment_can_stand_in_for_the_project_section(tmp_path: Path) -> None:
    read = load(tmp_path, "[branches.testing]", {"SUPABASE_PROJECT_REF": REF})
    assert read.project.ref == REF


def test_is_frozen(tmp_path: Path) -> None:
    read: Any = load(tmp_path, PROJECT)
    with pytest.raises(ValueError, match="frozen"):
        read.project = None


def test_settings_to_copy(tmp_path: Path) -> None:
    loaded = load(tmp_path, PROJECT + '[sync]\nsettings = ["auth.site_url"]')
    assert loaded.sync.settings == ("auth.site_url",)
    assert load(tmp_path, PROJECT).sync.settings == ()


@pytest.mark.parametrize(
    ("name", "told", "remedy"),
    [
        ("auth.site_ulr", "is no setting that can be copied", 'Did you mean "auth.site_url"?'),
        ("site_url", "is no setting that can be copied", 'Did you mean "auth.site_url"?'),
        ("auth.*", "is no setting that can be copied", "docs/reference/settings.md"),
        ("auth.smtp_pass", "is a secret; secrets are never copied", "Take it out"),
        ("auth.external_github_secret", "is a secret", "Take it out"),
        ("auth.hook_send_sms_uri", "leads to a service of production's", "Take it out"),
        ("postgrest.jwt_secret", "is no setting that can be copied", "docs/reference/settings.md"),
    ],
)
def test_settings_that_are_not_copied(tmp_path: Path, name: str, told: str, remedy: str) -> None:
    error = refused(tmp_path, f'{PROJECT}[sync]\nsettings = ["auth.site_url", "{name}"]')
    assert f'"{name}" {told}' in str(error)
    assert remedy in (error.remedy or "")
    assert error.line == 4
