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
