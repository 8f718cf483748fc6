"""`supasync doctor`: what is wrong with the set-up, before a sync finds out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import ConfigError, SupasyncError, UsageError

if TYPE_CHECKING:
    from supasync.config import Config
    from supasync.events import Diagnosis
    from supasync.settings import Settings


def doctor(
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Look at configuration, token, reach, clock, plan, branches and the write guard. Changes
    nothing. Without a configuration production's schema is not asked for, and no folder is made.

    Exit code 0: all is well, 1: something is wrong, with a remedy each, 2: an option or variable
    is wrong, 3: something that a sync needs could not be found out. Of the second witness, which no
    sync needs, that is only told.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.events import Diagnoses
        from supasync.report import doctor as report

        found = Diagnoses(all=tuple(await _examined(screen, config)))
        if as_json:
            screen.show(found.to_json(), lambda _: None)
        else:
            report.write(found, sys.stdout)
        return found.exit_code

    finish(screen, work)


async def _examined(screen: Screen, file: Path | None) -> list[Diagnosis]:
    from supasync.api.clock import SystemClock
    from supasync.settings import Settings
    from supasync.setup import doctor

    settings = Settings.from_env(os.environ, config=file)
    first, loaded = _configuration(screen, file, settings)
    found = [first]
    if loaded is None:
        return found
    found += await doctor.here(loaded, settings.state_dir(loaded.file))
    found.append(await doctor.clock(loaded.project.api_url, SystemClock()))
    try:
        async with session.open_client(loaded, settings) as client:
            recorded = settings.state is not None or loaded.file.is_file()
            found += await doctor.There(client, loaded, recorded).all()
    except UsageError as error:
        found.append(doctor.ill("token and project", error))
    return found


def _configuration(
    screen: Screen, file: Path | None, settings: Settings
) -> tuple[Diagnosis, Config | None]:
    """With what can be known of production though the file is wrong."""
    from supasync.config import of_settings
    from supasync.events import Diagnosis, Health
    from supasync.setup.doctor import ill

    try:
        loaded, _ = session.load(screen, file, users=True, service=True)
    except ConfigError as error:
        return ill("configuration", error), _without_secrets(screen, file, settings)
    except SupasyncError as error:
        return ill("configuration", error), of_settings(settings)
    message = f"{loaded.file}, branches {', '.join(loaded.branches) or '(none)'}"
    return Diagnosis(name="configuration", health=Health.PASS, message=message), loaded


def _without_secrets(screen: Screen, file: Path | None, settings: Settings) -> Config | None:
    """The configuration when only a secret's variable is missing; else what settings say."""
    from supasync.config import of_settings

    try:
        return session.load(screen, file)[0]
    except ConfigError:
        return of_settings(settings)
