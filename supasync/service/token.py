"""The token of the API and of the page's sign-in: given in the environment, for several machines to
have the same, or made at the first start and kept where only its owner can read it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from supasync import files
from supasync.errors import UsageError
from supasync.settings import check_token

VARIABLE = "SUPASYNC_SERVE_TOKEN"
SHORTEST = 32
"""Characters of one that is given: a session's signature lets its holder try tokens."""

_REMEDY = "Make one with `openssl rand -hex 32`, the same for all machines, or leave it out."
_NAME = "serve-token"
_BYTES = 32


class Token:
    """What a request must carry. fresh: the text, if it was made just now, to be shown once.
    file: where it is kept; None when it was given."""

    def __init__(self, text: str, file: Path | None, *, is_fresh: bool = False) -> None:
        self._text, self.file = text, file
        self.fresh = text if is_fresh else None

    def __repr__(self) -> str:
        return f"Token({self.file or VARIABLE})"

    def admits(self, authorization: str) -> bool:
        """authorization: the header's value."""
        scheme, _, given = authorization.partition(" ")
        same = self.is_it(given.strip())
        return scheme.lower() == "bearer" and same

    def is_it(self, given: str) -> bool:
        """Compares in a time that does not tell where the two differ."""
        return hmac.compare_digest(self._text.encode(), given.encode(errors="replace"))

    def session_key(self) -> bytes:
        """What signs sessions: the same wherever this token was given; of one that is this
        machine's own a new one each time, so that a restart ends them all."""
        if self.file is None:
            return hmac.digest(self._text.encode(), b"supasync sessions", "sha256")
        return secrets.token_bytes(_BYTES)


def given(env: Mapping[str, str]) -> SecretStr | None:
    """The token in the environment; an empty variable counts as not set. Raises: UsageError."""
    text = env.get(VARIABLE, "").strip()
    if not text:
        return None
    try:
        check_token(text)
    except ValueError as error:
        raise UsageError(f"{VARIABLE} {error}.", remedy=_REMEDY) from None
    if len(text) < SHORTEST:
        told = f"{VARIABLE} has {len(text)} characters, and needs {SHORTEST} at least."
        raise UsageError(told, remedy=_REMEDY)
    return SecretStr(text)


def opened(folder: Path, text: SecretStr | None) -> Token:
    """The token that was given, else the one of the folder. Raises: UsageError."""
    return of_folder(folder) if text is None else Token(text.get_secret_value(), None)


def of_folder(folder: Path) -> Token:
    """The token that is kept there, or a new one. Raises: UsageError."""
    file = folder / _NAME
    try:
        text = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        told = f"{file} cannot be read: {error}"
        raise UsageError(told, remedy="Repair or remove it.") from error
    if text:
        return Token(text, file)
    made = secrets.token_urlsafe(_BYTES)
    try:
        files.make_folder(folder)
        files.replace(file, made.encode() + b"\n")
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}",
            remedy="Name another folder with SUPASYNC_STATE_DIR.",
        ) from error
    return Token(made, file, is_fresh=True)
