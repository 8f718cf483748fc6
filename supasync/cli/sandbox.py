"""`supasync sandbox`: a Supabase project with branches on this machine."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from supasync.cli import steering
from supasync.cli.durations import seconds

if TYPE_CHECKING:
    import asyncio

    from supasync.sandbox.site import Options

Plan: TypeAlias = Literal["free", "pro"]

app = typer.Typer(
    help="A Supabase project with branches on this machine, over real PostgreSQL servers.",
    no_args_is_help=True,
)
app.add_typer(steering.app, name="fault")
app.command()(steering.advance)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Keep everything there; by default it is removed at the end.",
        show_default=False,
    ),
]


Port = Annotated[int, typer.Option(help="Of loopback; 0 is any free one.", min=0)]
Json = Annotated[
    bool, typer.Option("--json", help="Print everything as one JSON object on one line.")
]
Branches = Annotated[
    list[str] | None,
    typer.Option(help="A branch to have; repeatable. By default testing and preview."),
]
OfPlan = Annotated[Plan, typer.Option(help="The organization's; the free one has no branches.")]
Branching = Annotated[
    bool | None,
    typer.Option(
        "--branching/--no-branching",
        help="Whether branching was ever enabled; without it there is no branch.",
        show_default=False,
    ),
]
Empty = Annotated[bool, typer.Option("--empty", help="Start main without the example's schema.")]
Migrations = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Start main with these, such as supabase/migrations, not with the example's.",
        show_default=False,
    ),
]
ReadyDelay = Annotated[
    float,
    typer.Option(
        parser=seconds,
        metavar="TIME",
        help="Between a new branch's ACTIVE_HEALTHY and its tables; 0.3s, on the platform 45s.",
        show_default=False,
    ),
]
PauseAfter = Annotated[
    float | None,
    typer.Option(
        parser=seconds,
        metavar="TIME",
        help="Pause a branch that nobody used for so long, unless it is persistent.",
        show_default=False,
    ),
]


@app.command()
def up(
    *,
    port: Port = 0,
    as_json: Json = False,
    data_dir: DataDir = None,
    branch: Branches = None,
    plan: OfPlan = "pro",
    branching: Branching = None,
    empty: Empty = False,
    migrations: Migrations = None,
    ready_delay: ReadyDelay = 0.3,
    pause_after: PauseAfter = None,
) -> None:
    """Run a sandbox until it is stopped (Ctrl-C, or `supasync sandbox down`)."""
    import asyncio

    from supasync.errors import UsageError
    from supasync.sandbox.site import Options

    if branch and "main" in branch:
        raise UsageError("main is production itself", remedy="Give the branch another name.")
    if pause_after == 0:
        raise UsageError("--pause-after has to be longer than 0", remedy="Such as 10m.")
    options = Options(
        data_dir=data_dir,
        port=port,
        branches=Options.branches if branch is None else tuple(branch),
        example=not empty,
        migrations=migrations,
        rate_limits=True,
        delay=ready_delay,
        pause_after=pause_after,
        plan=plan,
        branching=branching,
    )
    raise typer.Exit(asyncio.run(_run(options, as_json=as_json)))


async def _run(options: Options, *, as_json: bool) -> int:
    """The exit code: 130 after Ctrl-C, 0 after SIGTERM."""
    import asyncio
    import json

    from supasync.sandbox import Sandbox
    from supasync.sandbox.control import mark

    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()
    for sign, code in ((signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)):
        loop.add_signal_handler(sign, _once, stopped, code)
    typer.echo("Starting the sandbox …", err=True)
    async with Sandbox.opened(options) as box:
        if options.data_dir is None:
            mark(box.home)
        info = box.info()
        if not stopped.done():
            typer.echo(json.dumps(info) if as_json else _listing(info))
            typer.echo("Running. Ctrl-C stops it.", err=True)
        return await stopped


def _once(stopped: asyncio.Future[int], code: int) -> None:
    if not stopped.done():
        stopped.set_result(code)


def _listing(info: dict[str, Any]) -> str:
    import secrets

    url = info["api_url"]
    lines = [
        f"Management API  {url}/v1",
        "",
        "In the shell that uses it:",
        f"  export SUPABASE_ACCESS_TOKEN={info['access_token']}",
        f"  export SUPABASE_PROJECT_REF={info['project_ref']}",
        f"  export SUPASYNC_API_URL={url}",
        f"  export SUPASYNC_PROJECT_URL={url}/project/{{ref}}",
        f"  export SUPASYNC_TEST_ADMIN_PASSWORD={secrets.token_urlsafe(12)}"
        "  # any; for the example's test user",
    ]
    for project in ({"name": "main"} | info, *info["branches"]):
        lines += ["", f"{project['name']}  {project['project_ref']}"]
        for label, key in (
            ("url", "project_url"),
            ("anon key", "anon_key"),
            ("service key", "service_role_key"),
            ("database", "db_url"),
        ):
            lines.append(f"  {label:<12}{project[key]}")
    return "\n".join(lines)


@app.command()
def down(data_dir: DataDir = None) -> None:
    """Stop the sandbox of a data directory, or those that were started without one."""
    from supasync.sandbox import control

    homes = [data_dir] if data_dir is not None else list(control.marked())
    count = sum(control.stop(home) for home in homes)
    typer.echo(f"{count} stopped." if count else "No sandbox runs.", err=True)


@app.command()
def reset(
    data_dir: Annotated[
        Path, typer.Option("--data-dir", metavar="DIR", help="The sandbox's data directory.")
    ],
) -> None:
    """Make the next start of a data directory fresh; refs, keys and the token stay."""
    from supasync.sandbox import control

    control.reset(data_dir)
    typer.echo(f"{data_dir} starts fresh the next time.", err=True)
