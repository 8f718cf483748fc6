"""What Prometheus is told, in a registry of its own.

What is true at the moment is read when it is asked for; only what happens is counted here. No
label has values that come from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from supasync import __version__, api
from supasync.service import health
from supasync.service.board import Board
from supasync.service.jobs.port import Job, Status
from supasync.service.webhooks import SENDERS
from supasync.service.worker import Ran

CONTENT_TYPE = prometheus_client.CONTENT_TYPE_PLAIN_0_0_4

_BUCKETS = (1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 300.0, 600.0, 1200.0)
"""Seconds: from a sync without a change to one after the platform's own slow run."""

_Value: TypeAlias = tuple[tuple[str, ...], float]
"""Of a sample, after those of its labels."""


class Metrics:
    def __init__(self, board: Board, client: api.Client) -> None:
        # or each counter would have a second series that says when it was made
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._now = _Now(board, client)
        self._registry.register(self._now)
        ProcessCollector(registry=self._registry)
        self._syncs = Counter(
            "supasync_sync",
            "Tries of syncs that the service began",
            ["branch", "result", "trigger"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "supasync_sync_duration_seconds",
            "How long these tries took, with the wait for the platform's own run",
            ["branch"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._deliveries = Counter(
            "supasync_webhook_deliveries",
            "Deliveries of webhooks",
            ["sender", "answer"],
            registry=self._registry,
        )

    def ran(self, ran: Ran) -> None:
        """See worker.Worker."""
        branch, trigger = ran.request.branch, str(ran.request.trigger)
        self._syncs.labels(branch, ran.outcome, trigger).inc()
        self._seconds.labels(branch).observe(ran.seconds)

    def delivered(self, sender: str, answer: str) -> None:
        """answer: the answer's word, such as `queued`."""
        self._deliveries.labels(sender if sender in SENDERS else "other", answer).inc()

    def text(self, jobs: Sequence[Job]) -> bytes:
        """In Prometheus' text format. jobs: those that wait or run."""
        self._now.jobs = jobs
        return prometheus_client.generate_latest(self._registry)


class _Now(Collector):
    """What is known at the moment that somebody asks."""

    def __init__(self, board: Board, client: api.Client) -> None:
        self._board, self._client = board, client
        self.jobs: Sequence[Job] = ()

    def collect(self) -> Iterable[Metric]:
        told = "Of this process; always 1"
        yield _gauge("supasync_build_info", told, [((__version__,), 1)], "version")
        yield from self._of_branches()
        yield from self._of_the_api()
        waiting = sum(job.status is Status.WAITING for job in self.jobs)
        counts = [(("waiting",), waiting), (("running",), len(self.jobs) - waiting)]
        yield _gauge("supasync_jobs", "Jobs that wait or run", counts, "status")

    def _of_branches(self) -> Iterable[Metric]:
        running = {job.branch for job in self.jobs if job.status is Status.RUNNING}
        info: list[_Value] = []
        drift: list[_Value] = []
        synced: list[_Value] = []
        looked: list[_Value] = []
        for entry in self._board.entries():
            name, verdict = entry.finding.branch, str(entry.finding.verdict)
            branch_health = health.of_entry(entry, running=name in running)
            info.append(((name, verdict, str(branch_health)), 1))
            drift.append(((name,), len(entry.finding.objects)))
            if entry.finding.at:
                looked.append(((name,), entry.finding.at))
            if entry.last_sync is not None and entry.last_sync.good:
                synced.append(((name,), entry.last_sync.at))
        labels = ("branch", "sync_status", "health")
        yield _gauge("supasync_branch_info", "Of each branch; always 1", info, *labels)
        told = "Objects that differ from production's"
        yield _gauge("supasync_branch_drift_objects", told, drift, "branch")
        told = "When the last sync began, of branches whose last sync was good"
        yield _gauge("supasync_branch_last_sync_timestamp_seconds", told, synced, "branch")
        told = "When a look or a sync last told something of the branch"
        yield _gauge("supasync_branch_last_look_timestamp_seconds", told, looked, "branch")
        at = self._board.looked_at
        told = "When all branches were last looked at"
        yield _gauge("supasync_last_look_timestamp_seconds", told, [] if at is None else [((), at)])

    def _of_the_api(self) -> Iterable[Metric]:
        told = "Requests sent to the platform, by HTTP status; none: no answer"
        sent = CounterMetricFamily("supasync_api_requests", told, labels=["route", "status"])
        for labels, count in self._client.answers.items():
            sent.add_metric(labels, count)
        yield sent
        left: list[_Value] = [((route,), n) for route, n in self._client.remaining().items()]
        told = "Requests the platform still takes in this window, as its answers say"
        yield _gauge("supasync_api_rate_limit_remaining", told, left, "route")


def _gauge(name: str, told: str, values: Sequence[_Value], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=labels)
    for at, value in values:
        family.add_metric(at, value)
    return family
