"""Where a command's output goes: results to stdout, talk to stderr, or one JSON document."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supasync.errors import SupasyncError

if TYPE_CHECKING:
    from rich.console import Console

    from supasync.events import Summary

_PIPED_WIDTH = 240  # wide enough that no line of a log is folded


@dataclass(frozen=True, kw_only=True)
class Screen:
    """as_json: stdout gets one document. debug: unexpected errors show where they come from."""

    as_json: bool
    debug: bool

    def __post_init__(self) -> None:
        if self.as_json:
            for_programs()
        if self.debug:
            import logging

            logging.basicConfig(stream=sys.stderr, format="%(name)s: %(message)s")
            logging.getLogger("supasync").setLevel(logging.DEBUG)

    def show(self, document: Mapping[str, Any], text: Callable[[Console], None]) -> None:
        """A result: the document, or what `text` prints."""
        if self.as_json:
            from supasync.report import document as json_report

            json_report.write(document, sys.stdout)
        else:
            text(_console())

    def show_run(self, summary: Summary, text: Callable[[Console], None]) -> None:
        self.show(summary.to_json(), text)

    def tell(self, message: str) -> None:
        """Talk: to stderr."""
        print(message, file=sys.stderr)  # noqa: T201

    def error(self, error: SupasyncError) -> None:
        """Message and remedy to stderr; with --json also a document to stdout."""
        tell_error(error)
        if self.as_json:
            from supasync.report import document as json_report

            json_report.write(json_report.of_error(error), sys.stdout)

    def crash(self, error: BaseException) -> None:
        tell_crash(error, debug=self.debug)


def for_people() -> None:
    """What stdout's encoding cannot show is escaped; from a stream that is strict no word comes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def for_programs() -> None:
    """What they read is UTF-8, whatever the locale's encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def tell_error(error: SupasyncError) -> None:
    from supasync.report.wording import harmless

    print(harmless(f"Error: {error.message}", lines=True), file=sys.stderr)  # noqa: T201
    if error.remedy:
        print(harmless(f"→ {error.remedy}", lines=True), file=sys.stderr)  # noqa: T201


def tell_crash(error: BaseException, *, debug: bool) -> None:
    """An error that nobody foresaw: one line, or with --debug the whole way to it."""
    if debug:
        import traceback

        traceback.print_exception(error)
        return
    first = str(error).partition("\n")[0]
    print(f"Error: unexpected {type(error).__name__}: {first}", file=sys.stderr)  # noqa: T201
    print("→ Run it again with --debug to see where it comes from.", file=sys.stderr)  # noqa: T201


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(width=width, highlight=False)
