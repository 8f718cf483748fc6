"""`supasync serve` and `watch` as processes: pushes, detected changes, kill -9 in the middle."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count
from queue import SimpleQueue
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest

from supasync.sandbox import Sandbox
from tests.acceptance.conftest import Team
from tests.acceptance.test_interruptions import HELD as LEASED
from tests.acceptance.test_interruptions import PAUSE, SEEDING, SLOW
from tests.collector import Collector, collecting
from tests.fix_sandbox import EVERYTHING
from tests.unit.service import deliveries

CONFIG = f"""
[project]
ref = "env(SUPABASE_PROJECT_REF)"

[branches.testing]

[branches.preview]
auto_sync_schema = false

[seed]
paths = ["seeds/*.sql"]
function = "public.reseed"

[watch]
interval = 5

[serve]
port = 0
api_rate = 1000
debounce = 0.5

[webhooks.github]
repository = "{deliveries.REPOSITORY}"
secret = "env(GITHUB_SECRET)"
"""
WAITS_FOR_A_LOCK = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
TWICE = "select count(*) - count(distinct (run_id, kind)) from supasync.journal"
CHANGES = "select count(*) from supasync.journal where kind = 'apply'"
HELD = 4711
WAITING = f"""
do $$ begin
  while exists (select from pg_locks where locktype = 'advisory' and objid = {HELD}) loop
    perform pg_sleep(0.05);
  end loop;
