"""Where the history is, from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from supasync import config
from supasync.history.postgres import Server
from supasync.history.retention import Retention
from supasync.history.sqlite import File
from supasync.history.store import History

FILE = "history.sqlite"


def opened(settings: config.History, folder: Path, tell: Callable[[str], None]) -> History:
    """The history beside the state in `folder`, or on the server that the settings name. Nothing is
    opened or made until it is used.

    tell: hears what people should know. Raises: UsageError for a URL that is none.
    """
    url = settings.database_url
    return History(
        Server(url.get_secret_value()) if url else File(folder / FILE),
        earlier=folder,
        retention=Retention(days=settings.keep_days, runs=settings.keep_runs),
        tell=tell,
    )
