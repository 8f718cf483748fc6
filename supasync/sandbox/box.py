"""The sandbox: a project with its branches, served on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from supasync.errors import SandboxError
from supasync.sandbox.faults.fault import Fault
from supasync.sandbox.instance import Instance
from supasync.sandbox.records import Record
from supasync.sandbox.registry import Registry
from supasync.sandbox.site import Options, Site, running

T = TypeVar("T")


class Sandbox:
    """One that runs, until `close`.

    It lives in a thread with an event loop of its own, so that any code can use it over HTTP,
    blocking code too.
    """

    _site: Site

    def __init__(self, options: Options) -> None:
        """Returns when the branches are ready. Blocking. Raises: SandboxError."""
        self._error: BaseException | None = None
        self._opened = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._live, args=(options,), daemon=True)
        self._thread.start()
        self._opened.wait()
        if self._error is not None:
            self.close()
            raise self._error

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        data_dir: Path | None = None,
        port: int = 0,
        branches: Sequence[str] = Options.branches,
        example: bool = True,
        **options: Any,
    ) -> AsyncIterator[Self]:
        """One as long as the context is open; what the arguments are is in `Options`."""
        chosen = Options(
            data_dir=data_dir, port=port, branches=tuple(branches), example=example, **options
        )
        async with cls.opened(chosen) as box:
            yield box

    @classmethod
    @asynccontextmanager
    async def opened(cls, options: Options) -> AsyncIterator[Self]:
        box = await asyncio.to_thread(cls, options)
        try:
            yield box
        finally:
            await asyncio.to_thread(box.close)

    def close(self) -> None:
        """Stop every server; a temporary sandbox's files are removed."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def _live(self, options: Options) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve(options))
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                self._error = error
                self._opened.set()

    async def _serve(self, options: Options) -> None:
        async with running(options) as self._site:
            self._opened.set()
            await self._closing.wait()

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward; what was to happen by then happens."""
        self._do(lambda: self._registry.clock.advance(seconds))

    def add_fault(self, route: str, **effects: Any) -> int:
        """From now on; the effects are in `Fault`. Returns its number. Raises: ValueError."""
        fault = Fault(route=route, **effects)

        async def add() -> int:
            return self._site.rules.add(fault).id

        return self._wait_for(add())

    def clear_faults(self, number: int | None = None) -> None:
        """That one, or all."""
        self._do(lambda: self._site.rules.clear(number))

    def create_branch(self, name: str) -> Instance:
        """One that is ready. Raises: SandboxError when its migrations fail or the name is taken."""
        return self._wait_for(self._created(name))

    def delete_branch(self, name: str) -> None:
        """It, if there is one."""

        async def delete() -> None:
            record = self._registry.named(name)
            if record is not None and not record.is_default:
                await self._site.branching.delete(record)

        self._wait_for(delete())

    async def _created(self, name: str) -> Instance:
        if self._registry.named(name) is not None:
            raise SandboxError(
                f"There is a branch {name} already.", remedy="Give the new one another name."
            )
        record = Record.new(name)
        run = await self._site.branching.created(record)
        if record.status == "MIGRATIONS_FAILED":
            raise SandboxError(
                f"The branch {name} could not be made:\n" + "\n".join(run.log),
                remedy="A branch is made by production's migrations: mend the one that fails.",
            )
        return self._registry.instances[record.ref]

    def _do(self, work: Callable[[], object]) -> None:
        async def run() -> None:
            work()

        self._wait_for(run())

    def _wait_for(self, work: Coroutine[None, None, T]) -> T:
        """In the event loop that serves."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def _registry(self) -> Registry:
        return self._site.registry

    @property
    def home(self) -> Path:
        """Where its files are."""
        return self._registry.file.path.parent

    @property
    def main(self) -> Instance:
        return self._registry.main

    @property
    def branches(self) -> Mapping[str, Instance]:
        """By name, without main."""
        registry = self._registry
        return {
            record.name: registry.instances[record.ref]
            for record in registry.state.branches
            if record.ref in registry.instances
        }

    @property
    def api_url(self) -> str:
        return self._registry.base_url

    @property
    def access_token(self) -> str:
        return self._registry.state.access_token

    def project_url(self, ref: str) -> str:
        """Where a project's /auth/v1 and /rest/v1 are."""
        return f"{self.api_url}/project/{ref}"

    def info(self) -> dict[str, Any]:
        """Everything a client needs, keys and passwords included: `sandbox up --json`."""
        main = self.main
        return {
            "api_url": self.api_url,
            "project_ref": main.ref,
            "access_token": self.access_token,
            "project_url": main.project_url,
            "anon_key": main.keys.anon,
            "service_role_key": main.keys.service_role,
            "publishable_key": main.keys.publishable,
            "secret_key": main.keys.secret,
            "db_url": main.db_url,
            "steering_url": self._site.steering.url,
            "steering_token": self._site.steering.token,
            "branches": [_branch(name, branch) for name, branch in self.branches.items()],
        }


def _branch(name: str, branch: Instance) -> dict[str, str]:
    return {
        "name": name,
        "project_ref": branch.ref,
        "project_url": branch.project_url,
        "anon_key": branch.keys.anon,
        "service_role_key": branch.keys.service_role,
        "db_url": branch.db_url,
    }
