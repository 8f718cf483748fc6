"""What a CI job says: nothing from elsewhere is markup or a command, and all of it has room."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from supasync.ci import Ended, Failure, Published, comment, github, publish
from supasync.ci.blocks import Block, fenced, joined
from supasync.ci.document import blocks
from supasync.ci.output import Inert
from supasync.cli import ci
from supasync.cli.screen import Screen
from supasync.errors import UsageError
from supasync.events import (
    BranchFinished,
    BranchSummary,
    Checked,
    Finding,
    Report,
    Summary,
    Validation,
    Verdict,
)
from supasync.report.markup import code, fence
from tests.hostile import NAMES

MARKUP = (*NAMES, "`", "``a`", " ", "", "</details>", "~~~\n```\n````", "a|b", "\\`")
ENDED = Ended(mode="plan", code=3, config="config.toml", failure=Failure(message="no `answer`"))
ENV = {"GITHUB_ACTIONS": "true"}


@pytest.mark.parametrize("text", MARKUP)
def test_a_text_stays_a_text(text: str) -> None:
    document = MarkdownIt().parse(f"- a {code(text)}\n")
    [inline] = [token for token in document if token.type == "inline"]
    assert [token.type for token in inline.children or ()] == ["text", "code_inline"]
    begin, lines, end = fence(text, "sql")
    for some in (lines, lines[:1]):
        parsed = MarkdownIt().parse("\n".join(("before\n", begin, *some, end, "\nafter")))
        assert [token.type for token in parsed if token.type in {"fence", "html_block"}] == [
            "fence"
        ]
        assert parsed[-2].content == "after"


def test_in_a_table_a_text_is_one_cell() -> None:
    table = f"| a | b |\n|---|---|\n| {code('x|y', cell=True)} | z |\n"
    cells = [it for it in MarkdownIt("gfm-like", {"linkify": False}).parse(table) if it.content]
    assert [cell.content for cell in cells] == ["a", "b", "`x¦y`", "z"]


@pytest.mark.parametrize("limit", [400, 700, 1_500, 5_000])
def test_what_does_not_fit_is_cut_between_lines_and_told(limit: int) -> None:
    sql = "\n".join(f"select {number}; -- é" for number in range(200))
    parts = [
        Block(("## head",), rank=0),
        Block(tuple(f"- {number}" for number in range(40)), "**List**\n"),
        fenced(sql, "sql", fold="SQL", rank=2),
        Block(("foot",), rank=0),
    ]
    text = joined(parts, limit, lambda part: len(part.encode()))
    assert len(text.encode()) <= limit
    assert text.startswith("## head") and "\nfoot\n" in text
    assert text.count("```") % 2 == 0 and text.count("<details>") == text.count("</details>")
    assert ("**This is not all" in text) is (limit < 5_000)
    lines = [line for line in text.splitlines() if line.startswith("select")]
    assert lines == sql.splitlines()[: len(lines)]
    if limit == 1_500:
        assert f"… {200 - len(lines)} more lines\n```" in text


def test_many_branches_are_cut_from_the_end() -> None:
    parts = [Block((f"### {number}", "x" * 50), rank=0) for number in range(100)]
    text = joined(parts, 1_000)
    assert len(text) <= 1_000 and "### 0\n" in text and "### 99" not in text


def test_a_validation_that_is_too_long_is_cut_as_well() -> None:
    report = Report(findings=(Finding(message="a|b"),), notes=tuple(map(str, range(99))))
    found = Checked(environment="testing", check="services", report=report, seconds=1)
    validation = Validation(
        environments=("testing",), checked=(found,), left_out=(), seconds=1, config="c"
    )
    ended = Ended(mode="validate", code=1, config="c", validation=validation)
    text = joined(list(blocks(ended)), 1_200)
    assert len(text) <= 1_200 and "| services | ❌ Fail |" in text and "- `a|b`" in text
    assert text.count("<details>") == text.count("</details>") == 1
    assert "more lines" in text


@pytest.mark.parametrize(
    ("written", "passed"),
    [
        (["::error::a\n", " ::add-mask::b\n"], ": :error::a\n : :add-mask::b\n"),
        ([":", ":error::a", "\n#", "#[command]c"], ": :error::a\n# #[command]c\n"),
        (["x\r\u2003::stop-commands::d\n"], "x\r\u2003: :stop-commands::d\n"),
        (["a ::b", "\n"], "a ::b\n"),
    ],
)
def test_output_has_no_command_but_ours(written: list[str], passed: str) -> None:
    out = io.StringIO()
    inert = Inert(out)
    for part in written:
        inert.write(part)
    inert.command("::notice::ours")
    assert out.getvalue() == f"{passed}::notice::ours\n"


def test_a_json_document_stays_the_same() -> None:
    out, document = io.StringIO(), {"##[error]": "::a\n##[b]"}
    inert = Inert(out, json=True)
    inert.write(json.dumps(document, indent=2) + "\n")
    assert json.loads(out.getvalue()) == document
    assert "##[" not in out.getvalue()


def test_a_job_is_understood_from_its_variables(tmp_path: Path) -> None:
    assert github.found({}) is None
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 3, "head": {"sha": "abcdef0123456"}}}')
    env = ENV | {
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "ships/crew",
        "GITHUB_WORKSPACE": str(tmp_path),
    }
    found = github.found(env)
    assert found is not None
    assert (found.pull, found.commit, found.api_url) == (3, "abcdef0", "https://api.github.com")
    assert found.graphql_url == "https://api.github.com/graphql"
    assert found.relative(tmp_path / "a" / "config.toml") == "a/config.toml"
    assert found.relative(Path("/elsewhere/config.toml")) == "/elsewhere/config.toml"


@pytest.mark.parametrize("text", ["", "[]", '{"pull_request": "x"}', '{"pull_request": {}}', "{"])
def test_an_event_without_a_pull_request(tmp_path: Path, text: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(text)
    bad = {"GITHUB_API_URL": "http://example.com", "GITHUB_REPOSITORY": "a/b\n/c"}
    found = github.found(ENV | bad | {"GITHUB_EVENT_PATH": str(event)})
    assert found is not None
    assert (found.pull, found.api_url, found.repository) == (None, "", "")


def test_comments_of_different_jobs_have_different_marks() -> None:
    marks = {
        comment.mark(each)
        for each in (
            ENDED,
            replace(ENDED, mode="sync"),
            replace(ENDED, config="a-->b"),
            replace(ENDED, names=("testing",)),
        )
    }
    assert len(marks) == 4
    assert all(len(mark) < 60 and mark.count("-->") == 1 for mark in marks)
    assert comment.mark(ENDED) == comment.mark(replace(ENDED, code=0))


@pytest.mark.parametrize(
    ("verdicts", "result"),
    [
        (["Synced", "Synced"], "Synced"),
        (["Synced", None], "Synced"),
        ([None], "Unknown"),
        (["Synced", "Unknown"], "Unknown"),
        (["Synced", "interrupted"], "Unknown"),
        (["Unknown", "OutOfSync", None], "OutOfSync"),
        ([], "Unknown"),
    ],
)
def test_the_result_of_several_branches(verdicts: list[str | None], result: str) -> None:
    summary = Summary(branches={str(n): BranchSummary(str(n)) for n in range(len(verdicts))})
    for name, verdict in zip(summary.branches, verdicts, strict=True):
        if verdict != "interrupted":
            known = Verdict(verdict) if verdict else None
            summary(BranchFinished(branch=name, ref="", verdict=known, seconds=1))
    assert Ended(mode="sync", code=0, config="c", summary=summary).result == result


async def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    missing = str(tmp_path / "missing" / "file")
    here = github.found(ENV | {"GITHUB_OUTPUT": missing, "GITHUB_STEP_SUMMARY": missing})
    await publish(ENDED, Published(github=here, command=told.append))
    assert told == [
        "::error file=config.toml,title=supasync plan::no `answer`",
        "::notice title=supasync::The job's outputs could not be written (FileNotFoundError).",
        "::notice title=supasync::The job's summary could not be written (FileNotFoundError).",
    ]


@pytest.mark.parametrize(
    ("error", "how", "words"),
    [
        (
            UsageError("wrong", remedy="Do `this`."),
            "exit code 2",
            "```text\nwrong\n```\n\n````text\n→ Do",
        ),
        (
            ZeroDivisionError("x\n::error::y"),
            "exit code 3",
            "```text\nunexpected ZeroDivisionError\n```",
        ),
        (asyncio.CancelledError(), "interrupted", "It was interrupted"),
    ],
    ids=["usage", "crash", "interruption"],
)
async def test_however_it_ends_a_summary_says_so(
    tmp_path: Path, error: BaseException, how: str, words: str
) -> None:
    async def work(screen: Screen, seen: ci.Seen) -> int:
        raise error

    output, summary = tmp_path / "output", tmp_path / "summary"
    here = github.found(ENV | {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)})
    to = Published(github=here, command=lambda _: None, file=tmp_path / "more")
    wanted = ci.Wanted("plan", None, None, None, True)
    with pytest.raises(type(error)):
        await ci._told(Screen(as_json=False, debug=False), wanted, work, to)
    assert "result=Unknown\n" in output.read_text()
    assert f"## ❓ supasync plan: Unknown ({how})" in summary.read_text()
    assert words.replace("````text", "```text") in summary.read_text()
    assert (tmp_path / "more").read_text() == summary.read_text()
