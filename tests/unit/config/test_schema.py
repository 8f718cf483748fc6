"""The JSON Schema of config.toml, against files that are right and wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest

from supasync.config.schema import json_schema

ROOT = Path(__file__).parents[3]
PROJECT = '[project]\nref = "abcdefghijklmnopqrst"\n'
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "config.toml").read_text(),
        PROJECT,
        PROJECT + '[branches."feature/x".data."public.crew"]\nlimit = 9\n'
        'mask = { email = "email", name = { constant = "x" }, code = { partial = 2 } }',
        PROJECT + '[validation]\nessential_tables = ["a.b", {table = "a.c", columns = ["id"]}]',
    ],
    ids=["the repository's", "the least", "rows of production", "essential tables"],
)
def test_what_supasync_reads_is_right(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROJECT + "[branches.testing]\nauto_sync = true",
        PROJECT + '[branches.testing]\nauto_sync_schema = "yes"',
        PROJECT + '[branches.testing]\nsize = "huge"',
        PROJECT + "[validation]\nessential_tables = [1]",
        PROJECT + '[branches.testing.data."public.crew"]\nmask = { email = "rot13" }',
    ],
    ids=["no project", "unknown key", "no boolean", "no size", "no table", "no mask"],
)
def test_what_supasync_refuses_is_wrong(text: str) -> None:
    assert errors(text)
