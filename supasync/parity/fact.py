"""One thing that an end has: what decides whether it is the same, and what may be shown of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

_LONGEST_SHOWN = 80
_LOGIN = re.compile(r"//[^/@\s]*@")
_SET, _NOT_SET = "set", "not set"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """compared: never shown. note: what the comparison is about, where that is not plain.
    incomparable: why an equal `compared` does not yet mean the same; "" when it does."""

    compared: Any = field(repr=False)
    shown: str
    note: str = ""
    incomparable: str = ""


Facts: TypeAlias = Mapping[str, Fact]
"""By name; what an end does not have is not there."""


def word(value: str) -> Fact:
    return Fact(compared=value, shown=value)


def plain(value: Any) -> Fact:
    """What may be shown. A long text is shown as its length and hash, an address without login."""
    if value is None:
        return Fact(compared=None, shown=_NOT_SET)
    if not isinstance(value, str):
        return Fact(compared=value, shown=json.dumps(value, ensure_ascii=False))
    if len(value) > _LONGEST_SHOWN or "\n" in value:
        digest = hashlib.sha256(value.encode()).hexdigest()[:8]
        return Fact(compared=value, shown=f"{len(value)} characters, SHA-256 {digest}…")
    return Fact(compared=value, shown=json.dumps(_LOGIN.sub("//…@", value), ensure_ascii=False))


def hidden(value: Any) -> Fact:
    """What may have a secret in it: compared, not shown."""
    return Fact(compared=value, shown=_SET if value else _NOT_SET, note="compared, and never shown")


def presence(value: Any) -> Fact:
    """A secret. The platform shows a hash that is keyed with each project's own ref."""
    return Fact(
        compared=bool(value),
        shown=_SET if value else _NOT_SET,
        note="a secret: only whether it is set is compared",
    )


def flattened(settings: Mapping[str, Any], before: str = "") -> Mapping[str, Any]:
    """`{"features": {"s3Protocol": {"enabled": true}}}` as `features.s3Protocol.enabled`."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{before}{name}.")
        else:
            flat[before + name] = value
    return flat
