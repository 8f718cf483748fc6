"""Spans on their way to a collector, by OTLP over HTTP. The only file that knows OpenTelemetry.

Delivery happens in a thread of its own: what goes wrong there is told once, and holds nothing up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import requests
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from supasync import __version__
from supasync.telemetry import spans
from supasync.telemetry.spans import Attributes

FLUSH_SECONDS = 2.0
"""What the end of a process may wait for the collector."""

_NO_ANSWER = "no answer"


class Export:
    """See spans.Tracer. place: the collector, for people. tell: hears what was not delivered."""

    def __init__(self, url: str, place: str, tell: Callable[[str], None]) -> None:
        """Raises: whatever the library makes of its variables."""
        _silence()
        self._exporter = _Exporter(url, place, tell)
        self._processor = BatchSpanProcessor(self._exporter)
        provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        self._tracer = provider.get_tracer("supasync", __version__)

    def start(
        self, name: str, parent: spans.Span | None, attributes: Attributes, *, client: bool = False
    ) -> _Span:
        above = trace.set_span_in_context(
            parent.inner if isinstance(parent, _Span) else trace.INVALID_SPAN
        )
        kind = trace.SpanKind.CLIENT if client else trace.SpanKind.INTERNAL
        return _Span(self._tracer.start_span(name, above, kind, attributes))

    def close(self) -> None:
        """Takes FLUSH_SECONDS at most: the library's own end waits for a request of any length."""
        flushing = Thread(target=self._processor.shutdown, daemon=True)
        flushing.start()
        flushing.join(FLUSH_SECONDS)
        if flushing.is_alive():
            self._exporter.lost(f"no answer within {FLUSH_SECONDS:g} s")


class _Span:
    def __init__(self, inner: trace.Span) -> None:
        self.inner = inner

    def note(self, attributes: Attributes) -> None:
        self.inner.set_attributes(dict(attributes))

    def fail(self, kind: str) -> None:
        self.inner.set_attribute("error.type", kind)
        self.inner.set_status(trace.StatusCode.ERROR)

    def end(self) -> None:
        self.inner.end()


class _Exporter(SpanExporter):
    """The library's, of which one hears only when it begins to fail."""

    def __init__(self, url: str, place: str, tell: Callable[[str], None]) -> None:
        self._place, self._tell = place, tell
        self._failing = False
        self._answer = _NO_ANSWER
        session = requests.Session()
        session.hooks["response"].append(self._answered)
        self._inner = OTLPSpanExporter(url, session=session)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self._answer = _NO_ANSWER
        result = self._inner.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._failing = False
        else:
            self.lost(self._answer)
        return result

    def lost(self, why: str) -> None:
        if not self._failing:
            self._failing = True
            self._tell(f"traces could not be delivered to {self._place}: {why}")

    def _answered(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self._answer = f"HTTP {response.status_code}"

    def shutdown(self) -> None:
        self._inner.shutdown()  # type: ignore[no-untyped-call]


def _resource() -> Resource:
    found = Resource.create()
    named = str(found.attributes.get(SERVICE_NAME, "unknown_service"))
    if not named.startswith("unknown_service"):
        return found
    return found.merge(Resource({SERVICE_NAME: "supasync"}))


def _silence() -> None:
    """The library tells each failed try, with what may be a secret in the collector's URL."""
    logger = logging.getLogger("opentelemetry")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
