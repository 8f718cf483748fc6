"""env(NAME) and the files its values come from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from supasync import config
from supasync.config.environment import Environment, parse
from supasync.errors import ConfigError

REF = "abcdefghijklmnopqrst"


def test_only_a_whole_value_is_a_reference(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        f'[project]\nref = "{REF}"\n[[test_users]]\nemail = "a@b.co"\nrole = "env(ROLE)"\n'
        'login = "magic_link"\npurpose = "an env(ROLE) user"\n'
    )
    user = config.load(file, env={"ROLE": "crew"}).test_users[0]
    assert (user.role, user.purpose) == ("crew", "an env(ROLE) user")


@pytest.mark.parametrize("env", [{}, {"CREW_PASSWORD": ""}])
def test_missing_variable(tmp_path: Path, env: Mapping[str, str]) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        f'[project]\nref = "{REF}"\n[[test_users]]\nemail = "a@b.co"\nrole = "crew"\n'
        'password = "env(CREW_PASSWORD)"\n'
    )
    with pytest.raises(ConfigError) as caught:
        config.load(file, env=env)
    error = caught.value
    assert (error.line, error.key) == (6, "test_users[0].password")
    assert "CREW_PASSWORD" in str(error)
    assert "CREW_PASSWORD" in str(error.remedy)
    assert config.load(file, env=env, users=False).test_users == ()  # so nobody can use it
    file.write_text(file.read_text() + 'login = "env(CREW_PASSWORD)"\n')
    with pytest.raises(ConfigError, match="not set"):
        config.load(file, env=env, users=False)


@pytest.mark.parametrize(
    ("stage", "files", "expected"),
    [
        (None, {".env": "V=1"}, "1"),
        (None, {".env": "V=1", ".env.development": "V=2"}, "2"),
        (None, {".env.development": "V=2", ".env.local": "V=3"}, "3"),
        (None, {".env.local": "V=3", ".env.development.local": "V=4"}, "4"),
        (None, {".env.production": "V=5", ".env": "V=1"}, "1"),
        ("production", {".env.production": "V=5", ".env": "V=1"}, "5"),
        ("test", {".env.local": "V=3", ".env": "V=1"}, "1"),
        (None, {"../.env": "V=0"}, "0"),
        (None, {"../.env.development.local": "V=0", ".env": "V=1"}, "1"),
        (None, {"../../.env": "V=9"}, ""),
    ],
)
def test_order_of_files(
    tmp_path: Path, stage: str | None, files: Mapping[str, str], expected: str
) -> None:
    folder = tmp_path / "repo" / "supabase"
    folder.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    env = {"SUPABASE_ENV": stage} if stage else {}
    assert Environment(env, folder).get("V") == expected
    assert Environment({**env, "V": "process"}, folder).get("V") == "process"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("export A = 1 \n", {"A": "1"}),
        ("# c\n\n  A=1 # c\nB=2", {"A": "1", "B": "2"}),
        ("A=", {"A": ""}),
        ("A= # c", {"A": ""}),
        ("A=p#w", {"A": "p#w"}),
        ("A='p#w $X \\n' # c", {"A": "p#w $X \\n"}),
        ('A="two\\nlines \\"q\\" \\$X"', {"A": 'two\nlines "q" $X'}),
        ('A="first\nsecond"\nB=2', {"A": "first\nsecond", "B": "2"}),
        ("A=1\nB=${A}2\nC=$A-$K", {"A": "1", "B": "12", "C": "1-known"}),
        ("A=a=b", {"A": "a=b"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
    ],
)
def test_env_file(tmp_path: Path, text: str, expected: Mapping[str, str]) -> None:
    file = tmp_path / ".env"
    file.write_bytes(text.encode())
    assert parse(file, {"K": "known"}) == expected


def test_bad_env_file_does_not_show_its_content(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nhush hush\n")
    with pytest.raises(ConfigError) as caught:
        parse(file, {})
    assert caught.value.line == 2
    assert "hush" not in str(caught.value)
