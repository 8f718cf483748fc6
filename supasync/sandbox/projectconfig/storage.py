"""Settings of Storage. Source: the OpenAPI document, and a project's recorded answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULTS: Final[dict[str, Any]] = {
    "fileSizeLimit": 52_428_800,
    "features": {
        "imageTransformation": {"enabled": True},
        "s3Protocol": {"enabled": True},
        "icebergCatalog": {
            "enabled": False,
            "maxNamespaces": 10,
            "maxTables": 10,
            "maxCatalogs": 2,
        },
        "vectorBuckets": {"enabled": False, "maxBuckets": 10, "maxIndexes": 5},
    },
    "capabilities": {"list_v2": True, "iceberg_catalog": True},
    "external": {"upstreamTarget": "main"},
    "migrationVersion": "operation-ergonomics",
    "databasePoolMode": "recycled",
}


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Switch(_Strict):
    enabled: bool


class IcebergCatalog(Switch):
    maxNamespaces: int = Field(ge=0)  # noqa: N815 -- the platform's name, as those below
    maxTables: int = Field(ge=0)  # noqa: N815
    maxCatalogs: int = Field(ge=0)  # noqa: N815


class VectorBuckets(Switch):
    maxBuckets: int = Field(ge=0)  # noqa: N815
    maxIndexes: int = Field(ge=0)  # noqa: N815


class Features(_Strict):
    imageTransformation: Switch | None = None  # noqa: N815
    s3Protocol: Switch | None = None  # noqa: N815
    icebergCatalog: IcebergCatalog | None = None  # noqa: N815
    vectorBuckets: VectorBuckets | None = None  # noqa: N815


class External(_Strict):
    upstreamTarget: Literal["main", "canary"]  # noqa: N815


class UpdateStorageConfig(_Strict):
    fileSizeLimit: int | None = Field(None, ge=0, le=536_870_912_000)  # noqa: N815
    features: Features | None = None
    external: External | None = None


def merged(known: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Objects are merged key by key, at every depth."""
    result = dict(known)
    for name, value in changes.items():
        inner = result.get(name)
        if isinstance(value, Mapping) and isinstance(inner, Mapping):
            result[name] = merged(inner, value)
        else:
            result[name] = value
    return result
