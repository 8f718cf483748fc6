"""The one comment on a pull request, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from supasync.ci import comment, github
from supasync.ci.github import Github
from tests.acceptance.github import PULL, REPOSITORY, Hub, Job

MARK = "<!-- supasync plan 0123456789abcdef -->"
LISTED = f"GET /repos/{REPOSITORY}/issues/{PULL}/comments"
MADE = f"POST /repos/{REPOSITORY}/issues/{PULL}/comments"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(comment, "_APART_SECONDS", 0)
    hub = Hub()
    yield hub
    hub.shutdown()
    hub.server_close()


@pytest.fixture
def here(hub: Hub, tmp_path: Path) -> Github:
    found = github.found(Job(tmp_path / "temp", hub).env)
    assert found is not None
    return found


async def test_it_is_made_and_then_changed(hub: Hub, here: Github) -> None:
    hub.add(f"{MARK}\nforged", "mallory")
    for text in ("first", "second"):
        await comment.keep(here, MARK, text)
    assert hub.of() == [f"{MARK}\nsecond"]
    assert hub.of("mallory") == [f"{MARK}\nforged"]


async def test_of_several_one_is_left(hub: Hub, here: Github) -> None:
    hub.comments = [{"id": n, "body": "+1", "user": None} for n in range(500, 750)]
    for text in (MARK, "<!-- supasync sync 0123456789abcdef -->", f"{MARK}\nat the same time"):
        hub.add(text, "github-actions[bot]")
    await comment.keep(here, MARK, "now")
    assert hub.of() == [f"{MARK}\nnow", "<!-- supasync sync 0123456789abcdef -->"]
    assert hub.asked.count(LISTED) == 3


@pytest.mark.parametrize(
    "faults",
    [{MADE: [0]}, {MADE: [502]}, {LISTED: [500]}, {"POST /graphql": [0]}],
    ids=lambda faults: str(*faults.items()),
)
async def test_an_answer_that_is_lost(hub: Hub, here: Github, faults: dict[str, list[int]]) -> None:
    hub.faults = faults
    await comment.keep(here, MARK, "text")
    assert hub.of() == [f"{MARK}\ntext"]


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({LISTED: [500, 500]}, "answered 500"),
        ({LISTED: [0, 0]}, "did not answer"),
        ({MADE: [301]}, "answered 301"),
        ({MADE: [404]}, "pull-requests: write"),
    ],
    ids=str,
)
async def test_why_there_is_none(
    hub: Hub, here: Github, faults: dict[str, list[int]], words: str
) -> None:
    hub.faults = faults
    with pytest.raises(comment.NotWritten, match=words):
        await comment.keep(here, MARK, "text")


async def test_without_permission_or_token_nothing_is_written(hub: Hub, here: Github) -> None:
    hub.read_only = True
    with pytest.raises(comment.NotWritten, match="not for a fork"):
        await comment.keep(here, MARK, "text")
    asked = len(hub.asked)
    for without in ({"token": None}, {"api_url": ""}, {"repository": ""}):
        with pytest.raises(comment.NotWritten, match="no token was given"):
            await comment.keep(replace(here, **without), MARK, "text")
    assert len(hub.asked) == asked
    with pytest.raises(comment.NotWritten, match="401"):
        await comment.keep(replace(here, token=SecretStr("wrong")), MARK, "text")
