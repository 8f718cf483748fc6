"""The traces of commands, as a collector gets them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.acceptance.conftest import Team
from tests.acceptance.test_secrets import SESSION, secrets
from tests.collector import Collector, Span, collecting, silent

ROW = "a row that only the database may have"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def named(collector: Collector, name: str) -> Span:
    [span] = [span for span in collector.spans if span.name == name]
    return span


def test_a_sync_is_one_trace_down_to_its_requests(synced: Team, collector: Collector) -> None:
    synced.main_sql("alter table public.users add column traced text")
    synced.write("seeds/30_traced.sql", f"update public.users set traced = '{ROW}';\n")
    where = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    result = synced("branches", "sync", "testing", "--json", **where)
    assert (result.code, result.err.count("trace")) == (0, 0), result.out + result.err
    run, [branch] = result.json["run"], result.json["branches"]

    [tree] = collector.trees()
    assert tree.startswith("branches sync\n  branch testing\n    ready\n      GET /v1/projects")
    assert "\n    seed\n      POST /v1/projects/{ref}/database/query\n" in tree
    assert "\n  branch main\n    observe\n      POST /v1/projects/{ref}/database/query" in tree
    below = collector.below(named(collector, "branch testing"))
    assert [span.name for span in below if not span.client] == [
        each["phase"] for each in branch["phases"]
    ]
    requests = [span for span in collector.spans if span.client]
    assert Counter(span.name for span in requests) == result.json["api_calls"]["routes"]
    assert {span.attributes["supasync.run_id"] for span in collector.spans} == {run["id"]}
    assert {span.resource["service.name"] for span in collector.spans} == {"supasync"}

    root, seed = named(collector, "branches sync"), named(collector, "seed")
    assert root.attributes["supasync.trigger"] == "command"
    assert root.attributes["supasync.exit_code"] == 0
    assert 0 < root.seconds <= run["seconds"] + 0.1
    assert named(collector, "branch testing").attributes["supasync.verdict"] == "Synced"
    [request] = collector.below(seed)
    at, ref = urlsplit(synced.box.api_url), synced.box.branches["testing"].ref
    assert request.attributes == {
        "supasync.run_id": run["id"],
        "supasync.branch": "testing",
        "supasync.phase": "seed",
        "http.request.method": "POST",
        "http.response.status_code": 201,
        "server.address": at.hostname,
        "server.port": at.port,
        "url.scheme": "http",
        "url.path": f"/v1/projects/{ref}/database/query",
        "url.template": "/v1/projects/{ref}/database/query",
    }
    told = repr(collector.spans)
    for secret in (*secrets(synced.box), ROW, "@example.test", "select"):
        assert secret not in told
    assert not SESSION.search(told)


def test_what_fails_is_marked_from_the_request_up(team: Team, collector: Collector) -> None:
    team.write("seeds/30_wrong.sql", f"insert into public.users (role) values ('{ROW}');\n")
    where = {
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{collector.url}/some/path",
        "OTEL_EXPORTER_OTLP_HEADERS": "x-key=k",
        "OTEL_SERVICE_NAME": "nightly",
    }
    result = team("branches", "sync", "testing", "--prune", **where)
    assert result.code == 7, result.out + result.err
    seed = named(collector, "seed")
    [request] = collector.below(seed)
    branch = named(collector, "branch testing")
    kinds = [span.attributes["error.type"] for span in (request, seed, branch)]
    assert kinds == ["400", "failed", "SeedError"]
    failed = [span for span in collector.spans if span.failed]
    assert {span.id for span in failed} == {request.id, seed.id, branch.id}
    assert named(collector, "branches sync").attributes["supasync.exit_code"] == 7
    assert request.resource["service.name"] == "nightly"
    assert {(each["path"], each["x-key"]) for each in collector.headers} == {("/some/path", "k")}
    assert ROW not in repr(collector.spans)


def test_statements_for_a_url_are_spans(team: Team, collector: Collector) -> None:
    urls = team.box.main.db_url, team.box.branches["preview"].db_url
    result = team("schema", "diff", *urls, "--json", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    assert result.code in (0, 1), result.err
    [first, *_] = requests = [span for span in collector.spans if span.client]
    assert {span.name for span in requests} == {"read postgres"}
    assert first.attributes["db.system.name"] == "postgresql"
    assert first.attributes["server.port"] in {urlsplit(url).port for url in urls}
    assert len(collector.trees()) == 1
    for secret in (*secrets(team.box), "select"):
        assert secret not in repr(collector.spans)


def test_a_silent_collector_costs_a_line_and_two_seconds(team: Team) -> None:
    with silent() as url:
        began = time.monotonic()
        result = team("branches", "status", "testing", "--json", OTEL_EXPORTER_OTLP_ENDPOINT=url)
        took = time.monotonic() - began
    assert result.code in (0, 1), result.err
    lost = f"Warning: traces could not be delivered to {url}: no answer within 2 s\n"
    assert result.err.endswith(lost), result.err
    assert result.err.count("traces") == 1
    assert took < 9  # the library's own end waits ten
