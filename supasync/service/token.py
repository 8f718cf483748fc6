"""The token of the API and of the page's sign-in: made at the first start, and kept where only its
owner can read it."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from supasync import files
from supasync.errors import UsageError

_NAME = "serve-token"
_BYTES = 32


class Token:
    """What a request must carry. fresh: the text, if it was made just now, to be shown once."""

    def __init__(self, text: str, file: Path, *, is_fresh: bool) -> None:
        self._text, self.file = text, file
        self.fresh = text if is_fresh else None

    def __repr__(self) -> str:
        return f"Token({self.file})"

    def admits(self, authorization: str) -> bool:
        """authorization: the header's value."""
        scheme, _, given = authorization.partition(" ")
        same = self.is_it(given.strip())
        return scheme.lower() == "bearer" and same

    def is_it(self, given: str) -> bool:
        """Compares in a time that does not tell where the two differ."""
        return hmac.compare_digest(self._text.encode(), given.encode(errors="replace"))


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
        return Token(text, file, is_fresh=False)
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
