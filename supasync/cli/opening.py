"""`supasync branches open`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen


def open_branch(
    name: options.Name,
    *,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the address; so does a pipe.")
    ] = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Open a branch in the dashboard.

    Exit code 0: opened or printed, 2: no such branch, 4: main.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.sync import pipeline
        from supasync.sync.lifecycle import ready

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            branch = ready.find(name, await client.branches.list(loaded.project.ref), loaded)
        url = loaded.project.dashboard_url.replace("{ref}", branch.project_ref)
        document = {"branch": branch.name, "ref": branch.project_ref, "url": url}
        screen.show(document, lambda console: console.print(url, soft_wrap=True))
        if sys.stdout.isatty() and not (only_print or as_json):
            import webbrowser

            if not webbrowser.open(url):
                screen.tell("No browser could be started: open the address yourself.")
        return 0

    finish(screen, work)
