"""Traces of runs, by OpenTelemetry, where the environment names a collector; else nothing at all.

The span of what is being done is kept in a context variable, so that a request finds its phase.
"""

from supasync.telemetry.process import begin, exporting
from supasync.telemetry.run import traced
from supasync.telemetry.spans import Attributes, Span, call, started

__all__ = ["Attributes", "Span", "begin", "call", "exporting", "started", "traced"]
