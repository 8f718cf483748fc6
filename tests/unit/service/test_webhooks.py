"""What deliveries mean, and which are refused."""

from __future__ import annotations

import time

import pytest
from pydantic import SecretStr

from supasync.config import Gitlab, Webhooks
from supasync.service.webhooks import understand
from supasync.service.webhooks.delivery import Delivery, Ignored, Message, Ping, Push, Rejected
from tests.unit.service import deliveries
from tests.unit.service.deliveries import SETTINGS, STANDARD, TOKEN, ZEROS

DELIVERED = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


def refused(sender: str, delivery: Delivery, settings: Webhooks = SETTINGS) -> Rejected:
    with pytest.raises(Rejected) as caught:
        understand(sender, delivery, settings)
    for secret in (deliveries.SECRET, TOKEN, STANDARD):
        assert secret not in caught.value.reason
    return caught.value


def test_githubs_own_example_of_a_signature() -> None:
    wanted = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    delivery = deliveries.github(b"Hello, World!", x_hub_signature_256=wanted)
    assert refused("github", delivery).status == 400  # authentic, and no JSON


@pytest.mark.parametrize("branch", ["testing", "feature/x", "größe/ß", "a b", "refs/heads/x"])
def test_github_push(branch: str) -> None:
    delivery = deliveries.github(deliveries.github_push(f"refs/heads/{branch}"))
    assert understand("github", delivery, SETTINGS) == Push(id=DELIVERED, branches=(branch,))


@pytest.mark.parametrize(
    ("body", "headers", "meant"),
    [
        ({"zen": "…"}, {"x_github_event": "ping"}, Ping()),
        ({}, {"x_github_event": "issues"}, Ignored("the event is issues, not push")),
        (deliveries.github_push("refs/tags/v1"), {}, Ignored("a tag was pushed")),
        (deliveries.github_push("refs/notes/x"), {}, Ignored("no branch was pushed")),
        (
            deliveries.github_push(deleted=True, after=ZEROS),
            {},
            Ignored("the git branch testing was deleted"),
        ),
        (
            deliveries.github_push(repository={"full_name": "eve/app"}),
            {},
            Ignored("the repository is eve/app, and acme/app is configured"),
        ),
    ],
    ids=["ping", "event", "tag", "other ref", "deleted", "repository"],
)
def test_github_without_reason(body: object, headers: dict[str, str], meant: Message) -> None:
    assert understand("github", deliveries.github(body, **headers), SETTINGS) == meant


