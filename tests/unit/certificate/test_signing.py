"""A certificate is believed as its signer wrote it, and with the key that was asked for, alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from supasync.certificate import End, Rules, Statement, Witness, check, issue
from supasync.certificate.document import canonical
from supasync.errors import CertificateError
from tests.hostile import NAMES

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
PUBLIC = KEY.public_key()


def end(name: str) -> End:
    return End(
        name=name,
        ref="a" * 20,
        fingerprint="0" * 32,
        objects=3,
        postgresql="17.10",
        unmodelled={"pg_seclabel": 2},
    )


STATEMENT = Statement(
    production=end("production"),
    branch=end("testing"),
    rules=Rules(scope="supabase", engine="e" * 32, supasync="0.1.0", left_out=["public.reseed"]),
    witness=Witness(program="the platform's diff", answer="no difference"),
    reparsed=[f"table public.{name}" for name in NAMES],
    notices=[],
    issued_at="2026-01-31T09:45:00Z",
    issued_by="alice@laptop (process 4711)",
    run="20260131T094500Z-5f1c9a2b",
)
FILE = issue(STATEMENT, KEY)


def test_it_says_what_was_signed() -> None:
    checked = check(FILE, PUBLIC)
    assert (checked.statement, checked.trusted) == (STATEMENT, True)
    assert checked.key.startswith("SHA256:")


def test_its_own_key_alone_proves_nothing() -> None:
    assert not check(FILE, None).trusted
    assert not check(issue(STATEMENT, OTHER), None).trusted


def test_another_key() -> None:
    with pytest.raises(CertificateError, match="signed with another key"):
        check(issue(STATEMENT, OTHER), PUBLIC)


def test_any_changed_byte() -> None:
    for at in range(0, len(FILE), 3):
        with pytest.raises(CertificateError):
            check(FILE[:at] + bytes([FILE[at] ^ 1]) + FILE[at + 1 :], None)


def test_what_changes_no_value_counts_too() -> None:
    once = b'"run": "20260131T094500Z-5f1c9a2b"'
    twice = FILE.replace(once, b'"run": "x", ' + once)
    for changed in (b"\xef\xbb\xbf" + FILE, FILE + b"\n", FILE.replace(b"\n", b"\r\n"), twice):
        with pytest.raises(CertificateError, match=r"not JSON|was changed"):
            check(changed, PUBLIC)


def changed(edit: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(FILE)
    edit(document)
    return canonical(document)


def signed(edit: Callable[[dict[str, Any]], object]) -> bytes:
    """As `changed`, by somebody who has the key."""
    document = json.loads(FILE)
    signature = document.pop("signature")
    edit(document)
    signature["value"] = base64.b64encode(KEY.sign(canonical(document))).decode()
    return canonical({**document, "signature": signature})


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]\n", 'no "format"'),
        (b'{"format": "supasync-certificate"}', "version of certificates is unknown"),
        (changed(lambda d: d.update(version=2)), "version of certificates is unknown"),
        (changed(lambda d: d.update(version=True)), "version of certificates is unknown"),
        (changed(lambda d: d.pop("signature")), "it is not signed"),
        (changed(lambda d: d["signature"].update(algorithm="none")), "only one known"),
        (changed(lambda d: d["signature"].update(value="?")), "cannot be read"),
        (changed(lambda d: d["signature"].update(public_key=["AA=="])), "cannot be read"),
        (changed(lambda d: d["statement"]["branch"].update(objects=4)), "changed after it was"),
        (signed(lambda d: d["statement"]["branch"].pop("ref")), r"statement\.branch\.ref is"),
        (signed(lambda d: d["statement"].update(more="x")), r"statement\.more is"),
        (signed(lambda d: d.update(more="x")), "parts that nobody knows"),
        (FILE.replace(b"alice", b"\\ud800"), "was changed"),
    ],
)
def test_what_is_none_is_one_error(file: bytes, told: str) -> None:
    with pytest.raises(CertificateError, match=told) as caught:
        check(file, PUBLIC)
    assert caught.value.exit_code == 1
