"""One rule: which requests it strikes, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

METHODS: Final = ("*", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OF_A_PROJECT: Final = ("auth", "rest")
BAD_GATEWAY, GATEWAY_TIMEOUT = 502, 504
Segment = tuple[str, ...]
"""A part of a path in all the ways it can be written: a branch's ref and its name."""


class Fault(BaseModel):
    """route: `METHOD /path`, where `*` is any method or one part of the path and a last `**` all
    further parts; a branch's name may stand for its ref. `/auth/v1/…` and `/rest/v1/…` are those
    of any project.

    status, html: the answer, if another. after_commit: the request is performed before that answer.
    drop_reply: it is performed and never answered; drop_request: the connection ends before.
    truncate: the connection ends amid the answer. delay: seconds by the sandbox's clock, before all
    that, or when performed before the answer. times: strikes before it is over; None is no end.
    probability: by the seed, of each request by itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    route: str
    status: int | None = None
    html: bool = False
    after_commit: bool = False
    drop_reply: bool = False
    drop_request: bool = False
    truncate: bool = False
    delay: float = Field(0.0, ge=0, le=86_400)
    times: int | None = Field(None, ge=1)
    probability: float = Field(1.0, gt=0, le=1)
    seed: int = 0

    @field_validator("route")
    @classmethod
    def _route(cls, text: str) -> str:
        method, _, path = text.strip().rpartition(" ")
        method = method.strip().upper() or "*"
        if method not in METHODS or not re.fullmatch(r"/[^\s?#]*", path):
            raise ValueError(f"{text!r} is not METHOD /path, such as POST /v1/projects/*/pause")
        first = path.split("/")[1]
        return f"{method} {'/project/*' if first in OF_A_PROJECT else ''}{path}"

    @field_validator("status")
    @classmethod
    def _status(cls, status: int | None) -> int | None:
        if status is not None and status != 200 and not 400 <= status <= 599:
            raise ValueError("must be from 400 to 599, or 200 for an HTML page")
        return status

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        ends = [self.answers, self.drop_reply, self.drop_request, self.truncate]
        if sum(ends) > 1:
            raise ValueError("a request ends in one way: answered, dropped, or truncated")
        if not any(ends) and not self.delay:
            raise ValueError("what becomes of the request is missing, such as a status or a delay")
        if self.status == 200 and not self.html:
            raise ValueError("status 200 is no fault, except for an HTML page")
        return self

    @property
    def answers(self) -> bool:
        """Whether the client gets an answer of ours."""
        dropped = self.drop_reply or self.truncate  # after_commit says nothing more of these
        return self.status is not None or self.html or (self.after_commit and not dropped)

    @property
    def performs(self) -> bool:
        """Whether the request is performed before the harm is done."""
        return self.after_commit or self.drop_reply or self.truncate

    @property
    def code(self) -> int:
        """The status of our answer; the page of a gateway without one, a timeout after a commit."""
        return self.status or (BAD_GATEWAY if self.html else GATEWAY_TIMEOUT)

    def strikes(self, method: str, path: Sequence[Segment]) -> bool:
        wanted, _, pattern = self.route.partition(" ")
        return wanted in {"*", method} and _fits(pattern.split("/")[1:], path)


def segments(path: str) -> list[Segment]:
    """A path as it is written; of a route's template `{…}` is any part."""
    return [("*",) if part.startswith("{") else (part,) for part in path.split("/")[1:]]


def _fits(pattern: Sequence[str], path: Sequence[Segment]) -> bool:
    if pattern[-1:] == ["**"]:
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    return len(pattern) == len(path) and all(
        _part_fits(wanted, part) for wanted, part in zip(pattern, path, strict=True)
    )


def _part_fits(wanted: str, written: Iterable[str]) -> bool:
    return any(each == "*" or fnmatchcase(each, wanted) for each in written)
