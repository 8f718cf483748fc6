"""Settings of PostgreSQL. Source: UpdatePostgresConfigBody of the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Interval: TypeAlias = Annotated[str, Field(pattern=r"^(-?[0-9]+(?:\.[0-9]+)?)(us|ms|s|min|h|d)?$")]
Workers: TypeAlias = Annotated[int, Field(ge=0, le=1024)]


class UpdatePostgresConfig(BaseModel):
    """The defaults only say that nothing was sent. The sandbox keeps what is set and shows it; the
    server runs with its own settings."""

    model_config = ConfigDict(strict=True, extra="forbid")

    effective_cache_size: str = ""
    logical_decoding_work_mem: str = ""
    maintenance_work_mem: str = ""
    track_activity_query_size: str = ""
    max_connections: int = Field(1, ge=1, le=262_143)
    max_locks_per_transaction: int = Field(10, ge=10, le=2_147_483_640)
    max_parallel_maintenance_workers: Workers = 0
    max_parallel_workers: Workers = 0
    max_parallel_workers_per_gather: Workers = 0
    max_replication_slots: int = 0
    max_slot_wal_keep_size: str = ""
    max_standby_archive_delay: str = ""
    max_standby_streaming_delay: str = ""
    max_wal_size: str = ""
    max_wal_senders: int = 0
    max_worker_processes: int = Field(0, ge=0, le=262_143)
    session_replication_role: Literal["origin", "replica", "local"] = "origin"
    shared_buffers: str = ""
    statement_timeout: Interval = ""
    track_commit_timestamp: bool = False
    wal_keep_size: str = ""
    wal_sender_timeout: Interval = ""
    work_mem: str = ""
    checkpoint_timeout: Interval = ""
    hot_standby_feedback: bool = False
    restart_database: bool = False
