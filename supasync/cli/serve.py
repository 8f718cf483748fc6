"""`supasync serve`: pushes and detected changes sync branches by themselves."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import interrupt, options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    import asyncio

    from supasync.config import Config


def serve(
    *,
    host: Annotated[
        str | None,
        typer.Option(help="Where to listen; by default [serve] host.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="By default [serve] port; 0 is any free one.",
            show_default=False,
        ),
    ] = None,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Sync branches by themselves, on pushes and on detected changes, until it is stopped.

    Serves webhooks and a status API over HTTP. Needs supasync[serve].
    """
    screen = Screen(as_json=False, debug=debug)

    async def work() -> int:
        check_extra()
        from supasync import telemetry
        from supasync.api.clock import SystemClock
        from supasync.service import logs, serve, token

        loaded, settings = session.load(screen, config, users=True, service=True)
        loaded = _placed(loaded, host, port)
        given = token.given(os.environ)
        logs.write_to(sys.stderr, as_json=not sys.stderr.isatty())
        telemetry.begin(logs.warn)
        stopped = _stopped()
        store = session.open_store(loaded, settings)
        async with (
            session.open_client(loaded, settings, logs.waiting) as client,
            serve.serving(loaded, client, store, SystemClock(), given=given) as admitted,
        ):
            if admitted.fresh is not None:
                typer.echo(
                    "The token of the page and the API, shown this once, kept in "
                    f"{admitted.file}: {admitted.fresh}"
                )
            return await stopped

    finish(screen, work)


def check_extra() -> None:
    """Raises: UsageError."""
    from importlib.util import find_spec

    needed = ["dbos", "jinja2", "prometheus_client", "standardwebhooks", "starlette", "uvicorn"]
    if any(find_spec(name) is None for name in needed):
        raise UsageError(
            "`supasync serve` needs what comes with the extra `serve`.",
            remedy="pip install 'supasync[serve]'",
        )


def _placed(config: Config, host: str | None, port: int | None) -> Config:
    given = {"host": host, "port": port}
    placed = {name: value for name, value in given.items() if value is not None}
    return config.model_copy(update={"serve": config.serve.model_copy(update=placed)})


def _stopped() -> asyncio.Future[int]:
    """Done at a signal, with the exit code: a service that is told to stop has not failed."""
    import asyncio

    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(code: int) -> None:
        if not stopped.done():
            stopped.set_result(code)

    loop.add_signal_handler(signal.SIGINT, stop, interrupt.INTERRUPTED)
    loop.add_signal_handler(signal.SIGTERM, stop, 0)
    return stopped
