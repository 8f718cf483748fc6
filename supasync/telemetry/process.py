"""Traces of this process, which its environment variables turn on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from supasync.telemetry import environment
from supasync.telemetry.spans import Tracer

if TYPE_CHECKING:
    from supasync.telemetry.export import Export

_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
Tell = Callable[[str], None]


class _Process:
    """Nothing is imported or made before the first run that is to be traced."""

    def __init__(self) -> None:
        self._env: Mapping[str, str] = {}
        self.tell: Tell = print
        self._asked = False
        self._export: Export | None = None

    def open(self, env: Mapping[str, str], tell: Tell) -> None:
        self._env, self.tell, self._asked = env, tell, False

    def tracer(self) -> Tracer | None:
        if not self._asked:
            self._asked = True
            self._export = self._made()
        return self._export

    def _made(self) -> Export | None:
        """None when traces are not wanted, or cannot be had, which is told."""
        url = environment.endpoint(self._env)
        if not url:
            return None
        if not all(_there(name) for name in _NEEDED):
            self.tell("no traces: they need the extra `otel`: pip install 'supasync[otel]'")
            return None
        if asked := environment.unspoken(self._env):
            self.tell(f"no traces: the protocol {asked} is not spoken; set it to http/protobuf")
            return None
        try:
            place = environment.place(url)
        except ValueError:
            self.tell(f"no traces: {environment.variable(self._env)} is no URL with http or https")
            return None
        from supasync.telemetry.export import Export  # noqa: PLC0415 -- only when it is wanted

        try:
            return Export(url, place, self.tell)
        except Exception as error:  # noqa: BLE001 -- whatever the library makes of its variables
            kind = type(error).__name__
            self.tell(f"no traces: a variable OTEL_… has a value that cannot be used ({kind})")
            return None

    def close(self) -> None:
        export, self._export, self._env = self._export, None, {}
        if export is not None:
            export.close()


_process = _Process()
tracer = _process.tracer


@contextmanager
def exporting(env: Mapping[str, str], tell: Tell) -> Iterator[None]:
    """Runs are traced as long as it is open, if the environment says so. At the end what was not
    delivered yet has FLUSH_SECONDS. tell: hears what people should know of traces."""
    _process.open(env, tell)
    try:
        yield
    finally:
        _process.close()


def begin(tell: Tell) -> None:
    """Notices go to `tell` from now on, and what is wrong from the start is told now."""
    _process.tell = tell
    _process.tracer()


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # of what it is in
        return False
