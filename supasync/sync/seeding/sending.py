"""A seed's script as SQL inside of a transaction: whole, or uploaded in pieces before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supasync import sql
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.seeding import triggers
from supasync.sync.seeding.script import Script

_SEGMENT = 600_000
"""Letters of what is uploaded and executed at once: one call carries it, and the server does not
parse a hundred thousand statements together."""


def whole(script: Script) -> str:
    """Lines of the script are lines of it, after those of `head`."""
    return head(script) + script.values.put_in(script.text) + tail(script)


async def staged(script: Script, staging: Staging) -> str:
    """The same for a script that no call carries. The pieces hold no values of variables.

    Raises: LeaseHeld, SqlError, UnknownError.
    """
    pieces = [
        script.values.expression(segment, await staging.put(segment))
        for segment in _segments(script.parts)
    ]
    # They are read first: an open query would keep its table in use.
    body = f"""
declare pieces text[] := array[{", ".join(pieces)}]; piece text;
begin
  foreach piece in array pieces loop
    execute piece;
  end loop;
end"""
    return head(script) + f"do {sql.dollar(body)};\n" + tail(script)


def head(script: Script) -> str:
    return triggers.OFF if script.quiet else ""


def tail(script: Script) -> str:
    """Ends the seed; what follows is ours."""
    ended = f"reset role;\n{OURS}{OWN_PATH}"
    return ended + (triggers.ON if script.quiet else "")


OWN_PATH = "set local search_path = '';\n"
OURS = "select pg_catalog.setval('supasync.seed_position', 0);\n"
"""What follows is none of the seed's statements."""


def _segments(parts: Iterable[str]) -> Iterator[str]:
    segment, size = list[str](), 0
    for part in parts:
        if segment and size + len(part) > _SEGMENT:
            yield "".join(segment)
            segment, size = [], 0
        segment.append(part)
        size += len(part)
    if segment:
        yield "".join(segment)
