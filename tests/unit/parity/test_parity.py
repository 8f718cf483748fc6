"""What is told of two ends: nothing that was not seen is the same, and no secret is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from supasync import parity
from supasync.errors import ProductionGuard
from supasync.parity import End, Row, State
from tests.unit.api.world import BRANCH, MAIN
from tests.unit.hosted import Hosted

SECRET = "a value that nobody may ever see"
FUNCTION = {"slug": "f", "name": "f", "status": "ACTIVE", "version": 1, "verify_jwt": True}
CODE = {"ezbr_sha256": "ab" * 32}


async def rows(hosted: Hosted, *, paused: bool = False) -> dict[tuple[str, str], Row]:
    async with hosted.client() as client:
        main = End.production(client, MAIN)
        database = client.database(BRANCH)
        branch = End(name="testing", ref=BRANCH, client=client, database=database, paused=paused)
        found = parity.compare(await parity.read(main), await parity.read(branch))
    assert {row.aspect for row in found} == {aspect.name for aspect in parity.ASPECTS}
    return {(row.aspect, row.name): row for row in found}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: httpx.Response(403, json={"message": "Forbidden resource"}), "auth_config_read"),
        (lambda: httpx.Response(404, json={"message": "Cannot GET"}), "HTTP 404"),
        (lambda: httpx.Response(540, json={"message": "Project paused"}), "paused"),
        (lambda: httpx.Response(500, json={"message": "broken"}), "HTTP 500"),
        (lambda: httpx.Response(200, text="<html>"), "something else"),
        (lambda: httpx.Response(200, json=[]), "unknown shape"),
        (lambda: httpx.ConnectError("no route to host"), "no route to host"),
    ],
)
@pytest.mark.parametrize("end", [MAIN, BRANCH])
async def test_what_cannot_be_read_is_not_the_same(
    answer: Callable[[], Any], reason: str, end: str
) -> None:
    hosted = Hosted()
    hosted.both("config/auth", {"jwt_exp": 1}, {"jwt_exp": 1})
    assert (await rows(hosted))["auth", "jwt_exp"].state is State.SAME
    hosted.answers[end, "config/auth"] = answer()
    seen = await rows(hosted)
    row = seen["auth", ""]
    assert (row.state, [name for aspect, name in seen if aspect == "auth"]) == ("cannot-see", [""])
    assert reason in row.reason
    assert row.reason.startswith("main:" if end == MAIN else "testing:")


async def test_all_that_nobody_answers_cannot_be_seen() -> None:
    assert {row.state for row in (await rows(Hosted())).values()} == {State.CANNOT_SEE}


async def test_a_paused_branch_is_not_asked() -> None:
    hosted = Hosted()
    asked: list[str] = []
    hosted.before = lambda request: asked.append(str(request.url))
    seen = await rows(hosted, paused=True)
    for aspect in ("PostgreSQL", "extensions", "publications", "cron jobs", "buckets"):
        assert "the branch is paused" in seen[aspect, ""].reason
    assert not [url for url in asked if BRANCH in url and "query" in url]


@pytest.mark.parametrize(
    ("name", "main", "branch", "state"),
    [
        ("smtp_pass", SECRET, None, State.DIFFERENT),
        ("smtp_pass", SECRET, SECRET + "!", State.SAME),  # hashes keyed with the ref: both are set
        ("hook_send_email_secrets", None, SECRET, State.DIFFERENT),
        ("hook_send_email_uri", SECRET, SECRET, State.SAME),
        ("hook_send_email_uri", SECRET, SECRET + "!", State.DIFFERENT),
        ("sms_test_otp", SECRET, None, State.DIFFERENT),
        ("unheard_of", SECRET, SECRET + "!", State.DIFFERENT),
        ("unheard_of_too", "ab" * 32, "cd" * 32, State.SAME),
        ("site_url", f"https://me:{SECRET.replace(' ', '-')}@x.example", "", State.DIFFERENT),
    ],
)
async def test_secrets_are_compared_and_not_told(
    name: str, main: str | None, branch: str | None, state: State
) -> None:
    hosted = Hosted()
    hosted.both("config/auth", {name: main}, {name: branch})
    row = (await rows(hosted))["auth", name]
    assert row.state is state
    told = repr(row)
    assert SECRET not in told
    assert SECRET.replace(" ", "-") not in told
    assert "abab" not in told


async def test_the_key_for_tokens_is_not_even_read() -> None:
    hosted = Hosted()
    known = {"db_schema": "public,api", "jwt_secret": SECRET}
    hosted.both("postgrest", known, known | {"db_schema": "public, api"})
    seen = await rows(hosted)
    assert ("data API", "jwt_secret") not in seen
    assert seen["data API", "db_schema"].state is State.SAME


async def test_only_names_of_secrets() -> None:
    hosted = Hosted()
    here = [{"name": "KEY", "value": SECRET}, {"name": "SUPABASE_URL", "value": "x"}]
    hosted.both("secrets", [*here, {"name": "ONLY_HERE", "value": SECRET}], here)
    seen = {
        name: row
        for (aspect, name), row in (await rows(hosted)).items()
        if row.aspect == "secrets" and aspect
    }
    assert {name: row.state for name, row in seen.items()} == {
        "KEY": "same",
        "ONLY_HERE": "different",
    }
    assert SECRET not in repr(seen)


@pytest.mark.parametrize(
    ("main", "branch", "state"),
    [
        (CODE | {"version": 9}, CODE, State.SAME),  # deployments are counted, not compared
        (CODE, {"ezbr_sha256": "cd" * 32}, State.DIFFERENT),
        (CODE, CODE | {"verify_jwt": False}, State.DIFFERENT),
        (CODE, CODE | {"status": "THROTTLED"}, State.DIFFERENT),
        ({}, {}, State.CANNOT_SEE),
        ({}, {"verify_jwt": False}, State.DIFFERENT),
        (
            CODE | {"entrypoint_path": "file:///tmp/user_fn_aa_1/source/index.ts"},
            CODE | {"entrypoint_path": "file:///tmp/user_fn_bb_9/source/index.ts"},
            State.SAME,
        ),
        (
            CODE | {"entrypoint_path": "file:///tmp/user_fn_aa_1/source/index.ts"},
            CODE | {"entrypoint_path": "file:///tmp/user_fn_bb_9/source/main.ts"},
            State.DIFFERENT,
        ),
    ],
)
async def test_functions(main: dict[str, Any], branch: dict[str, Any], state: State) -> None:
    hosted = Hosted()
    hosted.both("functions", [FUNCTION | main], [FUNCTION | branch])
    assert (await rows(hosted))["edge functions", "f"].state is state


async def test_a_branch_that_is_production_is_none() -> None:
    async with Hosted().client() as client:
        with pytest.raises(ProductionGuard):
            client.branch_config(f" {MAIN.upper()}")