@pytest.mark.parametrize(
    ("delivery", "status", "told"),
    [
        (deliveries.github({}, x_hub_signature_256=""), 401, "X-Hub-Signature-256 is missing"),
        (deliveries.github({}, x_hub_signature_256="sha256=00"), 401, "does not match"),
        (deliveries.github({}, x_hub_signature_256="sha256=\xff"), 401, "does not match"),
        (deliveries.github(b'{"ref": '), 400, "not understood"),
        (deliveries.github(b"[" * 5000), 400, "not understood"),
        (deliveries.github(b"\xff\xfe"), 400, "not understood"),
        (deliveries.github({"ref": 1}), 400, "ref"),
        (deliveries.github(deliveries.github_push(), x_github_event=""), 400, "X-GitHub-Event"),
        (deliveries.github(deliveries.github_push(), x_github_delivery=""), 400, "Delivery"),
        (
            deliveries.github(b"payload=%7B%7D", content_type="application/x-www-form-urlencoded"),
            415,
            "application/json",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_github_refused(delivery: Delivery, status: int, told: str) -> None:
    rejected = refused("github", delivery)
    assert (rejected.status, told in rejected.reason) == (status, True), rejected.reason


def test_a_signature_is_checked_before_anything_is_read() -> None:
    delivery = deliveries.github(b"no json", x_github_event="", x_hub_signature_256="sha256=0")
    assert refused("github", delivery).status == 401


def test_an_odd_id_becomes_a_digest() -> None:
    delivery = deliveries.github(deliveries.github_push(), x_github_delivery="x" * 5000)
    message = understand("github", delivery, SETTINGS)
    assert isinstance(message, Push)
    assert len(message.id) == 64


def gitlab_push(**fields: object) -> dict[str, object]:
    project = {"id": 1, "path_with_namespace": "Acme/App"}
    return {"ref": "refs/heads/testing", "after": "b" * 40, "project": project, **fields}


def test_gitlab_push_with_a_token() -> None:
    message = understand("gitlab", deliveries.gitlab(gitlab_push()), SETTINGS)
    assert message == Push(id="f5e5f430", branches=("testing",))


def test_gitlab_push_that_is_signed() -> None:
    signed = Gitlab(repository="acme/app", signing_token=SecretStr(STANDARD))
    settings = Webhooks(gitlab=signed)
    body = deliveries.encoded(gitlab_push())
    headers = {name.replace("-", "_"): v for name, v in deliveries.standard_headers(body).items()}
    assert understand("gitlab", deliveries.gitlab(body, **headers), settings) == Push(
        id="msg_1", branches=("testing",)
    )
    only_token = deliveries.gitlab(body)
    assert refused("gitlab", only_token, settings).status == 401


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x"])
def test_gitlab_without_its_token(token: str) -> None:
    assert refused("gitlab", deliveries.gitlab(gitlab_push(), x_gitlab_token=token)).status == 401


def test_gitlab_without_reason() -> None:
    tag = deliveries.gitlab(gitlab_push(), x_gitlab_event="Tag Push Hook")
    assert understand("gitlab", tag, SETTINGS) == Ignored(
        "the event is Tag Push Hook, not Push Hook"
    )
    deleted = deliveries.gitlab(gitlab_push(after=ZEROS))
    assert understand("gitlab", deleted, SETTINGS) == Ignored("the git branch testing was deleted")


def test_gitlab_delivery_without_an_id_is_known_by_its_body() -> None:
    messages = [
        understand("gitlab", deliveries.gitlab(gitlab_push(n=n), idempotency_key=""), SETTINGS)
        for n in (1, 1, 2)
    ]
    assert messages[0] == messages[1] != messages[2]


def test_bitbucket_pushes_several_branches_at_once() -> None:
    new = [{"type": "branch", "name": name} for name in ("a", "b/c", "a")]
    delivery = deliveries.bitbucket(*new, None, {"type": "tag", "name": "v1"})
    assert understand("bitbucket", delivery, SETTINGS) == Push(id="e0c1a2", branches=("a", "b/c"))


def test_bitbucket_without_reason() -> None:
    deleted, tag = deliveries.bitbucket(None), deliveries.bitbucket({"type": "tag", "name": "v1"})
    assert understand("bitbucket", deleted, SETTINGS) == Ignored("what was pushed was deleted")
    assert understand("bitbucket", tag, SETTINGS) == Ignored("a tag was pushed")
    ping = deliveries.bitbucket(event="diagnostics:ping")
    assert understand("bitbucket", ping, SETTINGS) == Ping()


EVENT = {
    "id": "evt_1",
    "type": "v1.project.branch.updated",
    "payload": {"branch": {"ref": "b" * 20, "name": "testing"}, "project_ref": "a" * 20},
}
NOTIFIED = {
    "type": "run.completed",
    "data": {"project_ref": "b" * 20, "action_run": {"id": "run_1", "steps": []}},
}


def test_the_platforms_webhook() -> None:
    assert understand("supabase", deliveries.supabase(EVENT), SETTINGS) == Push(
        id="msg_1", branches=("b" * 20,)
    )
    removed = deliveries.supabase(EVENT | {"type": "v1.project.branch.removed"})
    assert isinstance(understand("supabase", removed, SETTINGS), Ignored)
    test = deliveries.supabase(EVENT | {"payload": {"is_test": True}})
    assert understand("supabase", test, SETTINGS) == Ping()


@pytest.mark.parametrize("off", [-400, 400])
def test_a_standard_signature_has_its_time(off: int) -> None:
    delivery = deliveries.supabase(EVENT, at=time.time() + off)
    assert refused("supabase", delivery).status == 401


@pytest.mark.parametrize(
    "signature", ["", "v1", "v1,%%%", "v2,AAAA", "v1,AAAA v1", "v1,\xff", "v1,AAAA"]
)
def test_a_malformed_standard_signature(signature: str) -> None:
    sent = deliveries.supabase(EVENT)
    headers = dict(sent.headers) | {"webhook-signature": signature}
    assert refused("supabase", Delivery(headers=headers, body=sent.body)).status == 401


def test_a_body_that_is_no_text_has_no_standard_signature() -> None:
    sent = deliveries.supabase(EVENT)
    assert refused("supabase", Delivery(headers=sent.headers, body=b"\xff")).status == 401


def test_notify_url_carries_its_token() -> None:
    def notified(token: str) -> Delivery:
        headers = {"content-type": "application/json"}
        return Delivery(headers=headers, body=deliveries.encoded(NOTIFIED), query={"token": token})

    wanted = Push(id="run_1", branches=("b" * 20,))
    assert understand("supabase", notified(TOKEN), SETTINGS) == wanted
    assert refused("supabase", notified("")).status == 401
    assert refused("supabase", notified("größer")).status == 401


@pytest.mark.parametrize("sender", ["github", "gitlab", "bitbucket", "supabase"])
def test_a_sender_that_is_not_configured(sender: str) -> None:
    rejected = refused(sender, Delivery(headers={}, body=b""), Webhooks())
    assert rejected.status == 404
    assert f"[webhooks.{sender}]" in rejected.reason


def test_a_delivery_shows_nothing_of_itself() -> None:
    assert TOKEN not in repr(deliveries.gitlab(gitlab_push()))
