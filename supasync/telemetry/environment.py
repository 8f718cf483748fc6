"""What the environment says of traces, by the names that OpenTelemetry has for it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"


def endpoint(env: Mapping[str, str]) -> str:
    """The URL to which traces are to be sent; "" when they are not wanted."""
    if _of(env, "OTEL_SDK_DISABLED").lower() == "true":
        return ""
    if "otlp" not in (_of(env, "OTEL_TRACES_EXPORTER") or "otlp").lower().split(","):
        return ""
    given = _of(env, variable(env))
    if not given or variable(env) == TRACES_ENDPOINT:
        return given
    return given.removesuffix("/") + "/v1/traces"


def variable(env: Mapping[str, str]) -> str:
    """The one that names the collector."""
    return TRACES_ENDPOINT if _of(env, TRACES_ENDPOINT) else ENDPOINT


def place(url: str) -> str:
    """For people: a path, a user or a password in it may be a secret. Raises: ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def unspoken(env: Mapping[str, str]) -> str:
    """The protocol that is asked for, when it is not the one that is spoken; else ""."""
    asked = next((_of(env, name) for name in _PROTOCOLS if _of(env, name)), _SPOKEN)
    return "" if asked == _SPOKEN else asked


def _of(env: Mapping[str, str], name: str) -> str:
    return env.get(name, "").strip()