end $$;
"""
"""A seed that is not over as long as somebody holds this lock."""
HOLDING = "select run_id from supasync.lease where expires > clock_timestamp()"
SLOW_ROWS = "select count(*) from public.users where email = 'slow@example.test'"

STORM = 200
"""Deliveries; `scripts/bench serve` sends more, for longer."""

_numbers = count(1)
Phase = Callable[[Team, "Service"], AbstractContextManager[str]]


class Service:
    """A `supasync serve` of a team, which can be killed and started again."""

    def __init__(self, team: Team, **env: str) -> None:
        self.team, self.http, self._env = team, httpx.Client(timeout=30), env
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        self.process = self.team.start("serve", GITHUB_SECRET=deliveries.SECRET, **self._env)
        self._lines = SimpleQueue[str]()
        Thread(target=self._listen, args=(self.process, self._lines), daemon=True).start()
        self.url = self.event("serving")["address"]
        return self.process

    @staticmethod
    def _listen(process: subprocess.Popen[str], lines: SimpleQueue[str]) -> None:
        """Takes what the service says as it comes: on a full pipe it would wait."""
        assert process.stderr is not None
        for line in process.stderr:
            lines.put(line)
        lines.put("")

    def event(self, name: str) -> dict[str, Any]:
        """The next log line about this."""
        for line in self.rest():
            document: dict[str, Any] = json.loads(line)
            if document["event"] == name:
                return document
        pytest.fail(f"it ended before {name!r}")

    def rest(self) -> Iterator[str]:
        """Its log, as far as it was not looked at, to its end."""
        while line := self._lines.get(timeout=180):
            yield line

    def seen(self) -> dict[str, Any]:
        """The next change of what is known of a branch."""
        return {"objects": []} | self.event("a branch was looked at")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)

    def restart(self) -> None:
        self._start()

    def deliver(self, branch: str = "testing") -> str:
        """The job's id."""
        push = deliveries.github_push(f"refs/heads/{branch}", n=next(_numbers))
        sent = deliveries.github(push, x_github_delivery=f"d{next(_numbers)}")
        url, headers = f"{self.url}/webhooks/github", dict(sent.headers)
        answer = self.http.post(url, content=sent.body, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (202, "queued"), answer.text
        return str(answer.json()["job"])

    def get(self, path: str) -> dict[str, Any]:
        token = (self.team.folder / ".supasync/serve-token").read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        document: dict[str, Any] = self.http.get(self.url + path, headers=headers).json()
        return document

    def ended(self, job: str) -> dict[str, Any]:
        until(lambda: self.get(f"/api/jobs/{job}")["status"] == "ended")
        result: dict[str, Any] = self.get(f"/api/jobs/{job}")["result"]
        return result


def until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Of the service's traces."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def service(
    box: Sandbox, tmp_path_factory: pytest.TempPathFactory, collector: Collector
) -> Iterator[Service]:
    """One for all tests here, which leave it running."""
    team = Team(box, tmp_path_factory.mktemp("serve"))
    team.write("config.toml", CONFIG)
    assert team("branches", "sync", "testing", "--prune", GITHUB_SECRET="").code == 0
    yield Service(team, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100")
    team.close()


@contextmanager
def in_the_burst(_team: Team, service: Service) -> Iterator[str]:
    yield service.deliver()


@contextmanager
def in_the_change(team: Team, service: Service) -> Iterator[str]:
    with psycopg.connect(team.box.branches["testing"].db_url) as holder:
        holder.execute("select * from public.users")  # its lock is held until the block ends
        team.main_sql(f"alter table public.users add column killed_{next(_numbers)} text")
        job = service.deliver()
        until(lambda: team.sql("testing", WAITS_FOR_A_LOCK))
        yield job


@contextmanager
def in_the_seed(team: Team, service: Service) -> Iterator[str]:
    slow = team.write("seeds/30_slow.sql", SLOW + PAUSE)
    job = service.deliver()
    until(lambda: team.sql("testing", SEEDING))
    yield job
    slow.write_text(SLOW)


def test_its_token_is_shown_once_and_one_serves_from_a_folder(service: Service) -> None:
    token = (service.team.folder / ".supasync/serve-token").read_text().strip()
    assert service.process.stdout is not None
    assert token in service.process.stdout.readline()
    second = service.team("serve", GITHUB_SECRET=deliveries.SECRET)
    assert (second.code, "another `supasync serve`" in second.err) == (2, True), second.err
    assert token not in second.out + second.err


def test_a_change_on_production_is_seen_named_and_synced(service: Service) -> None:
    column = f"by_hand_{next(_numbers)}"
    until(lambda: service.get("/api/branches/testing")["sync_status"] == "Synced")
    service.team.main_sql(f"alter table public.users add column {column} text")
    began = time.monotonic()
    while f"+ column public.users.{column}" not in (event := service.seen())["objects"]:
        assert event["sync_status"] != "Unknown", event
    assert event["branch"] == "testing"
    assert time.monotonic() - began < 10  # the interval, and five seconds
    assert service.event("a run ended")["code"] == 0
    until(lambda: service.get("/api/branches/testing")["sync_status"] == "Synced")
    preview = service.get("/api/branches/preview")
    assert (preview["sync_status"], preview["drift"] > 0) == ("OutOfSync", True)
    assert preview["waits"] == "auto_sync_schema = false: differences are only reported"


@pytest.mark.parametrize("phase", [in_the_change, in_the_seed, *[in_the_burst] * EVERYTHING])
def test_killed_in_the_middle_the_next_start_finishes_it(service: Service, phase: Phase) -> None:
    team = service.team
    changes = team.sql("testing", CHANGES)
    with phase(team, service) as job:
        service.kill()
    service.restart()
    result = service.ended(job)
    assert (result["code"], result["verdict"]) == (0, "Synced"), result
    assert team.sql("testing", TWICE) == 0
    assert team.sql("testing", CHANGES) == changes + (phase is in_the_change)
    assert team.sql("testing", SLOW_ROWS) == (phase is in_the_seed)
    told = [each["run"]["exit_code"] for each in team.runs() if each["run"]["id"] == result["run"]]
    assert told == ([0] if phase is in_the_burst else [None, 0]), "what was killed is not left out"


def test_of_a_storm_with_a_kill_no_push_is_lost(service: Service) -> None:
    before = time.time()

    def deliver() -> str:
        while True:  # as a person at the sender would, who sees no answer
            with suppress(httpx.TransportError):
                return service.deliver()
            time.sleep(0.1)

    with ThreadPoolExecutor(8) as senders:
        jobs = [senders.submit(deliver) for _ in range(STORM)]
        until(lambda: sum(job.done() for job in jobs) > STORM / 3)
        service.kill()
        service.restart()
    column = f"stormy_{next(_numbers)}"
    service.team.main_sql(f"alter table public.users add column {column} text")
    last = service.deliver()
    results = [service.ended(job) for job in {*(job.result() for job in jobs), last}]
    assert len(results) == STORM + 1
    assert {result["code"] for result in results} == {0}
    assert len({result["run"] for result in results}) < STORM / 10  # bursts
    began = {each["run"]["id"]: each["run"]["started_at"] for each in service.team.runs()}
    assert all(began[result["run"]] > before for result in results)
    assert column in service.team.dump("testing")


def following(service: Service, seen: SimpleQueue[str]) -> Thread:
    """A browser on the branch's page: it is told how the run goes, to the end of the stream."""

    def follow() -> None:
        with httpx.Client(base_url=service.url, timeout=60) as browser:
            token = (service.team.folder / ".supasync/serve-token").read_text().strip()
            signing = {"origin": service.url}
            browser.post("/sign-in", data={"token": token}, headers=signing)
            with browser.stream("GET", "/progress/testing") as answer:
                for line in answer.iter_lines():
                    seen.put(line)
        seen.put("the end")

    thread = Thread(target=follow)
    thread.start()
    return thread


def test_a_stop_is_quick_whoever_holds_it_up_and_hands_back_what_runs(
    service: Service, collector: Collector
) -> None:
    team, seen = service.team, SimpleQueue[str]()
    team.write("seeds/40_held.sql", WAITING)
    with psycopg.connect(team.box.branches["testing"].db_url) as holder:
        holder.execute("select pg_advisory_lock(%s)", (HELD,))  # until the block ends
        job = service.deliver()
        until(lambda: team.sql("testing", SEEDING))
        browser = following(service, seen)
        while "seed" not in seen.get(timeout=30):
            pass
        collector.answers.clear()
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(timeout=60)
        took = time.monotonic() - began
        browser.join(timeout=10)
    assert took < 10
    while seen.get(timeout=5) != "the end":  # not cut off: that raises in the browser
        pass
    assert service.process.stdout is not None
    out, err = service.process.stdout.read(), "".join(service.rest())
    assert (service.process.returncode, "Traceback" in err) == (0, False), err
    assert out == ""  # no token a second time
    assert f"traces could not be delivered to {collector.url}: no answer within 2 s" in err

    left = team.sql("testing", HOLDING)
    collector.answers.set()
    service.restart()
    result = service.ended(job)
    assert (result["code"], result["run"]) == (0, left)
    assert (team.sql("testing", LEASED), team.sql("testing", TWICE)) == (0, 0)
    told = [each["run"]["exit_code"] for each in team.runs() if each["run"]["id"] == left]
    assert told == [130, 0]
    until(lambda: any(not each.parent for each in collector.of(left)))
    [root] = [each for each in collector.of(left) if not each.parent]
    assert root.attributes["supasync.trigger"] == "push"


def test_watch_does_it_without_a_server(service: Service) -> None:
    team, column = service.team, f"watched_{next(_numbers)}"
    service.kill()
    team.main_sql(f"alter table public.users add column {column} text")
    seen = team("watch", "--once", "--json")
    assert seen.code == 1, seen.out + seen.err  # preview is only reported
    events = [json.loads(line) for line in seen.out.splitlines()]
    looks = [event for event in events if event["event"] == "a branch was looked at"]
    assert [f"+ column public.users.{column}"] in [event.get("objects") for event in looks]
    [ended] = [event for event in events if event["event"] == "a run ended"]
    assert (ended["branch"], ended["code"], ended["sync_status"]) == ("testing", 0, "Synced")
    last = {event["branch"]: event["sync_status"] for event in events if "sync_status" in event}
    assert last == {"testing": "Synced", "preview": "OutOfSync"}


def test_a_place_that_is_none(team: Team) -> None:
    result = team("serve", "--host", "192.0.2.1")
    assert (result.code, "cannot be listened at" in result.err) == (2, True), result.err
