"""Copies settings of services from production to a branch: those that `[sync] settings` lists.

A change that would make the branch less secure is refused before anything is written. What is
equal is not sent, so a second run sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, get_args

from supasync import api, copyable
from supasync.copyable.direction import MORE
from supasync.errors import OutcomeUnknown, SettingRefused, UnexpectedAnswer
from supasync.events import Phase, SettingChange, SettingsPlanned
from supasync.parity.fact import flattened, plain
from supasync.sync.context import Run
from supasync.sync.once import Once

Values: TypeAlias = Mapping[str, Any]
"""By the setting's name: `auth.site_url`."""

_SERVICES: Mapping[str, api.Changeable] = {name: name for name in get_args(api.Changeable)}


class Configurer:
    """One branch of a run. wanted: production's values, read once for all branches."""

    def __init__(
        self, run: Run, branch: str, ref: str, config: api.BranchConfig, wanted: Once[Values]
    ) -> None:
        self._run, self._branch, self._ref = run, branch, ref
        self._config, self._wanted = config, wanted
        self._values: Values = {}
        self._changes: tuple[SettingChange, ...] = ()

    @property
    def needed(self) -> bool:
        return bool(self._changes)

    async def plan(self) -> None:
        """Reads both ends and tells what would change. Raises: UnknownError."""
        with self._run.phase(self._branch, Phase.SETTINGS) as note:
            await self._compare()
            note.text = self._found()
        self._tell(done=False)

    def guard(self) -> None:
        """Raises: SettingRefused. Nothing has been written."""
        refused = [change for change in self._changes if change.refused]
        if refused:
            told = "\n  ".join(f"{change.name}: {change.refused}" for change in refused)
            raise SettingRefused(f"{self._branch}: settings that are not copied:\n  {told}")

    async def apply(self) -> None:
        """Sends what differs by now, a service at a time, and reads it back.

        Raises: SettingRefused when somebody has made the branch more secure since it was planned
        for, UnexpectedAnswer when the platform did not take it, UnknownError.
        """
        with self._run.phase(self._branch, Phase.SETTINGS) as note:
            await self._compare()
            self.guard()
            for service in _services(self._values):
                await self._send(service)
            if left := await self._different(self._values):
                raise UnexpectedAnswer(
                    f"{self._branch}: the platform took these settings and does not have them: "
                    + ", ".join(left),
                    remedy="Run the command again. If it stays, take them out of [sync] settings.",
                )
            note.text = f"{len(self._values)} copied"
        self._tell(done=True)

    async def _compare(self) -> None:
        wanted = await self._wanted.get()
        now = await read(self._config, self._ref, wanted)
        self._changes = tuple(
            _change(name, now[name], value)
            for name, value in wanted.items()
            if not _same(name, now[name], value)
        )
        self._values = {change.name: wanted[change.name] for change in self._changes}

    def _found(self) -> str:
        refused = sum(1 for change in self._changes if change.refused)
        parts = {"to copy": len(self._changes) - refused, "refused": refused}
        told = ", ".join(f"{count} {what}" for what, count in parts.items() if count)
        return told or "nothing to copy"

    async def _send(self, service: str) -> None:
        own = {name: value for name, value in self._values.items() if _service(name) == service}
        try:
            await self._config.change(_SERVICES[service], _nested(own))
        except OutcomeUnknown:
            if await self._different(own):
                raise

    async def _different(self, wanted: Values) -> Values:
        """Those that the branch does not have."""
        now = await read(self._config, self._ref, wanted)
        return {name: value for name, value in wanted.items() if not _same(name, now[name], value)}

    def _tell(self, *, done: bool) -> None:
        self._run.emit(SettingsPlanned(branch=self._branch, changes=self._changes, done=done))


async def read(config: api.ProjectConfig, ref: str, names: Iterable[str]) -> Values:
    """A project's values of these settings. Raises: UnexpectedAnswer when one is not told."""
    names = tuple(names)
    told: dict[str, Any] = {}
    for service in _services(names):
        settings = flattened(await config.get(ref, _SERVICES[service]))
        told |= {f"{service}.{name}": value for name, value in settings.items()}
    missing = [name for name in names if name not in told]
    if missing:
        raise UnexpectedAnswer(
            f"The platform does not tell {', '.join(missing)} of {ref}.",
            remedy="Take it out of [sync] settings.",
        )
    return {name: told[name] for name in names}


def _services(names: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(map(_service, names)))


def _service(name: str) -> str:
    return name.partition(".")[0]


def _same(name: str, now: Any, wanted: Any) -> bool:
    if copyable.RULES[name] is MORE:  # blanks between the names of a list do not count
        return _listed(now) == _listed(wanted)
    return bool(now == wanted)


def _listed(value: Any) -> list[str]:
    return [part.strip() for part in str(value or "").split(",")]


def _change(name: str, now: Any, wanted: Any) -> SettingChange:
    return SettingChange(
        name=name,
        before=plain(now).shown,
        after=plain(wanted).shown,
        refused=_refused(name, now, wanted),
    )


def _refused(name: str, now: Any, wanted: Any) -> str:
    if wanted is None and _service(name) != "auth":
        return "production has none set, and none cannot be sent"
    if words := copyable.less_secure(name, now, wanted):
        changed = f"{plain(now).shown} → {plain(wanted).shown}"
        return f"{changed} would make the branch less secure ({words})"
    return ""


def _nested(values: Values) -> Mapping[str, Any]:
    """`storage.features.s3Protocol.enabled` as the platform takes it."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")[1:]
        inner = body
        for key in path:
            inner = inner.setdefault(key, {})
        inner[last] = value
    return body
