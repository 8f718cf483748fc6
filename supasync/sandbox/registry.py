"""All projects of one sandbox: who they are, where they live, what is remembered."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from supasync.sandbox import identity, places
from supasync.sandbox.binaries import Binaries
from supasync.sandbox.clock import MovableClock
from supasync.sandbox.home import Home, holder, stop_orphans
from supasync.sandbox.instance import Instance
from supasync.sandbox.projectconfig import ProjectConfig
from supasync.sandbox.records import Record, StateFile


class Registry:
    """The projects below one home. base_url: of the HTTP server, without a trailing slash."""

    def __init__(
        self, home: Home, binaries: Binaries, base_url: str, clock: MovableClock | None = None
    ) -> None:
        self.binaries, self.base_url = binaries, base_url
        self.clock = clock or MovableClock()
        self.file = StateFile(home.path / "state.json")
        self.state = self.file.load()
        self.folder = clusters_folder(home.path)
        self.instances: dict[str, Instance] = {}

    @property
    def main(self) -> Instance:
        return self.instances[self.state.main.ref]

    @property
    def records(self) -> list[Record]:
        """Main first, which is its own default branch, then the branches by age."""
        return [self.state.main, *self.state.branches]

    def find(self, ref: str) -> Instance | None:
        """A project or branch by ref."""
        return self.instances.get(ref)

    def branch(self, key: str) -> Record | None:
        """A branch, or main, by project ref or by branch id."""
        return next((each for each in self.records if key in {each.ref, each.branch_id}), None)

    def named(self, name: str) -> Record | None:
        return next((each for each in self.records if each.name == name), None)

    def save(self) -> None:
        self.file.save(self.state)

    def instance(self, record: Record) -> Instance:
        """The record's instance, known from now on; its server is not touched."""
        folder = self.folder / record.ref
        found = Instance(record, folder, self.binaries, self.base_url, self.clock.monotonic)
        self.instances[record.ref] = found
        return found

    async def make(self, record: Record) -> Instance:
        """A fresh project's server for the record; what was in its place is removed."""
        await self.discard(record)
        instance = self.instance(record)
        await asyncio.to_thread(instance.make)
        return instance

    async def discard(self, record: Record) -> None:
        """Stop the record's server and remove its data."""
        instance = self.instances.pop(record.ref, None)
        if instance is not None:
            await asyncio.to_thread(instance.cluster.stop, quick=True)
        folder = self.folder / record.ref
        if folder.exists():
            await asyncio.to_thread(shutil.rmtree, folder)

    def sweep(self) -> None:
        """What a process that was killed has left: servers are stopped, and folders that belong to
        no project removed."""
        stop_orphans(self.folder)
        known = {record.ref for record in self.records}
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name not in known:
                shutil.rmtree(folder)

    def reset(self) -> None:
        """Back to what will be made anew: main and the first branches, refs and keys kept.

        For a sandbox that does not run.
        """
        for record in self.records:
            shutil.rmtree(self.folder / record.ref, ignore_errors=True)
        self.state.branches = [each for each in self.state.branches if each.initial]
        for record in self.records:
            record.status, record.project_status = "CREATING_PROJECT", "COMING_UP"
            record.runs, record.passwords, record.config = [], {}, ProjectConfig()
        self.save()

    def close(self, *, quick: bool) -> None:
        """Stop every server. quick: their data is not needed again."""
        clusters = [instance.cluster for instance in self.instances.values()]
        with ThreadPoolExecutor() as threads:
            for stopping in [threads.submit(each.stop, quick=quick) for each in clusters]:
                stopping.result()


def clusters_folder(home: Path) -> Path:
    """Where the clusters of a home live: in it, unless PostgreSQL's user cannot get there.

    Then a folder of our own, found again by the home's path; `clusters` in the home leads to it.
    """
    folder = home / "clusters"
    if not folder.exists():
        if identity.current().reaches(home):
            folder.mkdir(mode=0o755)
        else:
            name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
            outside = places.clusters() / name
            outside.mkdir(mode=0o755, exist_ok=True)
            (outside / "of").write_text(str(home.resolve()))
            folder.unlink(missing_ok=True)
            folder.symlink_to(outside)
    folder.chmod(0o755)
    return folder.resolve()


def sweep_clusters() -> None:
    """Remove the outside clusters of homes that are gone."""
    for outside in places.clusters().iterdir():
        of = outside / "of"
        home = of.read_text() if of.exists() else ""
        if home and not _lives(Path(home)):
            stop_orphans(outside)
            shutil.rmtree(outside, ignore_errors=True)


def _lives(home: Path) -> bool:
    """Whether it has a state, or a process that is about to make one."""
    return holder(home) is not None or (home / "state.json").exists()
