"""The routes over real HTTP: deliveries in, the state of things out, and what is refused."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from supasync import api
from supasync.api.clock import SystemClock
from supasync.config import Branch, Config, Project
from supasync.sandbox import Sandbox
from supasync.service import app, listen, token
from supasync.service.board import of_config
from supasync.service.directory import Directory
from supasync.service.edge import Edge
from supasync.service.headers import HEADERS
from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.jobs.durable import DurableJobs
from supasync.service.jobs.port import Result
from supasync.service.metrics import Metrics
from supasync.service.receive import Reception
from supasync.service.throttle import Throttle
from supasync.service.webhooks.delivery import Delivery
from tests.integration.service.conftest import Working, ended
from tests.unit.service import deliveries

RATE = 10
"""Deliveries a second, so that a test can be too fast."""

GITHUBS_ID = deliveries.github({}).headers["x-github-delivery"]


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str, int]]:
    """Whose deliveries were logged since the last time: address, sender, id and answer."""
    found = [vars(each) for each in caplog.records if each.message == "a delivery"]
    caplog.clear()
    return [(each["address"], each["sender"], each["delivery"], each["http"]) for each in found]


@dataclass
class Served:
    http: httpx.AsyncClient
    address: tuple[str, int]
    jobs: DurableJobs
    token: str

    async def deliver(self, sender: str, delivery: Delivery) -> httpx.Response:
        headers = dict(delivery.headers)
        return await self.http.post(f"/webhooks/{sender}", content=delivery.body, headers=headers)

    async def get(self, path: str, *, method: str = "GET") -> httpx.Response:
        return await self.http.request(
            method, path, headers={"authorization": f"Bearer {self.token}"}
        )

    async def say(self, text: bytes) -> bytes:
        """What a connection answers to this, until it is closed."""
        reader, writer = await asyncio.open_connection(*self.address)
        writer.write(text)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()


@pytest.fixture
async def served(sandbox: Sandbox, working: Working, tmp_path: Path) -> AsyncIterator[Served]:
    config = Config(
        project=Project(ref=sandbox.main.ref, api_url=sandbox.api_url),
        branches={"testing": Branch()},
        webhooks=deliveries.SETTINGS,
        file=tmp_path / "config.toml",
    )
    secret, clock = token.of_folder(tmp_path), SystemClock()
    place = Place(file=tmp_path / "jobs.sqlite", name="this")
    listening = listen.bind("127.0.0.1", 0)
    async with (
        api.Client(
            api_url=sandbox.api_url,
            token=SecretStr(sandbox.access_token),
            production_ref=sandbox.main.ref,
        ) as client,
        durable.opened(working, place, debounce=0.1) as jobs,
    ):
        reception = Reception(
            settings=config.webhooks, directory=Directory(client, config, clock), jobs=jobs
        )
        board = of_config(config, {})
        parts = app.Parts(
            reception=reception,
            board=board,
            jobs=jobs,
            token=secret,
            clock=clock,
            alive=lambda: True,
            metrics=Metrics(board, client),
        )
        address = listening.getsockname()[:2]
        slow = Throttle(RATE, clock)
        edge = Edge(
            app.application(parts), webhooks=slow, others=Throttle(1000, clock), clock=clock
        )
        async with (
            listen.serving(edge, listening, ["127.0.0.1"]),
            httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as http,
        ):
            yield Served(http, address, jobs, str(secret.fresh))


async def test_a_push_is_stored_before_the_answer_and_done_once(
    served: Served, working: Working, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "supasync")
    push = deliveries.github(deliveries.github_push())
    first = await served.deliver("github", push)
    assert logged(caplog) == [("127.0.0.1", "github", GITHUBS_ID, 202)]
    assert (first.status_code, first.json()["status"]) == (202, "queued")
    id_ = first.json()["job"]
    assert (await served.deliver("github", push)).json()["status"] == "duplicate"
    [branch] = (await served.get("/api/branches")).json()["branches"]
    assert (branch["name"], branch["sync_status"]) == ("testing", "Unknown")
    assert [job["status"] in {"waiting", "running"} for job in branch["jobs"]] == [True]
    working.go.set()
    await ended(served.jobs, id_)
    assert (await served.get(f"/api/jobs/{id_}")).json()["result"]["verdict"] == "Synced"
    assert (await served.deliver("github", push)).json()["status"] == "duplicate"
    assert len(working.done) == 1
    told = await served.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    counted = {'answer="queued",sender="github"': 1, 'answer="duplicate",sender="github"': 2}
    for labels, n in counted.items():
        assert f"supasync_webhook_deliveries_total{{{labels}}} {n}.0" in told.text


async def test_a_failed_delivery_runs_again_when_it_is_delivered_again(
    served: Served, working: Working
) -> None:
    working.go.set()
    working.result = Result(code=5, reason="it did not work")
    push = deliveries.gitlab(
        {
            "ref": "refs/heads/testing",
            "after": "b" * 40,
            "project": {"path_with_namespace": deliveries.REPOSITORY},
        }
    )
    first = (await served.deliver("gitlab", push)).json()
    assert not (await ended(served.jobs, first["job"])).succeeded
    working.result = Result(code=0)
    again = (await served.deliver("gitlab", push)).json()
    assert again["status"] == "queued"
    assert (await ended(served.jobs, again["job"])).succeeded
    assert (await served.deliver("gitlab", push)).json()["status"] == "duplicate"
    assert len(working.done) == 2


async def test_what_queues_nothing(
    served: Served, working: Working, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "supasync")
    secretless = deliveries.github(deliveries.github_push(), x_hub_signature_256="")
    large = deliveries.github(b"x" * (app.LARGEST_BYTES + 1))
    form = deliveries.github(b"payload={}", content_type="application/x-www-form-urlencoded")
    unknown = deliveries.github(deliveries.github_push("refs/heads/größe/ß"))
    preview = deliveries.github(deliveries.github_push("refs/heads/preview"))
    main = deliveries.github(deliveries.github_push("refs/heads/main"))
    ping = deliveries.github({"zen": "…"}, x_github_event="ping")
    for delivery, status, told in (
        (secretless, 401, "X-Hub-Signature-256 is missing"),
        (large, 413, "at most 10 MB"),
        (form, 415, "application/json"),
        (deliveries.github(b"{"), 400, "not understood"),
        (unknown, 202, "no branch is configured for größe/ß"),
        (preview, 202, "no branch is configured for preview"),
        (main, 202, "production"),
        (ping, 200, "pong"),
    ):
        answer = await served.deliver("github", delivery)
        assert (answer.status_code, told in answer.text) == (status, True), answer.text
        assert logged(caplog) == [("127.0.0.1", "github", GITHUBS_ID, status)]
    odd = {"webhook-id": "x\x1b" * 300, "x-forwarded-for": "192.0.2.9"}
    assert (await served.http.post("/webhooks/gitea", headers=odd)).status_code == 404
    [(address, sender, id_, status)] = logged(caplog)
    assert (address, sender, len(id_), status) == ("192.0.2.9", "gitea", 64, 404)
    assert (await served.http.get("/webhooks/github")).status_code == 405
    several = deliveries.bitbucket(
        *({"type": "branch", "name": name} for name in ("testing", "nobody"))
    )
    both = (await served.deliver("bitbucket", several)).json()
    assert [each["status"] for each in both["branches"]] == ["queued", "ignored"]
    assert len(await served.jobs.open()) == 1  # Bitbucket's, none of GitHub's
    working.go.set()


async def test_a_large_body_is_refused_before_it_was_sent(served: Served) -> None:
    head = b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 26214400\r\n\r\n"
    began = time.monotonic()
    answer = await served.say(head + b"x" * 1000)
    assert answer.startswith(b"HTTP/1.1 413")
    assert time.monotonic() - began < 5


async def test_who_is_slow_is_sent_away(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(listen, "HEAD_SECONDS", 0.3)
    head = b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n"
    assert (await served.say(head + b"\r\nx")).startswith(b"HTTP/1.1 408")
    assert await served.say(head) == b""  # closed
    assert (await served.http.get("/healthz")).status_code == 200


async def test_the_api_wants_its_token(served: Served) -> None:
    for path in ("/api/branches", "/api/branches/testing", "/api/jobs/x", "/metrics"):
        answer = await served.http.get(path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert (await served.http.delete("/api/jobs/x")).status_code == 401
    assert (await served.get("/api/branches/testing")).json()["auto_sync"] is True
    assert (await served.get("/api/branches/nobody")).status_code == 404
    assert (await served.get("/api/jobs/x")).status_code == 404
    assert (await served.get("/api/jobs/x", method="DELETE")).status_code == 404


async def test_what_cannot_be_stored_is_to_be_delivered_again(
    served: Served, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as store:
        store.execute("drop table deliveries")
    answer = await served.deliver("github", deliveries.github(deliveries.github_push()))
    assert (answer.status_code, "deliver it again" in answer.text) == (503, True)


async def test_every_answer_has_the_headers(served: Served) -> None:
    for path in ("/healthz", "/api/branches", "/nowhere", "/webhooks/gitea"):
        found = (await served.http.get(path)).headers
        assert HEADERS.items() <= dict(found).items(), path
    ready = await served.http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


async def test_an_address_has_its_limit_and_a_trusted_proxy_tells_it(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async def delivered(address: str) -> httpx.Response:
        headers = {"x-forwarded-for": address}
        return await served.http.post("/webhooks/gitea", headers=headers)

    flood = [await delivered("192.0.2.1, 127.0.0.1") for _ in range(60)]
    refused = [answer for answer in flood if answer.status_code == 429]
    assert refused
    assert {answer.status_code for answer in flood} == {404, 429}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert HEADERS.items() <= dict(refused[0].headers).items()
    told = [vars(each) for each in caplog.records if each.message == "refused"]
    assert [(each["address"], each["http"]) for each in told] == [("192.0.2.1", 429)]
    assert (await delivered("192.0.2.2")).status_code == 404
    assert (await served.http.get("/healthz")).status_code == 200
