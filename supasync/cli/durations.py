"""Spans of time as people type them."""

from __future__ import annotations

import re
from typing import Final

import typer

UNITS: Final = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds(text: str | float) -> float:
    """`500ms`, `2s`, `10m`, `1h`, `1d`; a number, as defaults are, is seconds."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d+)?) ?(ms|s|m|h|d|)", str(text).strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a time such as 500ms, 2s, 10m or 1d.")
    return float(found[1]) * UNITS[found[2]]
