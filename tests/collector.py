"""A collector of traces, as OTLP over HTTP has it, and one that never answers."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Wire
from opentelemetry.proto.trace.v1.trace_pb2 import Status


@dataclass(frozen=True)
class Span:
    """One that came in. seconds: how long it took."""

    id: bytes
    parent: bytes
    trace: bytes
    name: str
    client: bool
    failed: bool
    seconds: float
    attributes: dict[str, Any]
    resource: dict[str, Any]


@dataclass
class Collector:
    """status: what it answers with. answers: cleared, it takes requests and answers none."""

    url: str = ""
    answers: Event = field(default_factory=Event)
    status: int = 200
    spans: list[Span] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def trees(self) -> list[str]:
        """Each trace as one text: a line for each span, indented below its parent, by its start."""
        return ["\n".join(self._lines(span, 0)) for span in self.spans if not span.parent]

    def of(self, run: str) -> list[Span]:
        return [each for each in self.spans if each.attributes["supasync.run_id"] == run]

    def below(self, span: Span) -> list[Span]:
        return [each for each in self.spans if each.parent == span.id]

    def _lines(self, span: Span, depth: int) -> Iterator[str]:
        yield "  " * depth + span.name
        for each in self.below(span):
            yield from self._lines(each, depth + 1)

    def _take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            about = _attributes(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [_span(each, about) for each in scope.spans]


@contextmanager
def collecting(status: int = 200) -> Iterator[Collector]:
    """It has what came in by the time a process that sent it has ended."""
    collector = Collector(status=status)
    collector.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            collector.answers.wait()
            collector.headers.append({"path": self.path, **dict(self.headers)})
            if collector.status == 200:
                collector._take(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            with suppress(OSError):  # nobody waits for it any more
                self.send_response(collector.status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield collector
        finally:
            collector.answers.set()
            server.shutdown()
            thread.join()


@contextmanager
def silent() -> Iterator[str]:
    """The URL of a collector to which one can connect, and that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _span(wire: Wire, resource: dict[str, Any]) -> Span:
    return Span(
        id=wire.span_id,
        parent=wire.parent_span_id,
        trace=wire.trace_id,
        name=wire.name,
        client=wire.kind == Wire.SPAN_KIND_CLIENT,
        failed=wire.status.code == Status.STATUS_CODE_ERROR,
        seconds=(wire.end_time_unix_nano - wire.start_time_unix_nano) / 1e9,
        attributes=_attributes(wire.attributes),
        resource=resource,
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}
