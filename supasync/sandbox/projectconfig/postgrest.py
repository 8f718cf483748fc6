"""Settings of the Data API. Source: the OpenAPI document, and a new project's recorded answer."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

DEFAULTS: Final[dict[str, Any]] = {
    "db_schema": "public,graphql_public",
    "max_rows": 1000,
    "db_extra_search_path": "public, extensions",
    "db_pool": None,
}


class UpdatePostgrestConfig(BaseModel):
    model_config = ConfigDict(strict=True)

    db_schema: str | None = None
    max_rows: int | None = Field(None, ge=0, le=1_000_000)
    db_extra_search_path: str | None = None
    db_pool: int | None = Field(None, ge=0, le=1000)
