"""Supabase's own supabase/config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync import config
from supasync.errors import ConfigError

REF, STAGING = "abcdefghijklmnopqrst", "bbcdefghijklmnopqrst"
OFFICIAL = f"""project_id = "{REF}"
[api]
port = 54321
[db.seed]
enabled = true
sql_paths = ["./seed.sql", "./more/*.sql"]
[remotes.staging]
project_id = "{STAGING}"
[auth.external.apple]
secret = "env(NOT_SET_ANYWHERE)"
"""


@pytest.fixture
def official(tmp_path: Path) -> Path:
    folder = tmp_path / "supabase"
    (folder / "more").mkdir(parents=True)
    for name in ("seed.sql", "more/2.sql", "more/1.sql"):
        (folder / name).write_text("select 1;")
    (folder / "config.toml").write_text(OFFICIAL)
    return folder / "config.toml"


def test_alone(official: Path) -> None:
    read = config.load(official, env={})
    assert read.project.ref == REF
    assert read.remotes == {"staging": STAGING}
    assert read.warnings == ()
    names = [str(file.relative_to(official.parent)) for file in config.seed_files(read)]
    assert names == ["seed.sql", "more/1.sql", "more/2.sql"]


REMOTES = """
[remotes.preview]
project_id = "cbcdefghijklmnopqrst"
[remotes.preview.db.seed]
enabled = true
[remotes.testing]
project_id = "dbcdefghijklmnopqrst"
[remotes.testing.db.seed]
enabled = true
sql_paths = ["./more/1.sql"]
[remotes.live]
project_id = "abcdefghijklmnopqrst"
"""


def test_its_remotes_are_the_branches_when_no_section_names_any(official: Path) -> None:
    official.write_text(OFFICIAL + REMOTES)
    read = config.load(official, env={})
    assert read.official
    assert list(read.branches) == ["staging", "preview", "testing"]  # and not production
    assert read.branches["testing"].seed_on_sync
    ours = official.parent.parent / "config.toml"
    ours.write_text("[branches.staging]\n")
    beside = config.load(ours, env={})
    assert not beside.official
    assert list(beside.branches) == ["staging"]


def test_a_remote_is_seeded_only_when_it_says_so_itself(official: Path) -> None:
    official.write_text(OFFICIAL + REMOTES)
    read = config.load(official, env={})

    def names(branch: str) -> list[str]:
        return [file.name for file in config.seed_files(read, branch)]

    assert names("staging") == []
    assert names("preview") == ["seed.sql", "1.sql", "2.sql"]
    assert names("testing") == names("dbcdefghijklmnopqrst") == ["1.sql"]
    assert names("another") == ["seed.sql", "1.sql", "2.sql"]
    ours = official.parent.parent / "config.toml"
    ours.write_text('[seed]\npaths = ["supabase/seed.sql"]\n')
    read = config.load(ours, env={})
    assert names("staging") == ["seed.sql"]


def test_beside_ours(official: Path) -> None:
    ours = official.parent.parent / "config.toml"
    ours.write_text("[branches.staging]\n")
    read = config.load(ours, env={})
    assert (read.project.ref, read.remotes) == (REF, {"staging": STAGING})
    names = [str(file.relative_to(ours.parent)) for file in config.seed_files(read)]
    assert names == ["supabase/seed.sql", "supabase/more/1.sql", "supabase/more/2.sql"]


def test_our_seed_section_counts(official: Path) -> None:
    ours = official.parent.parent / "config.toml"
    ours.write_text('[seed]\nfunction = "public.reseed"\n')
    assert config.load(ours, env={}).seed.paths == ()


def test_our_sections_inside_are_read_and_warned_about(official: Path) -> None:
    official.write_text(OFFICIAL + "[branches.testing]\nseed_on_sync = false\n[validation]\n")
    read = config.load(official, env={})
    assert not read.branches["testing"].seed_on_sync
    branches, validation = read.warnings
    assert f"{official}:11: [branches]" in branches
    assert "[validation]" in validation
    assert "refuses unknown keys" in branches
    assert "config.toml of its own" in branches


def test_our_keys_inside_are_checked(official: Path) -> None:
    official.write_text(OFFICIAL + "[branches.testing]\nseed_on_sink = false\n")
    with pytest.raises(ConfigError) as caught:
        config.load(official, env={})
    assert (caught.value.line, caught.value.key) == (12, "branches.testing.seed_on_sink")


def test_known_by_its_sections_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text(f'project_id = "{REF}"\n[studio]\nport = 1\n[branches.testing]\n')
    read = config.load(file, env={})
    assert list(read.branches) == ["testing"]
    assert len(read.warnings) == 1


def test_a_local_project_id_is_no_ref(official: Path) -> None:
    official.write_text('project_id = "my-app"\n')
    with pytest.raises(ConfigError) as caught:
        config.load(official, env={})
    assert caught.value.key == "project"
    assert "SUPABASE_PROJECT_REF" in str(caught.value.remedy)
    assert config.load(official, env={"SUPABASE_PROJECT_REF": REF}).project.ref == REF


@pytest.mark.parametrize(
    ("seed", "paths", "warned"),
    [
        ("", ("seed.sql",), False),
        ("[db.seed]\nenabled = false", (), False),
        ("[db.seed]\nenabled = true", ("seed.sql",), False),
        ('[db.seed]\nsql_paths = ["./absent.sql"]', (), True),
        ('[db.seed]\nsql_paths = ["env(SEED)"]', ("seed.sql",), False),
        ('[db.seed]\nsql_paths = ["env(UNSET)"]', (), True),
        ("[db]\nseed = 3", ("seed.sql",), False),
    ],
)
def test_seed(official: Path, seed: str, paths: tuple[str, ...], warned: bool) -> None:
    official.write_text(f'project_id = "{REF}"\n{seed}\n')
    read = config.load(official, env={"SEED": "./seed.sql"})
    assert (read.seed.paths, bool(read.warnings)) == (paths, warned)


def test_unusable_remotes_are_left_out(official: Path) -> None:
    official.write_text(
        f'project_id = "{REF}"\n[remotes.a]\nproject_id = "env(UNSET)"\n'
        '[remotes.b]\n[remotes.c]\nproject_id = "env(C)"\n'
    )
    read = config.load(official, env={"C": STAGING})
    assert read.remotes == {"c": STAGING}
    assert [warning.split(": ")[0].rsplit(":", 1)[1] for warning in read.warnings] == ["3", "4"]
