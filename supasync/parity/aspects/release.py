"""The platform's build of the database, which brings the extensions' versions.

A branch is not readable as a project, and production only is one where branching was never enabled.
"""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Facts, word


async def read(end: End) -> Facts:
    if end.is_production:
        database = (await end.client.projects.get(end.ref)).database
        return {"engine": word(database.postgres_engine), "version": word(database.version)}
    detail = await end.client.branches.get(end.ref)
    return {"engine": word(detail.postgres_engine), "version": word(detail.postgres_version)}


ASPECT: Final = Aspect(name="platform release", permission="project_admin_read", read=read)
