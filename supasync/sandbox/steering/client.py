"""Steering from another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from supasync.errors import SandboxError, UsageError
from supasync.sandbox.steering.address import Address


@dataclass(frozen=True)
class Client:
    """Blocking. Raises: UsageError for what the sandbox refuses, SandboxError without an answer."""

    address: Address

    def add(self, fault: dict[str, object]) -> dict[str, Any]:
        """The fault, with its id."""
        added: dict[str, Any] = self._ask("POST", "/faults", fault)
        return added

    def faults(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._ask("GET", "/faults")
        return listed

    def clear(self, number: int | None = None) -> int:
        """That one, or all; how many there were."""
        path = "/faults" if number is None else f"/faults/{number}"
        return int(self._ask("DELETE", path)["cleared"])

    def advance(self, seconds: float) -> str:
        """What time it is then, in UTC."""
        return str(self._ask("POST", "/clock", {"advance": seconds})["now"])

    def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        headers = {"authorization": f"Bearer {self.address.token}"}
        try:
            answer = httpx.request(
                method, self.address.url + path, json=body, headers=headers, trust_env=False
            )
        except ValueError as error:  # NaN and the like are not JSON
            raise UsageError(f"This cannot be sent: {error}") from error
        except httpx.HTTPError as error:
            raise SandboxError(
                f"The sandbox does not answer: {error}",
                remedy="`supasync sandbox up` starts it again.",
            ) from error
        if answer.is_success:
            return answer.json()
        raise UsageError(str(answer.json()["message"]))
