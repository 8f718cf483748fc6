"""The access token from stdin and the environment."""

from __future__ import annotations

import io

import pytest
from pydantic import SecretStr

from supasync.cli import token
from supasync.errors import UsageError
from supasync.settings import Settings

API = "https://api.supabase.com"
PIPED, SET = ("sbp_" + digit * 40 for digit in "12")


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token, "_given", [])


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    token.read_stdin()


def test_stdin_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(access_token=SecretStr(SET))
    assert token.get(settings, API).get_secret_value() == SET
    pipe(monkeypatch, PIPED + "\n")
    assert token.get(settings, API).get_secret_value() == PIPED


@pytest.mark.parametrize("text", [PIPED, PIPED + "\r\n", f"  {PIPED} \nmore\n"])
def test_the_first_line_counts(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    pipe(monkeypatch, text)
    assert token.get(Settings(), API).get_secret_value() == PIPED


@pytest.mark.parametrize("text", ["", "\n" + PIPED, "two words\n", "sbp_ü\n", "sbp_a\x00b\n"])
def test_what_is_no_token(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(UsageError, match="no access token") as caught:
        pipe(monkeypatch, text)
    assert not text.strip() or text.strip() not in str(caught.value)
    assert caught.value.remedy
