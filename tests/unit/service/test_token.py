"""The API's token."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.errors import UsageError
from supasync.service import token


def test_it_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    made = token.of_folder(folder)
    assert made.fresh is not None
    assert len(made.fresh) >= 43
    assert made.file.stat().st_mode & 0o777 == 0o600
    again = token.of_folder(folder)
    assert again.fresh is None
    assert again.admits(f"Bearer {made.fresh}")
    assert made.fresh not in repr(made)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "ü"])
def test_what_is_not_admitted(tmp_path: Path, header: str) -> None:
    made = token.of_folder(tmp_path)
    assert not made.admits(header.format(made.fresh))


def test_one_that_is_given_is_used_and_never_shown(tmp_path: Path) -> None:
    text = "0123456789abcdef" * 2
    secret = token.given({token.VARIABLE: f" {text}\n"})
    one, other = (token.opened(tmp_path / name, secret) for name in "ab")
    assert one.admits(f"Bearer {text}")
    assert one.fresh is None
    assert text not in repr(one) + repr(secret)
    assert list(tmp_path.iterdir()) == []
    assert one.session_key() == other.session_key()
    own = token.of_folder(tmp_path)
    assert own.session_key() != own.session_key()


@pytest.mark.parametrize("text", ["x" * 31, "x" * 31 + " y", "x" * 31 + "ü"])
def test_one_that_is_given_and_cannot_be_used(text: str) -> None:
    with pytest.raises(UsageError, match="SUPASYNC_SERVE_TOKEN") as caught:
        token.given({token.VARIABLE: text})
    assert text not in str(caught.value)
    assert token.given({token.VARIABLE: " "}) is None


def test_an_empty_file_admits_nobody(tmp_path: Path) -> None:
    (tmp_path / "serve-token").write_text("\n")
    assert not token.of_folder(tmp_path).admits("Bearer ")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be"):
        token.of_folder(tmp_path / "file")
