"""When traces are on, and what is told when they cannot be."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import pytest

from supasync import telemetry
from supasync.telemetry import process
from tests.collector import collecting, silent

HERE = "http://127.0.0.1:4318"
ON = {"OTEL_EXPORTER_OTLP_ENDPOINT": HERE}


def told(env: Mapping[str, str]) -> list[str]:
    """What is said of traces where runs begin."""
    lines: list[str] = []
    with telemetry.exporting(env, lines.append):
        telemetry.begin(lines.append)
        telemetry.begin(lines.append)
    return lines


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
        {"OTEL_SERVICE_NAME": "supasync"},
        ON | {"OTEL_SDK_DISABLED": "True"},
        ON | {"OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_they_are_off_unless_asked_for(
    env: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("opentelemetry", "opentelemetry.sdk"):  # would be told, were they looked for
        monkeypatch.setitem(sys.modules, name, None)
    assert told(env) == []
    with telemetry.traced(print, trigger="command") as emit:
        assert emit is print


@pytest.mark.parametrize(
    ("env", "notice"),
    [
        (ON | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "the protocol grpc is not spoken"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "secret:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT is no URL"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://"}, "OTLP_TRACES_ENDPOINT is no URL"),
    ],
)
def test_what_cannot_be_is_told_once(env: Mapping[str, str], notice: str) -> None:
    [line] = told(env)
    assert line.startswith("no traces: ")
    assert notice in line
    assert "secret" not in line


def test_a_variable_that_the_library_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1")  # less than a batch
    [line] = told(ON)
    assert "a variable OTEL_… has a value that cannot be used (ValueError)" in line


def test_without_the_extra_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("opentelemetry", "opentelemetry.sdk"):
        monkeypatch.setitem(sys.modules, name, None)
    assert told(ON) == ["no traces: they need the extra `otel`: pip install 'supasync[otel]'"]


def test_a_process_traces_anew_after_its_end() -> None:
    with collecting() as collector:
        for _ in range(2):
            with telemetry.exporting({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}, pytest.fail):
                tracer = process.tracer()
                assert tracer is not None
                tracer.start("a run", None, {}).end()
    assert [span.name for span in collector.spans] == ["a run", "a run"]


@contextmanager
def refusing() -> Iterator[str]:
    with collecting(status=401) as collector:
        yield collector.url


@contextmanager
def gone() -> Iterator[str]:
    with silent() as url:
        pass
    yield url


@pytest.mark.parametrize(
    ("collector", "why"), [(refusing, "HTTP 401"), (gone, "no answer within 2 s")]
)
def test_a_collector_that_takes_nothing_is_told_once_without_its_path(
    collector: Callable[[], AbstractContextManager[str]], why: str
) -> None:
    lines: list[str] = []
    with collector() as url:
        env = {"OTEL_EXPORTER_OTLP_ENDPOINT": url.replace("//", "//user:secret@") + "/secret"}
        began = time.monotonic()
        with telemetry.exporting(env, lines.append):
            tracer = process.tracer()
            assert tracer is not None
            tracer.start("a run", None, {}).end()
        assert time.monotonic() - began < 9  # the library's own end waits ten
    assert lines == [f"traces could not be delivered to {url}: {why}"]
