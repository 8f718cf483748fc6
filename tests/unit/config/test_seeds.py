"""Order and completeness of the seed files."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync import config
from supasync.errors import ConfigError


def write(folder: Path, paths: str) -> config.Config:
    file = folder / "config.toml"
    file.write_text(f'[project]\nref = "{"a" * 20}"\n[seed]\npaths = [\n{paths}\n]\n')
    return config.load(file, env={})


def test_order(tmp_path: Path) -> None:
    for name in ("seeds/20_b.sql", "seeds/10_a.sql", "seeds/deep/1.sql", "z.sql", "a.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "seeds/folder.sql").mkdir()
    read = write(tmp_path, '"z.sql", "seeds/*.sql", "./seeds/**/*.sql", "seeds/20_b.sql"')
    names = [file.name for file in config.seed_files(read)]
    assert names == ["z.sql", "10_a.sql", "20_b.sql", "1.sql"]


def test_nothing_matched(tmp_path: Path) -> None:
    (tmp_path / "a.sql").touch()
    with pytest.raises(ConfigError) as caught:
        config.seed_files(write(tmp_path, '"a.sql",\n"seeds/*.sql"'))
    assert (caught.value.line, caught.value.key) == (6, "seed.paths[1]")
    assert "seeds/*.sql matches no file" in str(caught.value)


def test_a_digest_is_of_what_the_files_say_also_where_they_cannot_be_used(tmp_path: Path) -> None:
    read = write(tmp_path, '"seeds/*"')
    digests = [config.seed_digest(read, "testing")]
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, text in (("a.sql", b""), ("a.sql", b"wr\xffng"), ("b.sql", b"")):
        (seeds / name).write_bytes(text)
        digests.append(config.seed_digest(read, "testing"))
    (seeds / "b.sql").rename(seeds / "c.sql")
    digests.append(config.seed_digest(read, "testing"))
    digests.append(config.seed_digest(write(tmp_path, '"./seeds/*"'), "testing"))
    assert len(set(digests)) == 6
    assert config.seed_digest(write(tmp_path, '"./seeds/*"'), "testing") == digests[-1]


def load(folder: Path, seed: str, **env: str) -> config.Config:
    (folder / "people.csv").touch()
    file = folder / "config.toml"
    file.write_text(f'[project]\nref = "{"a" * 20}"\n[seed]\n{seed}\n')
    return config.load(file, env=env)


def test_whose_rows_a_file_has(tmp_path: Path) -> None:
    read = load(tmp_path, '[seed.tables]\n"./*.csv" = "people"')
    assert config.seed_tables(read) == {tmp_path / "people.csv": "public.people"}
    with pytest.raises(ConfigError, match="matches no file") as caught:
        config.seed_tables(load(tmp_path, '[seed.tables]\n"*.json" = "people"'))
    assert (caught.value.line, caught.value.key) == (5, 'seed.tables."*.json"')


def test_a_variable_without_a_value_is_missed_only_where_the_seed_is_used(tmp_path: Path) -> None:
    read = load(tmp_path, 'variables = [\n"SHIP",\n"CREW"]', SHIP="Ada")
    with pytest.raises(ConfigError, match="the environment variable CREW is not set") as caught:
        config.seed_variables(read)
    assert (caught.value.line, caught.value.key) == (6, "seed.variables[1]")
    read = load(tmp_path, 'variables = ["SHIP"]', SHIP="Ada")
    assert config.seed_variables(read)["SHIP"].get_secret_value() == "Ada"
    assert "Ada" not in repr(read)


@pytest.mark.parametrize(
    ("seed", "key"),
    [
        ('variables = ["$SHIP"]', "seed.variables[0]"),
        ('variables = ["env(SHIP)"]', "seed.variables[0]"),
        ('triggers = "never"', "seed.triggers"),
        ('[seed.tables]\n"people.csv" = "a.b.c"', 'seed.tables."people.csv"'),
    ],
)
def test_bad_keys(tmp_path: Path, seed: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, seed)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("expect", "key"),
    [
        ('{ table = "public.t", rows = -1 }', "test_users[0].expect[0].rows"),
        ('{ table = "public.t" }', "test_users[0].expect[0].rows"),
        ('{ table = "public.t", rows = 1, role = "x" }', "test_users[0].expect[0].role"),
    ],
)
def test_bad_expectations(tmp_path: Path, expect: str, key: str) -> None:
    user = '[[test_users]]\nemail = "a@b.test"\nrole = "crew"\nlogin = "magic_link"\n'
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"{user}expect = [{expect}]")
    assert caught.value.key == key
    assert "email" not in str(caught.value.remedy)
