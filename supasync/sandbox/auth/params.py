"""Reading a request's JSON body the way Go's encoding/json does: null is "not given"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic_core import from_json

from supasync.sandbox.auth.errors import AuthError

Value = TypeVar("Value")


class Params:
    """The members of a JSON object, by name and wanted type; AuthError 400 bad_json otherwise."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members

    @classmethod
    def parse(cls, body: bytes) -> Params:
        try:
            members = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise _bad_json(str(error) if body else "unexpected end of JSON input") from error
        if not isinstance(members, dict):
            raise _bad_json("the body must be a JSON object")
        return cls(members)

    def text(self, name: str) -> str:
        return self._get(name, str, "string") or ""

    def optional_text(self, name: str) -> str | None:
        """None when the member is missing, which differs from an empty string."""
        return self._get(name, str, "string")

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._get(name, bool, "bool")
        return default if value is None else value

    def object(self, name: str) -> dict[str, Any] | None:
        return self._get(name, dict, "object")

    def _get(self, name: str, kind: type[Value], noun: str) -> Value | None:
        value = self._members.get(name)
        if value is not None and not isinstance(value, kind):
            raise _bad_json(f"{name} must be of type {noun}")
        return value


def _bad_json(problem: str) -> AuthError:
    return AuthError(400, "bad_json", f"Could not parse request body as JSON: {problem}")
