"""supabase-js, supabase-management-js, and the types that TypeScript programs are checked with."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import psycopg

from supasync.sandbox import Sandbox
from tests.clients.conftest import Npm
from tests.fix_sandbox import without_helpers

TYPES = Path(__file__).parents[1] / "integration" / "sandbox" / "typegen"


def test_supabase_js(box: Sandbox, npm: Npm) -> None:
    keys = box.main.keys
    done = npm.node(
        "supabase_js.mjs", box.main.project_url, keys.anon, keys.service_role, keys.secret
    )
    assert isinstance(done["inserted"][0].pop("mine"), str)
    assert done == {
        "listed": True,
        "wrong": [400, "invalid_credentials"],
        "signed": True,
        "user": True,
        "inserted": [{"title": "one"}],
        "selected": "one",
        "maybe": None,
        "count": [1, None],
        "anon": [],
        "rpc": 5,
        "secret": [{"title": "one"}],
        "missing": [404, "PGRST205"],
        "refreshed": True,
        "link": True,
        "updated": "A",
        "gone": None,
    }


def test_supabase_management_js(box: Sandbox, npm: Npm) -> None:
    done = npm.node("management_js.mjs", box.api_url, box.access_token)
    assert (done.pop("left"), done.pop("settled")) == (-1, "FUNCTIONS_DEPLOYED")
    assert len(done) > 40
    assert {name: status for name, status in done.items() if status not in (200, 201)} == {}


def test_types_are_those_of_the_platforms_generator(box: Sandbox, npm: Npm) -> None:
    types = _types(box, npm)
    theirs = npm.node("typegen.mjs", box.main.db_url, "public,app")
    assert without_helpers(types) == without_helpers(theirs)
    assert without_helpers(theirs) == (TYPES / "recorded.ts").read_text()


def test_types_are_typescript_that_supabase_js_understands(box: Sandbox, npm: Npm) -> None:
    (npm.folder / "types.ts").write_text(_types(box, npm))
    for name in ("used.ts", "tsconfig.json"):
        shutil.copy(Path(__file__).parent / name, npm.folder / name)
    done = npm.run(str(npm.folder / "node_modules" / ".bin" / "tsc"), cwd=npm.folder)
    assert (done.returncode, done.stdout) == (0, "")


def _types(box: Sandbox, npm: Npm) -> str:
    """Of the generator's schema in main, as the route answers."""
    with psycopg.connect(box.main.db_url, autocommit=True) as connection:
        done = connection.execute("select to_regclass('public.ships')").fetchone()
        if done == (None,):
            connection.execute("drop table public.notes; drop function public.add")
            connection.execute((TYPES / "schema.sql").read_bytes())
    answer = httpx.get(
        f"{box.api_url}/v1/projects/{box.main.ref}/types/typescript",
        params={"included_schemas": "public,app"},
        headers={"authorization": f"Bearer {box.access_token}"},
        timeout=30,
    )
    types: str = answer.json()["types"]
    return types
