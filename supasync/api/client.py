"""The Management API's client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
from pydantic import SecretStr

from supasync.api.actions import Actions
from supasync.api.api_keys import ApiKeys
from supasync.api.branches import Branches
from supasync.api.clock import SystemClock
from supasync.api.config import BranchConfig, ProjectConfig
from supasync.api.counting import Calls
from supasync.api.database import BranchDatabase, ReadOnlyDatabase
from supasync.api.guard import Audit, GuardedTransport
from supasync.api.health import Health
from supasync.api.http import Http, default_transport
from supasync.api.limits import Waiting
from supasync.api.migrations import Migrations
from supasync.api.organizations import Organizations
from supasync.api.parts import Parts
from supasync.api.projects import Projects
from supasync.api.retry import Policy
from supasync.api.sending import TracedTransport
from supasync.errors import ProductionGuard
from supasync.ports import Clock

DEFAULT_API_URL = "https://api.supabase.com"


class Client:
    """The Management API for one production project and its branches.

    production: main's database, through an object that cannot write. Below the client a guarded
    transport refuses what would write to production, whoever asks, and tells `audit` each statement
    for production before it is sent.

    waiting: hears of the waits between requests that people notice.
    """

    def __init__(
        self,
        *,
        api_url: str = DEFAULT_API_URL,
        token: SecretStr,
        production_ref: str,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        policy: Policy | None = None,
        audit: Audit | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        sending = TracedTransport(transport or default_transport(api_url))
        guarded = GuardedTransport(sending, production_ref, audit)
        self._production_ref = production_ref
        self._http = Http(
            api_url=api_url,
            token=token,
            transport=guarded,
            clock=clock or SystemClock(),
            policy=policy or Policy(),
            waiting=waiting,
        )
        self.projects = Projects(self._http)
        self.organizations = Organizations(self._http)
        self.branches = Branches(self._http)
        self.actions = Actions(self._http)
        self.api_keys = ApiKeys(self._http)
        self.health = Health(self._http)
        self.migrations = Migrations(self._http)
        self.config = ProjectConfig(self._http)
        self.parts = Parts(self._http)
        self.production = ReadOnlyDatabase(self._http, production_ref, "main")

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, retries included, by `METHOD /route/{template}`."""
        return self._http.counted.all

    @property
    def counted(self) -> Calls:
        """What counts `calls`, and those of each run that shares this client."""
        return self._http.counted

    @property
    def answers(self) -> Counter[tuple[str, str]]:
        """What came back so far, by route as in `calls` and HTTP status; "none": no answer."""
        return self._http.answers

    def remaining(self) -> dict[str, int]:
        """Requests that the platform will still take at the moment, by route as in `calls`; a
        route about which no answer has told it lately is left out."""
        return self._http.remaining()

    def database(self, ref: str, name: str | None = None) -> BranchDatabase:
        """A branch's database. name: the branch's name, for people.

        Raises: ProductionGuard when ref is production's.
        """
        self._check_branch(ref, name)
        return BranchDatabase(self._http, ref, name or ref)

    def branch_config(self, ref: str, name: str | None = None) -> BranchConfig:
        """What is set of a branch, to be changed. name: the branch's name, for people.

        Raises: ProductionGuard when ref is production's.
        """
        self._check_branch(ref, name)
        return BranchConfig(self._http, ref)

    def _check_branch(self, ref: str, name: str | None) -> None:
        if ref.strip().lower() == self._production_ref.strip().lower():
            raise ProductionGuard(f"{name or ref} is production.")

    def services(self, url: str, route: Callable[[str], str]) -> httpx.AsyncBaseTransport:
        """A transport for clients of a branch's own services, such as Auth: it refuses what the
        guard below this client refuses, sends reads again as this client does, and counts in
        `calls`.

        url: where they are. route: names a path of theirs, see ResendingTransport.
        """
        sending = TracedTransport(default_transport(url))
        guarded = GuardedTransport(sending, self._production_ref)
        return self._http.resending(guarded, route)

    def __repr__(self) -> str:
        return f"Client(production_ref={self._production_ref!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()
