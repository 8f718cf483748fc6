"""A project of the sandbox behind real HTTP, and real clients of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import supabase
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from supasync.sandbox import auth, binaries, rest
from supasync.sandbox.home import Home
from supasync.sandbox.instance import Instance
from supasync.sandbox.projectconfig import ProjectConfig
from supasync.sandbox.records import Record


@pytest.fixture(scope="session")
def instance(home: Home) -> Iterator[Instance]:
    instance = Instance(Record.new("main"), home.path / "auth", binaries.find(), base_url="")
    instance.make()
    yield instance
    instance.cluster.stop(quick=True)


@pytest.fixture
async def project(instance: Instance) -> AsyncIterator[Instance]:
    """A project without users or tables, served at its `project_url`."""
    instance.record.config = ProjectConfig()
    instance.cluster.execute(
        "truncate auth.users, auth.audit_log_entries cascade",
        "drop schema public cascade",
        "create schema public authorization pg_database_owner",
        "grant usage on schema public to anon, authenticated, service_role",
    )
    routes = [*auth.routes(_only(instance)), *rest.routes(_only(instance))]
    app = Starlette(routes=[Mount("/project/{ref}", routes=routes)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        instance.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = asyncio.create_task(server.serve(sockets=[listener]))
        yield instance
        server.should_exit = True
        await running


def _only(instance: Instance) -> Callable[[str], Instance | None]:
    return lambda ref: instance if ref == instance.ref else None


@asynccontextmanager
async def http(project: Instance, key: str) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP as a client with this API key sends it."""
    headers = {"apikey": key, "Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=project.project_url, headers=headers) as client:
        yield client


@pytest.fixture
async def admin_http(project: Instance) -> AsyncIterator[httpx.AsyncClient]:
    async with http(project, project.keys.service_role) as client:
        yield client


@pytest.fixture
async def anon_http(project: Instance) -> AsyncIterator[httpx.AsyncClient]:
    async with http(project, project.keys.anon) as client:
        yield client


@asynccontextmanager
async def connected(project: Instance, key: str) -> AsyncIterator[supabase.AsyncClient]:
    """A real client, whose connections are closed in the end."""
    async with httpx.AsyncClient() as transport:
        options = supabase.AsyncClientOptions(auto_refresh_token=False, httpx_client=transport)
        yield await supabase.acreate_client(project.project_url, key, options)


@pytest.fixture
async def admin(project: Instance) -> AsyncIterator[supabase.AsyncClient]:
    async with connected(project, project.keys.service_role) as client:
        yield client


@pytest.fixture
async def client(project: Instance) -> AsyncIterator[supabase.AsyncClient]:
    async with connected(project, project.keys.anon) as client:
        yield client
