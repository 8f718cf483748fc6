"""The SQL endpoint's answers beside those of postgres-meta, which the platform answers with."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from supasync.sandbox import Sandbox
from supasync.sandbox.postgres import free_port
from tests.clients.conftest import Npm
from tests.integration.sandbox.test_sql_endpoint import CASES, ERRORS


@pytest.fixture(scope="module")
def meta(box: Sandbox, npm: Npm) -> Iterator[str]:
    known = conninfo_to_dict(box.main.db_url)
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER"}
    to = {f"PG_META_DB_{word}": str(known[name]) for name, word in names.items()}
    port = free_port()
    env = os.environ | to | {"PG_META_DB_PASSWORD": str(known["password"])}
    env |= {
        "PG_META_HOST": "127.0.0.1",
        "PG_META_PORT": str(port),
        "PG_META_DB_SSL_MODE": "disable",
    }
    server = npm.folder / "node_modules/@supabase/postgres-meta/dist/server/server.js"
    process = subprocess.Popen(["node", str(server)], env=env, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/health")
            break
        except httpx.ConnectError:
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(10)


def ours(box: Sandbox, query: str) -> Any:
    url = f"{box.api_url}/v1/projects/{box.main.ref}/database/query"
    headers = {"authorization": f"Bearer {box.access_token}"}
    return httpx.post(url, json={"query": query}, headers=headers, timeout=30).json()


@pytest.mark.parametrize(
    "query", [query for query, _ in CASES], ids=[each[:60] for each, _ in CASES]
)
def test_rows(box: Sandbox, meta: str, query: str) -> None:
    theirs = httpx.post(f"{meta}/query", json={"query": query}, timeout=30)
    assert ours(box, query) == theirs.json()


@pytest.mark.parametrize("query", [query for query, _ in ERRORS])
def test_errors(box: Sandbox, meta: str, query: str) -> None:
    theirs = httpx.post(f"{meta}/query", json={"query": query}, timeout=30).json()
    assert ours(box, query)["message"] == f"Failed to run sql query: {theirs['formattedError']}"
