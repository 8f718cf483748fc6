"""Where the history is, from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from supasync import config
from supasync.history.backend import Backend
from supasync.history.retention import Retention
from supasync.history.sqlite import File
from supasync.history.store import History

FILE = "history.sqlite"


def opened(settings: config.History, folder: Path, tell: Callable[[str], None]) -> History:
    """The history beside the state in `folder`, or on the server that the settings name. Nothing is
    opened or made until it is used.

    tell: hears what people should know. Raises: UsageError for a URL that is none.
    """
    return History(
        _backend(settings, folder),
        earlier=folder,
        retention=Retention(days=settings.keep_days, runs=settings.keep_runs),
        tell=tell,
    )


def _backend(settings: config.History, folder: Path) -> Backend:
    if settings.database_url is None:
        return File(folder / FILE)
    from supasync.history.postgres import Server  # noqa: PLC0415 -- psycopg, which a file needs not

    return Server(settings.database_url.get_secret_value())
