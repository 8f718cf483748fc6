"""Clusters that are made once, kept, and copied: initdb and setup take seconds, a copy does not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from supasync.sandbox import places
from supasync.sandbox.binaries import Binaries
from supasync.sandbox.home import building
from supasync.sandbox.postgres import SETTINGS, Cluster, Login


def clone(
    home: Path,
    binaries: Binaries,
    *,
    superuser: str = "postgres",
    setup: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> Cluster:
    """A stopped cluster in the existing folder `home`, as initdb and `setup` leave it.

    setup: SQL scripts run as the superuser in database `postgres`, in this order.
    settings: further lines of postgresql.conf.
    """
    golden = _golden(binaries, superuser, setup, settings)
    places.copy_tree(golden, home)
    login = Login(superuser, json.loads((home / "login.json").read_text())["password"])
    return Cluster(home, binaries=binaries, superuser=login)


def _golden(
    binaries: Binaries, superuser: str, setup: Sequence[str], settings: Sequence[str]
) -> Path:
    recipe = json.dumps(
        [str(binaries.folder), binaries.version, superuser, SETTINGS, [*settings], [*setup]]
    )
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:16]
    golden = places.cache() / f"cluster-{binaries.version}-{digest}"
    if not golden.exists():
        with building(golden) as draft:
            _build(draft, binaries, superuser, setup, settings)
    return golden


def _build(
    draft: Path,
    binaries: Binaries,
    superuser: str,
    setup: Sequence[str],
    settings: Sequence[str],
) -> None:
    cluster = Cluster.create(draft, binaries=binaries, superuser=superuser)
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{line}\n" for line in settings)
    if setup:
        cluster.start()
        try:
            for script in setup:  # each in a session of its own: SET does not leak into the next
                cluster.execute(script)
        finally:
            cluster.stop()
    login = draft / "login.json"
    login.touch(mode=0o600)
    login.write_text(json.dumps({"password": cluster.superuser.password}))
