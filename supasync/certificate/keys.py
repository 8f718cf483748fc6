"""Ed25519 keys: made, read from PEM, and told apart. The private key is never printed."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from supasync.errors import UsageError
from supasync.files import FILE_MODE

_MAKE = "Make one: supasync certificate keygen FILE"


def make(file: Path) -> Ed25519PrivateKey:
    """A new key in `file` (PEM, PKCS8, readable to its owner alone) and its public half in
    `file`.pub. Neither may be there already. Raises: UsageError."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = public_file(file)
    _write(public, public_pem(key.public_key()), 0o644)
    try:
        _write(file, private, FILE_MODE)
    except UsageError:
        public.unlink()
        raise
    return key


def public_file(file: Path) -> Path:
    return file.with_name(file.name + ".pub")


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def read_private(pem: bytes, where: str) -> Ed25519PrivateKey:
    """where: for people. Raises: UsageError, which has nothing of the key in it."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        raise UsageError(
            f"{where} is protected by a password, and nobody is there to type it",
            remedy="Decrypt it where it is used: openssl pkcs8 -in FILE -out KEY",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{where} is no private key in PEM", remedy=_MAKE) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{where} is not an Ed25519 key", remedy=_MAKE)
    return key


def read_public(pem: bytes, where: str) -> Ed25519PublicKey:
    """where: for people. Raises: UsageError."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(
            f"{where} is no Ed25519 public key in PEM",
            remedy="Give the .pub file that `supasync certificate keygen` wrote beside the key.",
        )
    return key


def open_to_others(file: Path) -> bool:
    """Whether others than its owner may read it."""
    return os.name == "posix" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def raw(key: Ed25519PublicKey) -> bytes:
    """Its 32 bytes."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def name(key: Ed25519PublicKey) -> str:
    """`SHA256:…` over its 32 bytes, by which people tell keys apart."""
    digest = hashlib.sha256(raw(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _write(file: Path, content: bytes, mode: int) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
    except FileExistsError:
        raise UsageError(
            f"{file} is there already, and no key is ever overwritten",
            remedy="Name another file, or move that one away.",
        ) from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}", remedy="Name a file in another folder."
        ) from None
