"""Settings of the Data API, Storage and Realtime, by the Management API's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supasync.copyable.direction import GREATER, MORE, NEITHER, OFF, ON, Direction

RULES: Final[Mapping[str, Direction]] = {
    "postgrest.db_schema": MORE,
    "postgrest.db_extra_search_path": MORE,
    "postgrest.max_rows": GREATER,
    "storage.fileSizeLimit": NEITHER,
    "storage.features.imageTransformation.enabled": NEITHER,
    "storage.features.s3Protocol.enabled": ON,
    "realtime.private_only": OFF,
    "realtime.suspend": OFF,
    "realtime.presence_enabled": NEITHER,
    "realtime.max_concurrent_users": GREATER,
    "realtime.max_events_per_second": GREATER,
    "realtime.max_bytes_per_second": GREATER,
    "realtime.max_channels_per_client": GREATER,
    "realtime.max_joins_per_second": GREATER,
    "realtime.max_presence_events_per_second": GREATER,
    "realtime.max_payload_size_in_kb": GREATER,
}
