"""The rules in force, and which of them strikes a request."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from supasync.sandbox.faults.fault import Fault, Segment, segments

# What differs from run to run in a path: ids that the server gave, and versions.
CHANGING: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
WHOLE: Final = 1 << 64


class UnknownRoute(ValueError):
    """The rule could never strike."""


@dataclass
class Rule:
    """asked: requests it has fitted; struck: those that it harmed."""

    id: int
    fault: Fault
    asked: Counter[str] = field(default_factory=Counter)
    struck: int = 0

    @property
    def is_over(self) -> bool:
        return self.fault.times is not None and self.struck >= self.fault.times

    def draw(self, request: str) -> bool:
        """The same for the same seed and the same n-th request of its kind, on any machine.

        Each kind is counted by itself, so that what is sent at the same time does not matter.
        """
        self.asked[request] += 1
        text = f"{self.fault.seed} {request} {self.asked[request]}"
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if int.from_bytes(digest) >= self.fault.probability * WHOLE:
            return False
        self.struck += 1
        return True

    def to_json(self) -> dict[str, object]:
        told = self.fault.model_dump(exclude_defaults=True)
        counts = {"asked": self.asked.total(), "struck": self.struck, "over": self.is_over}
        return {"id": self.id} | told | counts


class Rules:
    """The oldest that strikes does. routes: (method, template) of all there are.

    name_of: the name of the branch with this ref or id; None when there is none.
    """

    def __init__(
        self, routes: Iterable[tuple[str, str]], name_of: Callable[[str], str | None]
    ) -> None:
        self.rules: list[Rule] = []
        self._routes = [(method, segments(template)) for method, template in routes]
        self._name_of = name_of
        self._last = 0

    def add(self, fault: Fault) -> Rule:
        """Raises: UnknownRoute."""
        if not any(fault.strikes(method, template) for method, template in self._routes):
            raise UnknownRoute(f"route: the sandbox has none like {fault.route}")
        self._last += 1
        rule = Rule(self._last, fault)
        self.rules.append(rule)
        return rule

    def clear(self, number: int | None = None) -> int:
        """That rule, or all; how many there were."""
        kept = [rule for rule in self.rules if number is not None and rule.id != number]
        count, self.rules = len(self.rules) - len(kept), kept
        return count

    def strike(self, method: str, path: str) -> Fault | None:
        """What is to be done to this request; it counts."""
        written = [self._written(part) for part in path.split("/")[1:]]
        request = f"{method} {_kind(written)}"
        for rule in self.rules:
            if not rule.is_over and rule.fault.strikes(method, written) and rule.draw(request):
                return rule.fault
        return None

    def _written(self, part: str) -> Segment:
        name = self._name_of(part)
        return (part,) if name is None else (part, name)


def _kind(path: Sequence[Segment]) -> str:
    """The path without what is different in the next run: refs become names."""
    return "/".join(part[1] if len(part) > 1 else CHANGING.sub("*", part[0]) for part in path)
