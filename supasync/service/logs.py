"""Log lines with fields: JSON for machines, or one readable line.

Only what is passed as a field is in them: no header, no body of a request, no text of SQL.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import IO, Any

from supasync.report.wording import harmless

logger = logging.getLogger(__name__)

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_OF_DBOS = frozenset({"applicationID", "applicationVersion", "executorID", "operationUUID"})


class Lines(logging.Formatter):
    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage()
        fields = {
            name: value
            for name, value in vars(record).items()
            if name not in _PLAIN | _OF_DBOS and value not in ("", None, [])
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        if self._as_json:
            document = {"at": at, "level": record.levelname.lower(), "event": event, **fields}
            return json.dumps(document, ensure_ascii=False, default=str)
        told = " ".join(f"{name}={_told(value)}" for name, value in fields.items())
        return harmless(f"{at[:19]}Z {event} {told}".rstrip())


def write_to(stream: IO[str], *, as_json: bool) -> None:
    """From now on: what this program says, and of others only what is wrong."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(as_json=as_json))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("supasync").setLevel(logging.INFO)


def waiting(reason: str, seconds: float) -> None:
    """See api.limits.Waiting."""
    logger.info("waiting", extra={"reason": reason, "seconds": round(seconds)})


def warn(told: str) -> None:
    logger.warning("warning", extra={"reason": told})


def _told(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text else text
