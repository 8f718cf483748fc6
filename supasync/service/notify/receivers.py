"""A message as each kind of receiver understands it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from supasync import __version__
from supasync.config import Notify
from supasync.report import wording
from supasync.service.notify.news import Message

_OBJECTS_NAMED = 10
_OBJECTS_SENT = 100
_REASON_LENGTH = 1000


@dataclass(frozen=True, kw_only=True)
class Post:
    url: str = field(repr=False)
    body: bytes
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Receiver:
    settings: Notify

    @property
    def name(self) -> str:
        """For the log: path and query of the address can be secret."""
        return f"{self.settings.kind} {urlsplit(self._url).netloc}"

    def wants(self, message: Message) -> bool:
        of = self.settings
        return message.event in of.events and message.branch in (of.branches or (message.branch,))

    def post(self, message: Message, id_: str, at: float) -> Post:
        """id_: of the message, the same at each try. at: seconds since the epoch, now."""
        headers = {"content-type": "application/json", "user-agent": f"supasync/{__version__}"}
        if self.settings.secret is None:
            body = json.dumps({"text": told(message)}, ensure_ascii=False)
            return Post(url=self._url, body=body.encode(), headers=headers)
        body = json.dumps(_document(message), ensure_ascii=False)
        sent = datetime.fromtimestamp(int(at), UTC)
        hook = Webhook(self.settings.secret.get_secret_value())
        signed = {
            "webhook-id": id_,
            "webhook-timestamp": str(int(at)),
            "webhook-signature": hook.sign(id_, sent, body),
        }
        return Post(url=self._url, body=body.encode(), headers=headers | signed)

    @property
    def _url(self) -> str:
        return self.settings.url.get_secret_value()


def told(message: Message) -> str:
    """For people, in Slack's form of text, in which & < > are written as in HTML
    (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    if message.event == "drift":
        count = len(message.objects)
        objects = wording.count(count, "object")
        lines = [f"{message.branch} differs from production ({objects})"]
        lines += message.objects[:_OBJECTS_NAMED]
        lines += [f"… and {count - _OBJECTS_NAMED} more"] if count > _OBJECTS_NAMED else []
    elif message.event == "failed":
        lines = [f"{message.branch}: a sync failed", message.reason[:_REASON_LENGTH]]
    else:
        lines = [f"{message.branch}: syncs succeed again"]
    text = "\n".join(line for line in lines if line)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _document(message: Message) -> dict[str, Any]:
    """The shape that the Standard Webhooks specification recommends: type, timestamp, data."""
    return {
        "type": f"branch.{message.event}",
        "timestamp": datetime.fromtimestamp(message.at, UTC).isoformat(),
        "data": {
            "branch": message.branch,
            "sync_status": message.sync_status,
            "reason": message.reason,
            "drift": len(message.objects),
            "objects": list(message.objects[:_OBJECTS_SENT]),
            "run": message.run,
        },
    }
