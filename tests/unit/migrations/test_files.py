"""The folder of migration files."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.config import Config, Migrations, Project
from supasync.errors import Refused, UsageError
from supasync.sync.migrations import capture, files


def config(file: Path, *, folder: str | None = None, official: bool = False) -> Config:
    project = Project(ref="abcdefghijklmnopqrst")
    return Config(
        file=file, project=project, migrations=Migrations(folder=folder), official=official
    )


def test_where_it_is(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "config.toml", tmp_path / "supabase" / "config.toml"
    usual = tmp_path / "supabase" / "migrations"
    assert files.place(config(ours), None) == usual
    assert files.place(config(theirs, official=True), None) == usual
    assert files.place(config(ours, folder="db"), None) == tmp_path / "db"
    assert files.place(config(ours, folder="db"), Path("here")) == Path("here")


def test_files_are_read_in_their_order(tmp_path: Path) -> None:
    for name in ("2_b.sql", "1_a.sql", "notes.sql", "3_c.txt"):
        (tmp_path / name).write_text("select 1")
    found = files.read(tmp_path)
    assert [(each.version, each.name) for each in found.files] == [("1", "a"), ("2", "b")]
    assert found.passed_over == ("notes.sql",)


def test_what_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        files.read(tmp_path / "none")
    (tmp_path / "1_a.sql").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        files.read(tmp_path)
    (tmp_path / "1_a.sql").write_text("")
    (tmp_path / "1_b.sql").write_text("")
    with pytest.raises(UsageError, match=r"1_a\.sql and 1_b\.sql are of one version"):
        files.read(tmp_path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = files.add(tmp_path / "new", "1_a.sql", "first")
    with pytest.raises(Refused, match="was not overwritten"):
        files.add(tmp_path / "new", "1_a.sql", "second")
    assert file.read_text() == "first"
    with pytest.raises(UsageError, match="cannot be written"):
        files.add(file, "2_b.sql", "below a file")


@pytest.mark.parametrize("name", ["", "a/b", "../a", "a b", "ü", "a.sql"])
def test_names_that_are_no_part_of_a_file_name(name: str) -> None:
    with pytest.raises(UsageError, match="file name"):
        capture.check_name(name)
