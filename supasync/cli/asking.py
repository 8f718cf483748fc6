"""Asks whether to do what cannot be taken back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from supasync.errors import Refused, UsageError

if TYPE_CHECKING:
    import asyncio

Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


async def confirm(what: str, *, yes: bool) -> None:
    """Returns when it is to be done. what: a sentence that says what would be lost.

    Raises: UsageError when nobody can be asked, Refused when the answer is not yes.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"{what} There is no terminal to ask on", remedy="Add --yes if you mean it."
        )
    print(f"{what} Go on? [y/N] ", end="", file=sys.stderr, flush=True)  # noqa: T201
    if (await _line()).strip().lower() not in {"y", "yes"}:
        raise Refused("Not confirmed: nothing was done")


async def asked(question: str) -> str:
    """What is typed on the terminal, which there has to be; "" for Enter alone."""
    print(f"{question} ", end="", file=sys.stderr, flush=True)  # noqa: T201
    return (await _line()).strip()


async def agreed(question: str) -> bool:
    """Yes, unless it is denied."""
    return (await asked(f"{question} [Y/n]")).lower() not in {"n", "no"}


async def _line() -> str:
    """A line from the terminal; unlike input() it can be left with Ctrl-C while a loop runs."""
    import asyncio  # not needed for --help

    loop = asyncio.get_running_loop()
    typed: asyncio.Future[None] = loop.create_future()
    try:
        loop.add_reader(sys.stdin, _once, typed)
    except NotImplementedError:  # Windows
        return await asyncio.to_thread(sys.stdin.readline)
    try:
        await typed
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline()


def _once(typed: asyncio.Future[None]) -> None:
    if not typed.done():
        typed.set_result(None)
