"""The built documentation is refused when it would load something from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/site_is_whole.py"
WELL = """\
<link rel="canonical" href="https://example.com/"><link rel="stylesheet" href="assets/main.css">
<script src="assets/bundle.js"></script><a href="https://example.com/">there</a>
<img src="data:image/png;base64,AA==">
"""


def checked(site: Path, page: str) -> tuple[int, str]:
    (site / "index.html").write_text(page)
    done = subprocess.run(
        [sys.executable, SCRIPT, site], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "loading",
    [
        '<script async src="https://cdn.example.com/a.js"></script>',
        '<link href="//fonts.example.com/a.css" rel="stylesheet">',
        '<link rel="preconnect" href="https://fonts.example.com">',
        "<style>@import url(https://fonts.example.com/a.css)</style>",
        '<img alt="" src=http://example.com/count.gif>',
    ],
)
def test_what_is_loaded_from_elsewhere_is_found(loading: str, tmp_path: Path) -> None:
    assert checked(tmp_path, WELL) == (0, "")
    code, said = checked(tmp_path, WELL + loading)
    assert code == 1
    assert f"{tmp_path}/index.html: loads" in said


def test_an_empty_site_is_none(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, check=False)
    assert (done.returncode, b"has no pages" in done.stderr) == (1, True)
