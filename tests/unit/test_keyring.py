"""The access token from the OS's keyring."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from pydantic import SecretStr

from supasync.cli import token
from supasync.errors import UsageError
from supasync.settings import Settings

API = "https://api.supabase.com"
HOST = "api.supabase.com"
KEPT, OTHER = ("sbp_" + digit * 40 for digit in "34")


class Memory(KeyringBackend):
    """A keyring of this process alone."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture(autouse=True)
def ring() -> Iterator[Memory]:
    before, ring = keyring.get_keyring(), Memory()
    keyring.set_keyring(ring)
    keyring.set_password("supasync", HOST, KEPT)
    yield ring
    keyring.set_keyring(before)


def found(api_url: str = API) -> str | None:
    kept = token.find(Settings(), api_url)
    return kept and kept.get_secret_value()


def test_it_is_asked_last() -> None:
    assert found() == KEPT
    given = Settings(access_token=SecretStr(OTHER))
    assert token.get(given, API).get_secret_value() == OTHER


def test_its_token_is_for_its_host_only() -> None:
    for api_url in ("https://api.example.com", "http://127.0.0.1:8000", f"{API}:444"):
        assert found(api_url) is None
    keyring.set_password("supasync", "127.0.0.1:8000", OTHER)
    assert found("http://127.0.0.1:8000") == OTHER
    assert found() == KEPT


def test_none(ring: Memory) -> None:
    ring.entries.clear()
    with pytest.raises(UsageError) as caught:
        token.get(Settings(), API)
    for way in ("SUPABASE_ACCESS_TOKEN", "--token-stdin", f"keyring set supasync {HOST}"):
        assert way in str(caught.value.remedy)


def test_a_machine_without_one(ring: Memory) -> None:
    ring.error = errors.NoKeyringError()
    assert found() is None


def test_one_that_fails(ring: Memory) -> None:
    ring.error = errors.KeyringLocked(f"could not decrypt {KEPT}")
    with pytest.raises(UsageError, match="KeyringLocked") as caught:
        found()
    assert KEPT not in str(caught.value)


def test_a_damaged_entry() -> None:
    keyring.set_password("supasync", HOST, "not one token")
    with pytest.raises(UsageError, match="must not contain blanks") as caught:
        found()
    assert "not one token" not in str(caught.value)
