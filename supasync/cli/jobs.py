"""`supasync jobs`: the jobs of `supasync serve`, where several machines share them."""

from __future__ import annotations

from typing import Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.cli.serve import check_extra

app = typer.Typer(no_args_is_help=True, help="Jobs of `supasync serve` that machines share.")


@app.command("take-over")
def take_over(
    machine: Annotated[
        str, typer.Argument(metavar="MACHINE", help="Its [serve] name.", show_default=False)
    ],
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Let the others have the jobs that ran on a machine that is gone for good.

    Their runs go on under their own ids. Refused while the machine lives. Needs supasync[serve].
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        check_extra()
        from supasync.service.jobs import durable
        from supasync.service.jobs.database import Place

        loaded, settings = session.load(screen, config, service=True)
        url = loaded.serve.database_url
        place = Place(
            file=settings.state_dir(loaded.file) / "jobs.sqlite",
            name=machine,
            url=url.get_secret_value() if url else None,
        )
        branches = durable.take_over(place, machine)
        told = f"Jobs of {machine} that wait for another machine: {', '.join(branches)}"
        document = {"machine": machine, "branches": branches}
        screen.show(document, lambda console: console.print(told, markup=False, soft_wrap=True))
        return 0

    finish(screen, work)
