"""One run: who it is, what it was asked to do, and where its events go."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from supasync.catalog.hazards import DATA_LOSS
from supasync.events import Emit, Phase, PhaseFinished, PhaseStarted


class Policy(Protocol):
    """What a plan may do to its target, as configured (config.Branch).

    prune: the share of its objects that may be dropped without being confirmed.
    """

    @property
    def allow_data_loss(self) -> bool: ...

    @property
    def prune(self) -> float: ...


@dataclass(frozen=True)
class Unconfigured:
    """The Policy of a target that no configuration knows: the defaults of config.Branch."""

    allow_data_loss: bool = True
    prune: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Options:
    """hard: ignore what is remembered. allow_empty: believe a source that has no table.
    prune: a plan may drop any share of the target's objects.

    witness: ask the platform too about what is equal.
    refused: names of hazards that no step of a plan that is carried out may have.
    """

    dry_run: bool = False
    hard: bool = False
    no_data_loss: bool = False
    allow_empty: bool = False
    prune: bool = False
    witness: bool = False
    refused: frozenset[str] = frozenset()

    def not_allowed(self, policy: Policy) -> frozenset[str]:
        """Names of hazards, where this is the target's policy."""
        return self.refused | (frozenset() if self.may_lose(policy) else {DATA_LOSS})

    def may_lose(self, policy: Policy) -> bool:
        """Whether rows may be lost: only if neither the command nor the configuration forbids."""
        return policy.allow_data_loss and not self.no_data_loss


@dataclass
class Note:
    """What a phase found, told when it finishes."""

    text: str = ""


def new_run_id() -> str:
    """Sortable by time, unique between machines: `20260131T094501Z-5f1c9a2b`."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) + "-" + secrets.token_hex(4)


def this_holder() -> str:
    """Who holds a lease, for the person who meets it: `alice@laptop (process 4711)`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user id without a name
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Shared by all branches of one command."""

    emit: Emit
    options: Options = field(default_factory=Options)
    id: str = field(default_factory=new_run_id)
    holder: str = field(default_factory=this_holder)

    @contextmanager
    def phase(self, branch: str, phase: Phase) -> Iterator[Note]:
        """Times the phase and tells its start and its end, also when it fails."""
        note, started, ok = Note(), time.monotonic(), False
        self.emit(PhaseStarted(branch=branch, phase=phase))
        try:
            yield note
            ok = True
        finally:
            seconds = time.monotonic() - started
            self.emit(
                PhaseFinished(branch=branch, phase=phase, seconds=seconds, note=note.text, ok=ok)
            )
