"""A project's API keys, in both generations."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import SecretStr, TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import ApiKey, KeyType
from supasync.errors import UnexpectedAnswer

_KEYS = TypeAdapter(tuple[ApiKey, ...])
_MASK = "·"  # without the right to reveal, the platform masks with U+00B7


class ApiKeys:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, ref: str, *, reveal: bool = True) -> tuple[ApiKey, ...]:
        """reveal: ask for the secret ones in full; without the right they come masked."""
        call = Call(
            method="GET",
            route="/v1/projects/{ref}/api-keys",
            path={"ref": ref},
            query=(("reveal", "true" if reveal else "false"),),
        )
        return await self._http.load(_KEYS, call)


def service_key(keys: Iterable[ApiKey]) -> SecretStr:
    """The key with full rights: the secret one for role service_role, else the legacy JWT.

    The order is the official CLI's. Raises: UnexpectedAnswer when none is readable.
    """
    return _first(keys, "service_role", _is_service_secret, _is_legacy("service_role"))


def anon_key(keys: Iterable[ApiKey]) -> SecretStr:
    """The key for browsers: the publishable one, else the legacy JWT of role anon."""
    return _first(keys, "anon", _is_publishable, _is_legacy("anon"))


def _first(keys: Iterable[ApiKey], role: str, *rules: Callable[[ApiKey], bool]) -> SecretStr:
    readable = [(key, key.api_key) for key in keys if key.api_key and _is_whole(key.api_key)]
    for rule in rules:
        for key, value in readable:
            if rule(key):
                return value
    raise UnexpectedAnswer(
        f"The project shows no readable {role} key.",
        remedy="Give the token the permissions API Keys and API Key Secrets (read).",
    )


def _is_whole(value: SecretStr) -> bool:
    return bool(value.get_secret_value()) and _MASK not in value.get_secret_value()


def _is_service_secret(key: ApiKey) -> bool:
    template = key.secret_jwt_template or {}
    return key.type == KeyType.SECRET and template.get("role") == "service_role"


def _is_publishable(key: ApiKey) -> bool:
    return key.type == KeyType.PUBLISHABLE


def _is_legacy(name: str) -> Callable[[ApiKey], bool]:
    return lambda key: key.name == name and key.type in {KeyType.LEGACY, None}
