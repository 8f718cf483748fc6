"""`supasync init`: a configuration to start from, in at most three questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import asking, options, token
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync.api import Project
    from supasync.settings import Settings
    from supasync.setup.folder import Known, Wanted

_API = "https://api.supabase.com"
_NAME_IT = "Set SUPABASE_PROJECT_REF to production's ref, the 20 letters in its URL."


def init(
    *,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing; take the defaults.")
    ] = False,
    as_json: options.Json = False,
    debug: options.Debug = False,
) -> None:
    """Write config.toml, a first seed and a GitHub workflow into this folder.

    Project and branches are looked up with the access token, and what supabase/config.toml says is
    used. Without a token the branches are those of that file, else `testing`; a warning says so. It
    asks which project, which branches, and whether to write the workflow. A file that is there
    already is left as it is.

    Exit code 0: written, or all there already, 2: nobody to ask, or what was answered is wrong,
    3: the platform did not answer.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.settings import Settings
        from supasync.setup import folder

        if not (yes or sys.stdin.isatty()):
            raise UsageError("There is no terminal to ask on", remedy="Add --yes for the defaults.")
        settings = Settings.from_env(os.environ)
        here = Path.cwd()
        wanted = await _wanted(settings, folder.known(here, os.environ), ask=not yes)
        try:
            written, left = folder.write(here, wanted)
        except OSError as error:
            raise UsageError(
                f"{error.filename} cannot be written: {os.strerror(error.errno or 0)}",
                remedy="Make the folder writable, or change into another.",
            ) from error
        _show(screen, wanted, written, left)
        return 0

    finish(screen, work)


async def _wanted(settings: Settings, known: Known, *, ask: bool) -> Wanted:
    from supasync.api import reach
    from supasync.setup.folder import Wanted

    api_url = settings.api_url or _API
    found = token.find(settings, api_url)
    seen = await reach.projects(api_url, found) if found else ()
    ref = await _project(seen, settings.project_ref or known.ref, ask=ask)
    there: Sequence[str] = tuple(known.remotes)
    if found:
        from supasync import api

        async with api.Client(api_url=api_url, token=found, production_ref=ref) as client:
            listed = await client.branches.list(ref)
        there = [each.name for each in listed if not each.is_production]
    branches = await _branches(there, ask=ask, known=found is not None)
    workflow = not ask or await asking.agreed("Write a GitHub workflow that syncs them?")
    return Wanted(
        ref=ref,
        branches=branches,
        seeds=known.seeds,
        workflow=workflow,
        looked_up=found is not None,
    )


async def _project(seen: Sequence[Project], given: str | None, *, ask: bool) -> str:
    """Raises: UsageError."""
    from supasync.report.wording import harmless
    from supasync.settings import is_ref

    if given and seen and given not in {each.ref for each in seen}:
        raise UsageError(
            f"The access token does not see the project {given}",
            remedy="Use a token of its organization, or correct SUPABASE_PROJECT_REF or project_id "
            "in supabase/config.toml.",
        )
    if given:
        return given
    if len(seen) == 1:
        return seen[0].ref
    if not ask:
        what = "There are several projects" if seen else "Which project is production is not known"
        raise UsageError(what, remedy=_NAME_IT)
    for each in seen:
        print(harmless(f"  {each.ref}  {each.name} ({each.region})"), file=sys.stderr)  # noqa: T201
    names = {each.name: each.ref for each in seen}
    answer = await asking.asked("Which project is production? Its ref, or its name:")
    ref = names.get(answer, answer)
    if not is_ref(ref):
        raise UsageError(f"{answer!r} is no project", remedy=_NAME_IT)
    return ref


async def _branches(there: Sequence[str], *, ask: bool, known: bool) -> Mapping[str, bool]:
    """Names → whether the branch has to be created. known: all there are, are known."""
    default = ", ".join(there) or "testing"
    answer = await asking.asked(f"Which branches? [{default}]") if ask else ""
    names = [name.strip() for name in (answer or default).split(",") if name.strip()]
    if "main" in names:
        raise UsageError("main is production, which is never a target", remedy="Leave it out.")
    return {name: known and name not in there for name in names}


def _show(screen: Screen, wanted: Wanted, written: Sequence[Path], left: Sequence[Path]) -> None:
    from supasync.config.source import dotted
    from supasync.settings import CONFIG_FILES

    document = {
        "project": wanted.ref,
        "branches": list(wanted.branches),
        "written": [str(path) for path in written],
        "left": [str(path) for path in left],
    }
    if not wanted.looked_up and CONFIG_FILES[0] in written:
        sections = ", ".join(f"[{dotted(('branches', name))}]" for name in wanted.branches)
        screen.tell(
            "Warning: No access token is given, so no branch was looked up: correct "
            f"{sections} in {CONFIG_FILES[0]} where the project has others."
        )
    lines = [f"written: {path}" for path in written]
    lines += [f"there already, left as it is: {path}" for path in left]
    lines.append("Next: `supasync doctor`, then `supasync branches diff`.")
    screen.show(document, lambda console: console.print("\n".join(lines), markup=False))
