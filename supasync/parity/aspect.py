"""What an aspect is: a name, and how one end's facts are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from supasync.parity.end import End
from supasync.parity.fact import Facts


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """permission: what the access token needs, by the platform's name. query: the statement that
    is sent to both databases; "" when `read` asks the Management API.

    read raises: UnknownError, SqlError when the facts cannot be seen.
    """

    name: str
    permission: str
    read: Callable[[End], Awaitable[Facts]]
    query: str = ""
