"""A run, or an error, as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from supasync.errors import SupasyncError


def write(document: Mapping[str, Any], out: IO[str]) -> None:
    json.dump(document, out, indent=2, ensure_ascii=False, default=str)
    out.write("\n")


def of_error(error: SupasyncError) -> dict[str, Any]:
    """{error: {type, message, remedy, code}}; code is the exit code."""
    return {
        "error": {
            "type": type(error).__name__,
            "message": error.message,
            "remedy": error.remedy or "",
            "code": error.exit_code,
        }
    }
