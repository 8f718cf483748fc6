"""Tells supasync's story on the screen, in the sandbox, with the commands a user would type.

Exits 0 only when every step ended as it should. Stops the sandbox in any case, also on Ctrl-C.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from supasync import config, history

ROOT = Path(__file__).resolve().parent.parent
DRIFT = ROOT / "supasync/sandbox/example/drift.sql"
SUPASYNC = [sys.executable, "-m", "supasync"]
DONE, DIFFERENT = 0, 1


class StepFailed(Exception):
    """A step of the demo did not end as it should."""


def say(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


@contextlib.contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """A running sandbox: what `supasync sandbox up --json` prints."""
    # A session of its own: Ctrl-C reaches only this script, which then stops the sandbox.
    process = subprocess.Popen(
        [*SUPASYNC, "sandbox", "up", "--json"], stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise StepFailed(f"the sandbox ended with exit code {process.wait()}")
        yield json.loads(line)
    finally:
        process.terminate()
        process.wait()


def environment(box: dict[str, Any], state: str) -> dict[str, str]:
    """What config.toml's env(…) and supasync itself take from the environment."""
    return os.environ | {
        "SUPABASE_ACCESS_TOKEN": box["access_token"],
        "SUPABASE_PROJECT_REF": box["project_ref"],
        "SUPASYNC_API_URL": box["api_url"],
        "SUPASYNC_PROJECT_URL": box["project_url"].replace(box["project_ref"], "{ref}"),
        "SUPASYNC_STATE_DIR": state,
        "SUPASYNC_TEST_ADMIN_PASSWORD": secrets.token_urlsafe(18),
    }


def supasync(arguments: str, env: dict[str, str], *, expect: int) -> None:
    print(f"$ supasync {arguments}", flush=True)
    code = subprocess.run(
        [*SUPASYNC, *arguments.split()], env=env, cwd=ROOT, check=False
    ).returncode
    if code != expect:
        raise StepFailed(f"supasync {arguments} ended with {code} instead of {expect}")


def expect_changed(branches: set[str], state: str) -> None:
    """Holds the newest entry of the run history against what the story tells."""
    recorded = history.opened(config.History(), Path(state), print)
    newest = recorded.run(recorded.runs(limit=1)[0].run_id)
    changed = {branch.branch for branch in newest.branches if branch.changed}
    if changed != branches:
        raise StepFailed(
            f"the sync changed {changed or 'nothing'} instead of {branches or 'nothing'}"
        )


def change_by_hand(db_url: str) -> None:
    """What somebody types into the SQL editor: in effect at once, and in no migration."""
    with psycopg.connect(db_url) as connection:
        connection.execute(DRIFT.read_bytes())


def story() -> None:
    say("1  A production project, and two branches made from its migrations")
    with sandbox() as box, tempfile.TemporaryDirectory() as state:
        env = environment(box, state)
        supasync("branches list", env, expect=DONE)

        say("2  Somebody changes production by hand: certificates get an expiry date")
        change_by_hand(box["db_url"])
        print(f"Production now has {DRIFT.relative_to(ROOT)}, and no migration tells of it.")
        supasync("branches diff", env, expect=DIFFERENT)

        say("3  One command brings it over, seeds the branches and proves the logins")
        supasync("branches sync", env, expect=DONE)
        expect_changed({branch["name"] for branch in box["branches"]}, state)

        say("4  A second sync has nothing to change")
        supasync("branches sync", env, expect=DONE)
        expect_changed(set(), state)


def main() -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        story()
    except StepFailed as failure:
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    say(f"Done in {time.monotonic() - began:.0f} s. The sandbox is stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
