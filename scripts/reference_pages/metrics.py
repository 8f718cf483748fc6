"""What /metrics has, from the families that answer it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from reference_pages.words import plain, table
from supasync import api
from supasync.events import LastSync, Verdict
from supasync.service.board import Board, Finding
from supasync.service.jobs.port import Request, Result, Trigger
from supasync.service.metrics import Metrics
from supasync.service.worker import Ran


def part() -> str:
    rows = (
        (f"`{_name(each)}{_labels(each)}`", each.type, plain(each.documentation))
        for each in _families()
    )
    return table(("metric", "type", ""), rows)


def _families() -> Iterator[Metric]:
    """Of a service that has done each thing once: so each has a sample, and thus its labels."""
    client = api.Client(token=SecretStr("none"), production_ref="a" * 20)
    client.answers["GET /", "200"] = 1
    board = Board({"testing": True}, {})
    board.looked_at = time.time()
    good = LastSync(run_id="", at=0.0, verdict="Synced")
    board.ran(Finding(branch="testing", verdict=Verdict.SYNCED, at=1.0), good)
    metrics = Metrics(board, client)
    request = Request(branch="testing", trigger=Trigger.PUSH)
    metrics.ran(Ran(request=request, result=Result(code=0), seconds=1.0, again=False))
    metrics.delivered("github", "queued")
    for family in text_string_to_metric_families(metrics.text([]).decode()):
        if family.name.startswith("supasync_"):
            yield family


def _name(family: Metric) -> str:
    return family.name + ("_total" if family.type == "counter" else "")


def _labels(family: Metric) -> str:
    labels = family.samples[0].labels if family.samples else {"route": ""}
    return "{" + ",".join(labels) + "}" if (labels := [e for e in labels if e != "le"]) else ""
