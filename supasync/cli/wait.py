"""`supasync branches wait`."""

from __future__ import annotations

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen


def wait(
    name: options.Name,
    *,
    timeout: options.Timeout = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Wait until a branch is ready: it answers SQL, has production's migrations, and Auth answers.

    Exit code 0: ready, 3: not ready and why, with what to do.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.sync import pipeline
        from supasync.sync.lifecycle.arrival import Awaited

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            awaited = Awaited(seconds=timeout)
            arrived = await session.until_ready(screen, name, client, loaded, awaited)
        text = f"{name} is ready ({arrived['probes']} probes, {arrived['seconds']:.1f} s)"
        screen.show({"branch": name} | arrived, lambda console: console.print(text))
        return 0

    finish(screen, work)
