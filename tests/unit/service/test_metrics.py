"""What /metrics says, and that the documentation lists all of it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
import respx
from prometheus_client.parser import text_string_to_metric_families

from supasync import api
from supasync.events import LastSync, Verdict
from supasync.service.board import Board, Finding
from supasync.service.jobs.port import Job, Request, Result, Status, Trigger
from supasync.service.metrics import Metrics
from supasync.service.worker import Ran
from tests.unit.api.world import MAIN
from tests.unit.life.conftest import BRANCHES, row

DOCS = Path(__file__).parents[3] / "docs/reference/metrics.md"
ROW = r"^\| `(supasync_\w+)(?:\{(.*?)\})?` \|"
PUSH = Request(branch="testing", trigger=Trigger.PUSH)
Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]


def samples(metrics: Metrics, *jobs: Job) -> Samples:
    """By name and labels."""
    found: Samples = {}
    for family in text_string_to_metric_families(metrics.text(jobs).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def ran(result: Result, seconds: float = 3.0) -> Ran:
    return Ran(request=PUSH, result=result, seconds=seconds, again=False)


@pytest.fixture
def board() -> Board:
    board = Board({"testing": True, "preview": False}, {})
    good = LastSync(run_id="1", at=1000.0, verdict="Synced")
    board.ran(Finding(branch="testing", verdict=Verdict.SYNCED, at=1001.0), good)
    differs = ("+ table public.a", "+ table public.b")
    board.found(Finding(branch="preview", verdict=Verdict.OUT_OF_SYNC, objects=differs, at=1.0))
    return board


@pytest.fixture
def metrics(board: Board, client: api.Client) -> Metrics:
    return Metrics(board, client)


def test_of_branches(board: Board, metrics: Metrics) -> None:
    job = Job(id="1", status=Status.RUNNING, created=1.0, branch="testing")
    found = samples(metrics, job, Job(id="2", status=Status.WAITING, created=1.0))
    assert found["supasync_branch_info"] == {
        (("branch", "testing"), ("health", "Progressing"), ("sync_status", "Synced")): 1,
        (("branch", "preview"), ("health", "Healthy"), ("sync_status", "OutOfSync")): 1,
    }
    assert found["supasync_branch_drift_objects"][("branch", "preview"),] == 2
    assert found["supasync_branch_last_sync_timestamp_seconds"] == {(("branch", "testing"),): 1000}
    looked = {(("branch", "testing"),): 1001, (("branch", "preview"),): 1}
    assert found["supasync_branch_last_look_timestamp_seconds"] == looked
    assert found["supasync_jobs"] == {
        (("status", "waiting"),): 1,
        (("status", "running"),): 1,
    }
    assert "supasync_last_look_timestamp_seconds" not in found
    board.looked_at = 5.0
    bad = LastSync(run_id="2", at=2.0, verdict="OutOfSync", failed="apply", reason="no")
    board.ran(Finding(branch="testing", verdict=Verdict.OUT_OF_SYNC), bad)
    found = samples(metrics)
    assert found["supasync_last_look_timestamp_seconds"] == {(): 5.0}
    healths = {dict(each)["branch"]: dict(each)["health"] for each in found["supasync_branch_info"]}
    assert healths == {"testing": "Degraded", "preview": "Healthy"}
    assert "supasync_branch_last_sync_timestamp_seconds" not in found


def test_of_syncs_and_deliveries(metrics: Metrics) -> None:
    for result in (Result(code=0), Result(code=0), Result(code=3), Result(code=6), Result(code=5)):
        metrics.ran(ran(result))
    metrics.ran(ran(Result(code=0, held="only reported")))
    for sender, answer in (("github", "queued"), ("github", "queued"), ("<script>", "refused")):
        metrics.delivered(sender, answer)
    found = samples(metrics)
    by_result = {dict(each)["result"]: n for each, n in found["supasync_sync_total"].items()}
    assert by_result == {"succeeded": 2, "unknown": 2, "failed": 1, "reported": 1}
    assert found["supasync_sync_duration_seconds_count"] == {(("branch", "testing"),): 6}
    assert found["supasync_webhook_deliveries_total"] == {
        (("answer", "queued"), ("sender", "github")): 2,
        (("answer", "refused"), ("sender", "other")): 1,
    }


async def test_of_the_platforms_api(
    metrics: Metrics, client: api.Client, platform: respx.MockRouter
) -> None:
    told = {"x-ratelimit-remaining": "117", "x-ratelimit-reset": "60"}
    good = httpx.Response(200, json=[row()], headers=told)
    platform.get(BRANCHES).mock(side_effect=[httpx.Response(503), httpx.ConnectError("no"), good])
    await client.branches.list(MAIN)
    found, route = samples(metrics), ("route", "GET /v1/projects/{ref}/branches")
    sent = found["supasync_api_requests_total"]
    assert {dict(each)["status"]: n for each, n in sent.items()} == {"503": 1, "none": 1, "200": 1}
    assert found["supasync_api_rate_limit_remaining"] == {(route,): 117}


def test_the_documentation_has_each_metric_with_its_labels(metrics: Metrics) -> None:
    metrics.ran(ran(Result(code=0)))
    metrics.delivered("github", "queued")
    described: dict[str, set[str]] = {}
    for name, labels in re.findall(
        r"^\| `(supasync_\w+)(?:\{(.*?)\})?` \|", DOCS.read_text(), re.MULTILINE
    ):
        described[name] = set(labels.split(",")) - {""}
    there = {
        line.split()[2]: line.split()[3]
        for line in metrics.text([]).decode().splitlines()
        if line.startswith("# TYPE supasync_")
    }
    assert set(described) == set(there)
    for name, series in samples(metrics).items():
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        for labels in series:
            assert {label for label, _ in labels} - {"le"} == described.get(base, set()), name
