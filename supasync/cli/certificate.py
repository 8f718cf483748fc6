"""`supasync certificate`: signed statements that a branch has production's schema."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from supasync.cli import options, session
from supasync.cli.checking import checking
from supasync.cli.running import finish
from supasync.cli.screen import Screen, for_programs
from supasync.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_KEY = "SUPASYNC_CERTIFICATE_KEY"
_PUBLIC_KEY = "SUPASYNC_CERTIFICATE_PUBLIC_KEY"


class _Issuing(TyperGroup):
    """A branch's name stands where a command does: `certificate NAME` is `certificate issue NAME`,
    which alone serves a branch called verify."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["issue", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Issuing,
    no_args_is_help=True,
    help="Signed statements that a branch has production's schema: supasync certificate NAME.",
)


@app.command()
def issue(
    name: options.Name,
    *,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The private key; by default {_KEY}, else key_file in [certificate].",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="A new file; else stdout."),
    ] = None,
    witness: Annotated[
        bool,
        typer.Option("--witness/--no-witness", help="Ask the platform's own diff too."),
    ] = True,
    hard: options.Hard = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Compare a branch with production and sign that it has its schema. Writes to neither.

    Exit code 0: certified, 1: they differ, 2: no key, 3: it could not be found out. Only with 0
    is there a certificate.
    """
    screen = Screen(as_json=False, debug=debug)

    async def work() -> int:
        from supasync import certificate
        from supasync.checks.certify import certify
        from supasync.sync.context import Options

        _check_new(output)  # before anything is asked
        signer = _signer(screen, key, config)
        chosen = Options(dry_run=True, witness=witness, hard=hard)
        async with checking(screen, config, [name], chosen, whole=False) as (shared, _):
            statement = await certify(shared, name)
        _put(certificate.issue(statement, signer), output)
        return 0

    finish(screen, work)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The certificate; - is stdin.")],
    *,
    public_key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The key that has to have signed it; by default {_PUBLIC_KEY}.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
    debug: options.Debug = False,
) -> None:
    """Tell what a certificate says, and whether the given key has signed that. Needs no network
    and no configuration.

    Exit code 0: verified, 1: not, 2: wrong usage. Without a public key nothing can be verified: the
    key inside a certificate proves only that the file is whole, whoever wrote it.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync import certificate
        from supasync.report.certificate import print_certificate

        data = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
        checked = certificate.check(data, _expected(public_key))
        screen.show(checked.to_json(), lambda console: print_certificate(checked, console))
        if not checked.trusted:
            screen.tell(
                "Not verified: no public key was given, and anybody can make a key and sign with "
                f"it.\n→ Get {checked.key} from whoever issues certificates, by another way than "
                "with the certificate: --public-key FILE."
            )
        return 0 if checked.trusted else 1

    finish(screen, work)


@app.command()
def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes.")],
    *,
    as_json: options.Json = False,
    debug: options.Debug = False,
) -> None:
    """Make a key: FILE, which only you can read, and FILE.pub for those who verify."""
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.certificate import keys

        made = keys.name(keys.make(file).public_key())
        public = keys.public_file(file)
        document = {"key_file": str(file), "public_key_file": str(public), "key": made}
        screen.show(
            document,
            lambda console: console.print(
                f"{made}\n{file}: keep it secret\n{public}: for those who verify",
                markup=False,
                soft_wrap=True,
            ),
        )
        return 0

    finish(screen, work)


def _signer(screen: Screen, given: Path | None, config: Path | None) -> Ed25519PrivateKey:
    """Raises: UsageError, ConfigError."""
    from supasync.certificate import keys

    if given is None:
        if text := os.environ.get(_KEY, "").strip():
            return keys.read_private(text.encode() + b"\n", _KEY)
        loaded, _ = session.load(Screen(as_json=False, debug=False), config)
        if loaded.certificate.key_file is None:
            raise UsageError(
                "No key is named to sign with",
                remedy="Make one with `supasync certificate keygen FILE`, then give --key FILE, or "
                f"{_KEY}, or key_file in [certificate].",
            )
        given = loaded.file.parent / loaded.certificate.key_file
    pem = _read(given)
    if keys.open_to_others(given):
        screen.tell(f"Warning: others than you may read {given}: chmod 600")
    return keys.read_private(pem, str(given))


def _expected(given: Path | None) -> Ed25519PublicKey | None:
    """Raises: UsageError."""
    from supasync.certificate import keys

    if given is not None:
        return keys.read_public(_read(given), str(given))
    text = os.environ.get(_PUBLIC_KEY, "").strip()
    return keys.read_public(text.encode() + b"\n", _PUBLIC_KEY) if text else None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}", remedy="Name a file that there is."
        ) from None


def _check_new(output: Path | None) -> None:
    """Raises: UsageError; what was signed before is not overwritten."""
    if output is not None and output.exists():
        raise UsageError(
            f"{output} exists already", remedy="Name a new file, or remove this one first."
        )


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        for_programs()
        sys.stdout.write(content.decode())
        return
    from supasync import files

    try:
        files.replace(output, content)
    except OSError as error:
        raise UsageError(
            f"{output} cannot be written: {error.strerror}", remedy="Name another file."
        ) from None
