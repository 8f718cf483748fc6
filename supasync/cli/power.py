"""`supasync branches pause` and `resume`."""

from __future__ import annotations

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen


def pause(
    name: options.Name,
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Pause a branch: nothing of it answers until it is resumed; its data stays.

    Exit code 0: paused, 2: no such branch, 3: the platform would not, 4: main.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.api.clock import SystemClock
        from supasync.sync import pipeline
        from supasync.sync.lifecycle import power, ready

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            listed = await client.branches.list(loaded.project.ref)
            branch = ready.find_only(name, listed, loaded)
            changed = await power.pause(client, branch, SystemClock())
        document = {
            "branch": branch.name,
            "ref": branch.project_ref,
            "paused": True,
            "changed": changed,
        }
        text = f"{branch.name} is paused" if changed else f"{branch.name} was paused already"
        screen.show(document, lambda console: console.print(text))
        return 0

    finish(screen, work)


def resume(
    name: options.Name,
    *,
    wait: options.Wait = True,
    timeout: options.Timeout = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Bring a paused branch up again, and wait until it is ready.

    Exit code 0: up and ready, 2: no such branch, 3: the platform would not, or not ready, 4: main.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.api.clock import SystemClock
        from supasync.sync import pipeline
        from supasync.sync.lifecycle import power, ready
        from supasync.sync.lifecycle.arrival import Awaited

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            listed = await client.branches.list(loaded.project.ref)
            branch = ready.find_only(name, listed, loaded)
            changed = await power.resume(client, branch, SystemClock())
            awaited = Awaited(seconds=timeout, history=False) if wait else None
            ready_ = await session.until_ready(screen, branch.name, client, loaded, awaited)
        document = {"branch": branch.name, "ref": branch.project_ref, "changed": changed}
        text = f"{branch.name} is {'up' if changed else 'not paused'}"
        text += " and ready" if wait else ""
        screen.show(document | ready_, lambda console: console.print(text))
        return 0

    finish(screen, work)
