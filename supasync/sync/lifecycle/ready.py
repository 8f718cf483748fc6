"""Finds a branch on the platform and tells whether it can be worked on.

A status of ACTIVE_HEALTHY does not mean that SQL is answered: the first reading proves that.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from supasync.errors import NotReady, ProductionGuard, Refused, UsageError
from supasync.settings import is_ref
from supasync.sync.lifecycle import states

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Branch, Config

_USABLE = frozenset({"UNKNOWN", "ACTIVE_UNHEALTHY", states.FAILED})
"""What the platform says of branches that answer SQL all the same: the first reading tells. Where
migrations fail, as they do on what somebody changed by hand, a sync brings what they did not."""


def meant(name: str, listed: Sequence[api.Branch], config: Config) -> list[api.Branch]:
    """The branches that `name` could mean: by the ref that Supabase's own configuration gives to
    the name (`[remotes.NAME]`), by git branch, name, ref or deprecated id, in this order."""
    remote = config.remotes.get(name)
    readings = (
        [branch for branch in listed if branch.project_ref == remote],
        [branch for branch in listed if branch.git_branch == name],
        [branch for branch in listed if branch.name == name],
        [branch for branch in listed if name in {branch.project_ref, branch.id}],
    )
    return list({branch.project_ref: branch for found in readings for branch in found}.values())


def find(name: str, listed: Sequence[api.Branch], config: Config) -> api.Branch:
    """The first of the branches that `name` could mean.

    Raises: UsageError naming the branches there are, ProductionGuard, Refused.
    """
    if found := meant(name, listed, config):
        return _a_branch(name, found[0], config.project.ref)
    raise _no_branch(name, listed)


def configured(name: str, config: Config) -> bool:
    return name in config.branches or name in config.remotes


def check_names(names: Sequence[str], listed: Sequence[api.Branch], config: Config) -> None:
    """Raises: UsageError for a name that is neither configured nor one of a branch."""
    for name in names:
        if not configured(name, config) and not meant(name, listed, config):
            raise _no_branch(name, listed)


def _no_branch(name: str, listed: Sequence[api.Branch]) -> UsageError:
    known = sorted(b.name for b in listed if not b.is_production)
    close = difflib.get_close_matches(name, known)
    return UsageError(
        f"The project has no branch {name!r}. "
        + (f"Did you mean {close[0]!r}? " if close else "")
        + (f"It has: {', '.join(known)}" if known else "It has no branch at all."),
        remedy=f"Name one of them, or create it: `supasync branches create {shlex.quote(name)}`.",
    )


def settings(name: str, branch: api.Branch, config: Config) -> Branch:
    """What the configuration says of a branch that was found by `name`: by any of its names."""
    remotes = (remote for remote, ref in config.remotes.items() if ref == branch.project_ref)
    own = (branch.git_branch, branch.name, branch.project_ref)
    return config.settings_of(name, *remotes, *own)


def section(branch: api.Branch, config: Config) -> str | None:
    """The name under which the configuration has a branch, by any of its names."""
    by_ref = {ref: name for name, ref in config.remotes.items()}
    known = (by_ref.get(branch.project_ref), branch.git_branch, branch.name)
    return next((name for name in known if name in config.branches), None)


def find_only(name: str, listed: Sequence[api.Branch], config: Config) -> api.Branch:
    """`find` for what cannot be taken back: the name must mean one branch, however it is read.

    Raises: UsageError, Refused, ProductionGuard also when production is one of several.
    """
    found = [_a_branch(name, each, config.project.ref) for each in meant(name, listed, config)]
    if len(found) > 1:
        told = ", ".join(f"{branch.name} ({branch.project_ref})" for branch in found)
        raise UsageError(
            f"{name!r} could mean several branches, by name or git branch: {told}",
            remedy="Name the one by its ref, the twenty letters.",
        )
    return find(name, listed, config)


def check(branch: api.Branch) -> None:
    """Raises: NotReady, with what to do. What the platform newly says of a branch is let pass."""
    found = states.of(str(branch.preview_project_status or ""), str(branch.status))
    if found is None or found[0] in _USABLE or found[0] not in {**states.PROJECT, **states.BRANCH}:
        return
    word, state = found
    raise NotReady(f"{branch.name} {state.told} ({word})", remedy=state.remedy)


def _a_branch(name: str, branch: api.Branch, production_ref: str) -> api.Branch:
    """The branch, when the platform's row proves that it is one: of this project, and not itself.

    Raises: ProductionGuard, Refused.
    """
    if branch.is_production or branch.project_ref == production_ref:
        raise ProductionGuard(f"{name} is production; production is never a target")
    if branch.parent_project_ref != production_ref or not is_ref(branch.project_ref):
        raise Refused(
            f"{name} is not provably a branch: the platform calls it {branch.project_ref!r}, "
            f"a branch of {branch.parent_project_ref!r}, and [project] ref is {production_ref!r}",
            remedy="Write the production project's own ref into [project] ref.",
        )
    return branch
