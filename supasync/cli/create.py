"""`supasync branches create`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config

GitBranch = Annotated[
    str | None, typer.Option(metavar="NAME", help="The git branch it is for.", show_default=False)
]
Persistent = Annotated[
    bool | None,
    typer.Option(
        "--persistent/--ephemeral",
        help="Whether it stays when its pull request is closed, and is never paused.",
        show_default=False,
    ),
]
Region = Annotated[
    str | None,
    typer.Option(help="Where it runs, such as eu-central-1; by default where production does."),
]
Size = Annotated[
    str | None, typer.Option(help="Of its instance, such as micro or small.", show_default=False)
]
NotifyUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Is told when a run on it ends.", show_default=False),
]


def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the branch.")],
    *,
    git_branch: GitBranch = None,
    persistent: Persistent = None,
    region: Region = None,
    size: Size = None,
    notify_url: NotifyUrl = None,
    enable: Annotated[
        bool, typer.Option("--enable", help="Enable branching where it never was.")
    ] = False,
    wait: options.Wait = True,
    timeout: options.Timeout = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Create a branch, and wait until it is ready.

    What is not given here is taken from [branches.NAME]. Its major version of PostgreSQL is
    production's.

    Exit code 0: there and ready, 2: there is one already, 3: the platform would not, or not ready.
    """
    asked = {
        "git_branch": git_branch,
        "persistent": persistent,
        "region": region,
        "size": size,
        "notify_url": notify_url,
    }
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.sync.lifecycle.arrival import Awaited

        loaded, settings = session.load(screen, config)
        async with session.open_client(loaded, settings) as client:
            branch = await _create(client, loaded, name, asked, enable=enable)
            screen.tell(f"{name} is created ({branch.project_ref})")
            awaited = Awaited(seconds=timeout) if wait else None
            ready = await session.until_ready(screen, name, client, loaded, awaited)
        text = f"{name} {'is ready' if wait else 'is coming up'}"
        screen.show(_document(branch) | ready, lambda console: console.print(text))
        return 0

    finish(screen, work)


async def _create(
    client: api.Client,
    loaded: Config,
    name: str,
    asked: Mapping[str, str | bool | None],
    *,
    enable: bool,
) -> api.Branch:
    from supasync.config import Branch
    from supasync.sync import pipeline
    from supasync.sync.lifecycle import creation
    from supasync.sync.lifecycle.creation import Wanted

    pipeline.targets([name], loaded)
    wanted = Wanted.of(name, loaded.branches.get(name, Branch())).but(**asked)
    production = loaded.project.ref
    creation.check_free(wanted, await client.branches.list(production), loaded)
    return await creation.create(client, production, wanted, enable=enable)


def _document(branch: api.Branch) -> dict[str, Any]:
    return {
        "branch": branch.name,
        "ref": branch.project_ref,
        "id": branch.id,
        "git_branch": branch.git_branch,
        "persistent": branch.persistent,
        "created": True,
    }
