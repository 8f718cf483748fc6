"""A certificate from the branch to whoever verifies it, as the commands are typed."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import Team

EC = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq
-----END PRIVATE KEY-----
"""
"""A key that is not Ed25519's (X25519, from RFC 7748)."""


def test_certified_and_verified_elsewhere(synced: Team, tmp_path_factory: pytest.TempPathFactory):
    made = synced("certificate", "keygen", "signing.key")
    assert made.code == 0, made.err
    key, public = synced.folder / "signing.key", synced.folder / "signing.key.pub"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    issued = synced(
        "certificate", "testing", "--output", "c.json", SUPASYNC_CERTIFICATE_KEY=text(key)
    )
    assert (issued.code, issued.out) == (0, ""), issued.err
    again = synced("certificate", "testing", "--key", "signing.key", "--output", "c.json")
    assert (again.code, "c.json exists already" in again.err) == (2, True)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(synced.folder / "c.json", elsewhere)
    auditor = Team(synced.box, elsewhere)
    (elsewhere / "config.toml").unlink()
    auditor.env = {"PATH": auditor.env["PATH"]}
    verified = auditor("certificate", "verify", "c.json", "--public-key", str(public), "--json")
    assert verified.code == 0, verified.err
    said = verified.json["statement"]
    assert said["production"]["ref"] == synced.box.main.ref
    assert said["branch"]["ref"] == synced.box.branches["testing"].ref
    assert said["production"]["fingerprint"] == said["branch"]["fingerprint"]
    assert (said["witness"]["answer"], said["rules"]["left_out"]) == (
        "no difference",
        ["public.reseed"],
    )
    assert said["rules"]["no_wider"] == ["anon", "authenticated", "service_role"]
    assert "memberships between two of the platform's roles" in said["rules"]["not_compared"]
    told = auditor("certificate", "verify", "c.json")
    assert (told.code, "Whole, but not verified" in told.out) == (1, True)
    assert "anybody can make a key" in told.err
    file = elsewhere / "c.json"
    file.write_text(file.read_text().replace("testing", "preview"))
    forged = auditor("certificate", "verify", "c.json", "--public-key", str(public))
    assert (forged.code, forged.out, "was changed" in forged.err) == (1, "", True)
    for result in (made, issued, verified, told, forged):
        assert text(key).splitlines()[1] not in result.out + result.err


def test_openssl_and_jq_would_see_the_same_bytes(synced: Team) -> None:
    """The documented form: the document without `signature`, sorted, indented by two."""
    openssl, jq = shutil.which("openssl"), shutil.which("jq")
    if openssl is None or jq is None:
        pytest.skip("openssl and jq are not both found")
    assert synced("certificate", "keygen", "k").code == 0
    assert synced("certificate", "testing", "--no-witness", "--key", "k", "-o", "c").code == 0
    script = """jq -S 'del(.signature)' c > body
jq -r .signature.value c | base64 -d > sig
openssl pkeyutl -verify -pubin -inkey k.pub -rawin -in body -sigfile sig"""
    done = subprocess.run(["sh", "-c", script], cwd=synced.folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_not_in_sync_is_not_certified(synced: Team) -> None:
    assert synced("certificate", "keygen", "k").code == 0
    config = (synced.folder / "config.toml").read_text()
    synced.write("config.toml", config + '\n[certificate]\nkey_file = "k"\n')
    synced.main_sql("create table public.uncertified (id int)")
    try:
        found = synced("certificate", "testing", "-o", "c.json")
    finally:
        synced.main_sql("drop table public.uncertified")
    assert (found.code, "nothing is certified" in found.err) == (1, True), found.err
    synced.sql("testing", "grant service_role to anon with inherit true")
    try:
        wider = synced("certificate", "testing", "--no-witness", "-o", "c.json")
    finally:
        synced.sql("testing", "revoke service_role from anon")
    assert (wider.code, "allows more than production" in wider.err) == (1, True), wider.err
    assert 'revoke "service_role" from "anon";' in wider.err
    assert not (synced.folder / "c.json").exists()
    assert synced("certificate", "nowhere", "-o", "c.json").code == 2
    assert synced("certificate", "issue", "verify").code == 2, "a branch by the name of a command"
    assert synced("certificate", "main", "-o", "c.json").code == 4


def test_wrong_keys_are_one_error(team: Team) -> None:
    assert team("certificate", "keygen", "k").code == 0
    before = (team.folder / "k").read_bytes()
    team.write("none", "no key")
    team.write("other", EC)
    for told, *arguments in (
        ("is there already", "keygen", "k"),
        ("cannot be written", "keygen", "no/where"),
        ("No key is named", "testing"),
        ("nothing cannot be read", "testing", "--key", "nothing"),
        ("is no private key", "testing", "--key", "none"),
        ("is not an Ed25519 key", "testing", "--key", "other"),
        ("k is no Ed25519 public key", "verify", "none", "--public-key", "k"),
    ):
        found = team("certificate", *arguments)
        assert (found.code, told in found.err, found.out) == (2, True, ""), (told, found.err)
        assert found.err.count("Error") == 1
    assert (team.folder / "k").read_bytes() == before


def text(file: Path) -> str:
    return file.read_text()
