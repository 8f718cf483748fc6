"""Settings of Realtime. Source: the OpenAPI document; a setting that nobody changed is null."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

DEFAULTS: Final[dict[str, Any]] = {
    "private_only": None,
    "connection_pool": None,
    "max_concurrent_users": None,
    "max_events_per_second": None,
    "max_bytes_per_second": None,
    "max_channels_per_client": None,
    "max_joins_per_second": None,
    "max_presence_events_per_second": None,
    "max_payload_size_in_kb": None,
    "suspend": None,
    "presence_enabled": True,
}


class UpdateRealtimeConfig(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    private_only: bool = False
    connection_pool: int = Field(1, ge=1, le=100)
    max_concurrent_users: int = Field(1, ge=1, le=50_000)
    max_events_per_second: int = Field(1, ge=1, le=50_000)
    max_bytes_per_second: int = Field(1, ge=1, le=10_000_000)
    max_channels_per_client: int = Field(1, ge=1, le=10_000)
    max_joins_per_second: int = Field(1, ge=1, le=5000)
    max_presence_events_per_second: int = Field(1, ge=1, le=5000)
    max_payload_size_in_kb: int = Field(1, ge=1, le=10_000)
    suspend: bool = False
    presence_enabled: bool = True
