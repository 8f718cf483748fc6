"""`supasync branches reset` and `rebase`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import asking, options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from supasync.sync.context import Policy
    from supasync.sync.lifecycle.arrival import Awaited
    from supasync.sync.lifecycle.replay import Replay

To = Annotated[
    str | None,
    typer.Option("--to", metavar="VERSION", help="The last migration to run.", show_default=False),
]


def reset(
    name: options.Name,
    *,
    to: To = None,
    yes: asking.Yes = False,
    wait: options.Wait = True,
    timeout: options.Timeout = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Make a branch anew from production's migrations; all else in it is lost.

    What was changed on production by hand is in no migration: `branches sync` brings it.

    Exit code 0: reset and ready, 2: no such branch or nobody to ask, 3: the platform would not, or
    not ready, 4: main, not confirmed, or allow_data_loss = false, 6: somebody syncs it.
    """

    async def start(replay: Replay, policy: Policy) -> Awaited:
        from supasync.sync import guard

        branch = replay.branch
        guard.all_rows_may_go(branch.name, "a reset", policy)
        what = f"All rows of {branch.name} ({branch.project_ref}) and what is in no migration go."
        await asking.confirm(what, yes=yes)
        return await replay.reset()

    screen = Screen(as_json=as_json, debug=debug)
    _run(screen, name, start, to=to, config=config, wait=wait, timeout=timeout, done="reset")


def rebase(
    name: options.Name,
    *,
    to: To = None,
    wait: options.Wait = True,
    timeout: options.Timeout = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Run production's newer migrations on a branch; what they do not touch stays.

    Exit code 0: done and ready, 2: no such branch, 3: the platform would not, or not ready,
    4: main, 6: somebody syncs it.
    """

    async def start(replay: Replay, _: Policy) -> Awaited:
        return await replay.rebase()

    screen = Screen(as_json=as_json, debug=debug)
    _run(screen, name, start, to=to, config=config, wait=wait, timeout=timeout, done="rebased")


def _run(
    screen: Screen,
    name: str,
    start: Callable[[Replay, Policy], Awaitable[Awaited]],
    *,
    to: str | None,
    config: Path | None,
    wait: bool,
    timeout: float | None,
    done: str,
) -> None:
    async def work() -> int:
        from dataclasses import replace

        from supasync.sync import pipeline
        from supasync.sync.lifecycle import ready
        from supasync.sync.lifecycle.replay import Replay

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            listed = await client.branches.list(loaded.project.ref)
            branch = ready.find_only(name, listed, loaded)
            run = session.telling(screen)
            replay = Replay(client=client, branch=branch, run=run, version=to)
            awaited = await start(replay, ready.settings(name, branch, loaded))
            chosen = replace(awaited, seconds=timeout) if wait else None
            ready_ = await session.until_ready(screen, branch.name, client, loaded, chosen)
        document: dict[str, Any] = {
            "branch": branch.name,
            "ref": branch.project_ref,
            "run": awaited.run_id,
            done: True,
        }
        text = f"{branch.name} is {done}" + (" and ready" if wait else "; the platform works on it")
        screen.show(document | ready_, lambda console: console.print(text))
        return 0

    finish(screen, work)
