"""`supasync branches wait`."""

from __future__ import annotations

from typing import Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen


def wait(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A branch.", show_default=False)],
    *,
    timeout: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="SECONDS",
            help="Give up after this time; by default each state has its own.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Wait until a branch is ready: it answers SQL, has production's migrations, and Auth answers.

    Exit code 0: ready, 3: not ready and why, with what to do.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync import catalog
        from supasync.api.clock import SystemClock
        from supasync.sync import names, pipeline
        from supasync.sync.readiness import Readiness
        from supasync.sync.wait import Prober
        from supasync.sync.wait import wait as until_ready

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        scope = catalog.scope(pipeline.SCOPE, keep_functions=names.kept(loaded.seed.function))
        readiness = Readiness(name, total=timeout)
        async with session.open_client(loaded, settings) as client:
            prober = Prober(name, client, loaded, scope)
            seconds = await until_ready(prober, readiness, SystemClock(), screen.tell)
        document = {
            "branch": name,
            "ref": prober.ref,
            "ready": True,
            "seconds": round(seconds, 3),
            "probes": readiness.probes,
        }
        text = f"{name} is ready ({readiness.probes} probes, {seconds:.1f} s)"
        screen.show(document, lambda console: console.print(text))
        return 0

    finish(screen, work)
