"""Where the token goes: to the API's own origin over TLS that is verified, and nowhere else."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from supasync import api
from supasync.errors import SupasyncError, TransportError

MAIN, BRANCH = "abcdefghijklmnopqrst", "bbcdefghijklmnopqrst"
TOKEN = "sbp_" + "5ec7e7" * 7


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    headers |= {"content-length": str(len(body)), "connection": "close"}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


OK = answer("201 Created", b'[{"j":"yes"}]')


@asynccontextmanager
async def server(
    answer: bytes, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Gives every request the same answer; yields its URL and what it was sent."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: ([0-9]+)", head.lower())
        requests.append(head + await reader.readexactly(int(length[1]) if length else 0))
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}", requests


def client(url: str) -> api.Client:
    policy = api.Policy(attempts=2, first_wait_seconds=0.01)
    return api.Client(api_url=url, token=SecretStr(TOKEN), production_ref=MAIN, policy=policy)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_elsewhere_gets_nothing(status: int) -> None:
    async with server(OK) as (elsewhere, sent_elsewhere):
        moved = answer(f"{status} Moved", location=f"{elsewhere}/v1/x")
        async with server(moved) as (url, sent), client(url) as session:
            for call in (
                session.projects.list(),
                session.production.fetch("select 1"),
                session.database(BRANCH).run("select 1"),
            ):
                with pytest.raises(SupasyncError) as caught:
                    await call
                assert TOKEN not in repr(caught.value)
    assert sent_elsewhere == []
    assert all(TOKEN.encode() in request for request in sent)


async def test_another_origin_gets_no_token() -> None:
    async with server(OK) as (elsewhere, sent), client("http://127.0.0.1:9") as session:
        await session._http._client.get(f"{elsewhere}/v1/projects")
    [request] = sent
    assert request.startswith(b"GET /v1/projects")
    assert TOKEN.encode() not in request


def test_nothing_prints_it() -> None:
    session = client("http://127.0.0.1:9")
    for part in (
        session,
        session._http,
        session._http._client,
        vars(session._http),
        session._http._client.auth,
    ):
        assert TOKEN not in repr(part)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed by itself, for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(encoding)
        + key.private_bytes(
            encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_server_that_cannot_prove_who_it_is_gets_nothing(tls: ssl.SSLContext) -> None:
    async with server(OK, tls) as (url, sent), client(url) as session:
        with pytest.raises(TransportError, match="not trusted; nothing was sent") as caught:
            await session.production.fetch("select 1")
        assert session.calls.total() == 1
    assert sent == []
    assert "SSL_CERT_FILE" in str(caught.value.remedy)


async def test_a_trusted_one_is_asked(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with server(OK, tls) as (url, sent), client(url) as session:
        assert await session.production.fetch("select 1") == "yes"
    assert len(sent) == 1
