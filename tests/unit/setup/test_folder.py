"""What `supasync init` writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from supasync.config import load, seed_files
from supasync.errors import ConfigError
from supasync.setup import folder
from supasync.setup.folder import SEEDS, WORKFLOW, Wanted
from supasync.sync.seeding import script

REF = "abcdefghijklmnopqrst"
NAMES = {"testing": False, 'feature/"x"': True}


def test_what_is_written_is_a_configuration(tmp_path: Path) -> None:
    written, left = folder.write(tmp_path, Wanted(ref=REF, branches=NAMES))
    assert sorted(map(str, written)) == [str(WORKFLOW), "config.toml", f"{SEEDS}/10_rows.sql"]
    assert left == []
    loaded = load(tmp_path / "config.toml", env={})
    assert loaded.project.ref == REF
    assert {name: branch.create for name, branch in loaded.branches.items()} == NAMES
    assert script.compose(script.read(seed_files(loaded)), None)


def test_what_is_there_is_left(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine")
    written, left = folder.write(tmp_path, Wanted(ref=REF, branches=NAMES, workflow=False))
    assert (tmp_path / "config.toml").read_text() == "mine"
    assert ([*map(str, written)], [*map(str, left)]) == ([f"{SEEDS}/10_rows.sql"], ["config.toml"])


def test_supabases_own_folder_is_used(tmp_path: Path) -> None:
    own = tmp_path / "supabase"
    own.mkdir()
    (own / "seed.sql").write_text("select 1")
    (own / "config.toml").write_text(
        f'project_id = "{REF}"\n[remotes.staging]\nproject_id = "{REF[::-1]}"\n'
    )
    known = folder.known(tmp_path, {})
    assert (known.ref, known.remotes, known.seeds) == (
        REF,
        {"staging": REF[::-1]},
        ("supabase/seed.sql",),
    )
    wanted = Wanted(ref=REF, branches={"staging": False}, seeds=known.seeds, workflow=False)
    assert [*map(str, folder.write(tmp_path, wanted)[0])] == ["config.toml"]
    text = (tmp_path / "config.toml").read_text()
    assert tomllib.loads(text)["seed"]["paths"] == ["supabase/seed.sql"]


def test_without_it_nothing_is_known(tmp_path: Path) -> None:
    assert folder.known(tmp_path, {}) == folder.Known(remotes={})


def test_a_file_of_supabase_that_is_no_toml_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase/config.toml").write_text("[")
    with pytest.raises(ConfigError, match="is not TOML"):
        folder.known(tmp_path, {})
