"""scripts/by_hand.py sends SQL, and nothing that was not meant as SQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "by_hand.py"


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (["--help"], 0, "usage: by_hand.py"),
        (["--no-such"], 2, "usage: by_hand.py"),
        ([], 2, "usage: by_hand.py"),
        (["-- a comment\nselect 1"], 4, "is no sandbox on this machine"),
    ],
)
def test_an_option_is_not_sent_as_sql(given: list[str], code: int, told: str) -> None:
    env = {"SUPASYNC_API_URL": "http://sandbox.test", "SUPABASE_PROJECT_REF": "a" * 20}
    done = subprocess.run(
        [sys.executable, SCRIPT, *given], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, told in done.stdout + done.stderr) == (code, True), done
