"""Deliveries as the senders make them, signed by their documented schemes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from pydantic import SecretStr

from supasync.config import Bitbucket, Github, Gitlab, Supabase, Webhooks
from supasync.service.webhooks.delivery import Delivery

SECRET = "It's a Secret to Everybody"  # GitHub's documentation
STANDARD = "whsec_" + base64.b64encode(b"a signing secret of 32 bytes ...").decode()
TOKEN = "a-token-that-nobody-guesses"
REPOSITORY = "acme/app"
ZEROS = "0" * 40

SETTINGS = Webhooks(
    github=Github(repository=REPOSITORY, secret=SecretStr(SECRET)),
    gitlab=Gitlab(repository=REPOSITORY, token=SecretStr(TOKEN)),
    bitbucket=Bitbucket(repository=REPOSITORY, secret=SecretStr(SECRET)),
    supabase=Supabase(secret=SecretStr(STANDARD), notify_token=SecretStr(TOKEN)),
)


def hex_signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_headers(body: bytes, *, id_: str = "msg_1", at: float | None = None) -> dict[str, str]:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    stamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(STANDARD.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id_}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def github_push(ref: str = "refs/heads/testing", **fields: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "before": "a" * 40,
        "after": "b" * 40,
        "deleted": False,
        "repository": {"id": 1, "full_name": REPOSITORY},
        "commits": [],
        **fields,
    }


def github(body: Any, **headers: str) -> Delivery:
    """headers: with _ for -; what is empty is left out."""
    raw = encoded(body)
    sent = {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-hub-signature-256": hex_signature(raw),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Delivery(headers={name: value for name, value in sent.items() if value}, body=raw)


def gitlab(body: Any, **headers: str) -> Delivery:
    sent = {
        "content-type": "application/json",
        "x-gitlab-event": "Push Hook",
        "x-gitlab-token": TOKEN,
        "idempotency-key": "f5e5f430",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Delivery(headers={k: v for k, v in sent.items() if v}, body=encoded(body))


def bitbucket(*new: dict[str, str] | None, event: str = "repo:push") -> Delivery:
    changes = [{"new": each, "old": None, "closed": each is None} for each in new]
    raw = encoded({"push": {"changes": changes}, "repository": {"full_name": REPOSITORY}})
    headers = {
        "content-type": "application/json",
        "x-event-key": event,
        "x-request-uuid": "e0c1a2",
        "x-hub-signature": hex_signature(raw),
    }
    return Delivery(headers=headers, body=raw)


def supabase(body: Any, **standard: Any) -> Delivery:
    raw = encoded(body)
    headers = {"content-type": "application/json; charset=utf-8"}
    return Delivery(headers=headers | standard_headers(raw, **standard), body=raw)
