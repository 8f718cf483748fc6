"""Every exit code and error, from supasync.errors."""

from __future__ import annotations

import inspect

from reference_pages.words import plain, table
from supasync import errors


def part() -> str:
    rows = (
        (
            f"[`{each.__name__}`](troubleshooting.md#{each.__name__.lower()})",
            str(each.exit_code),
            plain((inspect.getdoc(each) or "").split("\n\n")[0]),
            plain(each.remedy or ""),
        )
        for each in classes()
    )
    return table(("error", "exit code", "message", "remedy"), rows)


def classes() -> list[type[errors.SupasyncError]]:
    """In the order in which they are defined, the first without the root."""
    return [
        each
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, errors.SupasyncError)
        and each is not errors.SupasyncError
    ]
