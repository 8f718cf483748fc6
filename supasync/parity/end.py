"""Production or a branch, as aspects read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from supasync import api
from supasync.errors import NotReady, UnexpectedAnswer
from supasync.ports import Database


@dataclass(frozen=True, kw_only=True)
class End:
    """database: its own. paused: its database does not answer, and is not asked."""

    name: str
    ref: str
    client: api.Client
    database: Database
    is_production: bool = False
    paused: bool = False

    @classmethod
    def production(cls, client: api.Client, ref: str) -> End:
        return cls(
            name="main", ref=ref, client=client, database=client.production, is_production=True
        )

    @classmethod
    def branch(cls, client: api.Client, name: str, branch: api.Branch) -> End:
        """Raises: ProductionGuard when it is production."""
        ref = branch.project_ref
        database = client.database(ref, name=name)
        return cls(name=name, ref=ref, client=client, database=database, paused=branch.is_paused)

    def check_awake(self) -> None:
        """Raises: NotReady when the database is known not to answer."""
        if self.paused:
            raise NotReady("the branch is paused, and with it its database")

    async def fetch(self, query: str) -> Any:
        """The JSON value that a query answers. Raises: SqlError, UnknownError."""
        self.check_awake()
        answer = await self.database.fetch(query)
        try:
            return json.loads(answer or "null")
        except ValueError:
            raise UnexpectedAnswer("the database did not answer with JSON") from None
