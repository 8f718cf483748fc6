"""`supasync sandbox fault` and `sandbox advance`: steering a sandbox that runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli.durations import seconds

if TYPE_CHECKING:
    from supasync.sandbox.steering.client import Client

app = typer.Typer(help="Faults of a running sandbox, on request.", no_args_is_help=True)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="The sandbox's; without it the one that was started without a data directory.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


Route = Annotated[
    str,
    typer.Option(
        metavar="'METHOD /PATH'",
        help="Whom it strikes: * is any method or part of the path, a last ** all further "
        "parts; a branch's name is its ref; /auth/v1/… and /rest/v1/… are of any project.",
    ),
]
Status = Annotated[
    int | None, typer.Option(help="Answer with this one, unperformed.", show_default=False)
]
Html = Annotated[bool, typer.Option("--html", help="Answer with a gateway's page.")]
AfterCommit = Annotated[
    bool, typer.Option("--after-commit", help="Perform it first; alone: and then answer 504.")
]
DropReply = Annotated[
    bool, typer.Option("--drop-reply", help="Perform it, and break the connection.")
]
DropRequest = Annotated[
    bool, typer.Option("--drop-request", help="Break the connection, unperformed.")
]
Truncate = Annotated[
    bool, typer.Option("--truncate", help="Perform it, and answer with the first half.")
]
Delay = Annotated[
    float,
    typer.Option(
        parser=seconds, metavar="TIME", help="Wait first, such as 2s.", show_default=False
    ),
]
Times = Annotated[
    int | None, typer.Option(help="Strike so often; by default until cleared.", show_default=False)
]
Probability = Annotated[float, typer.Option(help="Of each request.")]
Seed = Annotated[int, typer.Option(help="Of what is struck; the same strikes the same.")]


@app.command()
def add(
    *,
    route: Route,
    status: Status = None,
    html: Html = False,
    after_commit: AfterCommit = False,
    drop_reply: DropReply = False,
    drop_request: DropRequest = False,
    truncate: Truncate = False,
    delay: Delay = 0.0,
    times: Times = None,
    probability: Probability = 1.0,
    seed: Seed = 0,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """From now on something happens to some requests."""
    fault: dict[str, object] = {
        "route": route,
        "status": status,
        "html": html,
        "after_commit": after_commit,
        "drop_reply": drop_reply,
        "drop_request": drop_request,
        "truncate": truncate,
        "delay": delay,
        "times": times,
        "probability": probability,
        "seed": seed,
    }
    added = _client(data_dir).add(fault)
    typer.echo(json.dumps(added) if as_json else _line(added))


@app.command("list")
def list_faults(data_dir: DataDir = None, as_json: Json = False) -> None:
    """What is in force, in the order in which it is tried."""
    faults = _client(data_dir).faults()
    if as_json:
        typer.echo(json.dumps(faults))
    elif not faults:
        typer.echo("No faults.", err=True)
    for fault in [] if as_json else faults:
        typer.echo(_line(fault))


@app.command()
def clear(
    number: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="Only this one.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Everything is well again."""
    typer.echo(f"{_client(data_dir).clear(number)} cleared.", err=True)


def advance(
    time: Annotated[
        float, typer.Argument(parser=seconds, metavar="TIME", help="Such as 45s, 10m, 1d.")
    ],
    data_dir: DataDir = None,
) -> None:
    """Move a running sandbox's clock forward; what was to happen by then happens."""
    typer.echo(_client(data_dir).advance(time))


def _client(data_dir: Path | None) -> Client:
    from supasync.sandbox.steering.address import find
    from supasync.sandbox.steering.client import Client

    return Client(find(data_dir))


def _line(fault: dict[str, Any]) -> str:
    """`1  POST /v1/projects/*/pause  status=429 times=3  struck 2 of 5 requests`."""
    rest = {name: value for name, value in fault.items() if name not in {"id", "route"}}
    asked, struck, over = (rest.pop(name) for name in ("asked", "struck", "over"))
    effects = " ".join(name if value is True else f"{name}={value}" for name, value in rest.items())
    counts = f"struck {struck} of {asked} requests{', over' if over else ''}"
    return f"{fault['id']}  {fault['route']}  {effects}  {counts}"
