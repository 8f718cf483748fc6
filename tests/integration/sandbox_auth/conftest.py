"""A project of the sandbox behind real HTTP, and real clients of it."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import jwt
import psycopg
import pytest
import supabase
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from supasync import sql
from supasync.sandbox import auth, binaries, golden, platform, rest
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster, Login
from supasync.sandbox.project import Keys

REF = "abcdefghijklmnopqrst"
ROLES = ("postgres", "authenticator", "supabase_auth_admin")
JWT_SECRET = secrets.token_hex(32)
KEYS = Keys(
    jwt_secret=JWT_SECRET,
    anon=jwt.encode({"role": "anon", "ref": REF}, JWT_SECRET),
    service_role=jwt.encode({"role": "service_role", "ref": REF}, JWT_SECRET),
    publishable="sb_publishable_" + secrets.token_hex(12),
    secret="sb_secret_" + secrets.token_hex(12),
)


@dataclass
class OneProject:
    cluster: Cluster
    passwords: dict[str, str]
    project_url: str = ""
    ref: str = REF
    keys: Keys = KEYS

    async def connect(self, role: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        login = Login(role, self.passwords[role])
        return await psycopg.AsyncConnection.connect(self.cluster.dsn(login=login), autocommit=True)


@pytest.fixture(scope="module")
def cluster(home: Home) -> Iterator[Cluster]:
    folder = home.path / f"auth-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o755)
    cluster = golden.clone(
        folder,
        binaries.find(),
        superuser=platform.SUPERUSER,
        setup=platform.scripts(),
        settings=platform.settings(),
    )
    cluster.start()
    yield cluster
    cluster.stop(quick=True)


@pytest.fixture
async def project(cluster: Cluster) -> AsyncIterator[OneProject]:
    """A project whose schema auth is empty, served at its `project_url`."""
    passwords = {role: secrets.token_hex(8) for role in ROLES}
    passwords[cluster.superuser.role] = cluster.superuser.password
    cluster.execute(
        "truncate auth.users, auth.audit_log_entries cascade",
        "drop schema if exists app cascade",
        "drop table if exists public.notes, public.profiles cascade",
        *(
            f"alter role {sql.ident(role)} password {sql.literal(password)}"
            for role, password in passwords.items()
        ),
    )
    project = OneProject(cluster, passwords)

    def get_project(ref: str) -> OneProject | None:
        return project if ref == REF else None

    routes = [*auth.routes(get_project), *rest.routes(get_project)]
    app = Starlette(routes=[Mount("/project/{ref}", routes=routes)])
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    project.project_url = f"http://127.0.0.1:{listener.getsockname()[1]}/project/{REF}"
    while not server.started:
        await asyncio.sleep(0.01)
    yield project
    server.should_exit = True
    await running
    listener.close()


@pytest.fixture
async def admin_http(project: OneProject) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP with the service_role key, below /auth/v1."""
    headers = {"apikey": KEYS.service_role, "Authorization": f"Bearer {KEYS.service_role}"}
    base = f"{project.project_url}/auth/v1"
    async with httpx.AsyncClient(base_url=base, headers=headers) as client:
        yield client


@pytest.fixture
async def anon_http(project: OneProject) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"apikey": KEYS.anon, "Authorization": f"Bearer {KEYS.anon}"}
    base = f"{project.project_url}/auth/v1"
    async with httpx.AsyncClient(base_url=base, headers=headers) as client:
        yield client


@asynccontextmanager
async def connected(url: str, key: str) -> AsyncIterator[supabase.AsyncClient]:
    """A real client, whose connections are closed in the end."""
    async with httpx.AsyncClient() as http:
        options = supabase.AsyncClientOptions(auto_refresh_token=False, httpx_client=http)
        yield await supabase.acreate_client(url, key, options)


@pytest.fixture
async def admin(project: OneProject) -> AsyncIterator[supabase.AsyncClient]:
    async with connected(project.project_url, KEYS.service_role) as client:
        yield client


@pytest.fixture
async def client(project: OneProject) -> AsyncIterator[supabase.AsyncClient]:
    async with connected(project.project_url, KEYS.anon) as client:
        yield client
