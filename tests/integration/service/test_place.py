"""Jobs are kept nowhere on production's server."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from supasync.api.clock import SystemClock
from supasync.config import Serve
from supasync.errors import ProductionGuard
from supasync.sandbox import Sandbox
from supasync.service import serve
from supasync.sync.record import FileStore
from tests.integration.service.test_detect import configured, opened


async def test_productions_database_is_refused_before_anything_is_written(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    chosen = Serve(port=0, database_url=SecretStr(sandbox.main.db_url))
    config = configured(sandbox, tmp_path).model_copy(update={"serve": chosen})
    async with opened(sandbox) as client:
        with pytest.raises(ProductionGuard):
            async with serve.serving(config, client, FileStore(tmp_path), SystemClock()):
                pytest.fail("it serves")
    with psycopg.connect(sandbox.main.db_url) as main:
        found = main.execute("select to_regnamespace('supasync_jobs')").fetchone()
    assert found == (None,)
