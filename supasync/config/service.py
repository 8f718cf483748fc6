"""What config.toml says of `supasync watch`, `supasync serve` and the history of their runs."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import zoneinfo
from datetime import UTC, datetime
from typing import Annotated, Self, TypeAlias

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from supasync.config.section import Section, Text, problem

_DAY_MINUTES = 24 * 60


def _number(value: object, least: float, most: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        told = f"must be a number of {unit} from {least:g} to {most:g}"
        raise problem(told, f"Write a number from {least:g} to {most:g}, without quotes.")
    return float(value)


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise problem("must be a whole number from 0 to 65535", "0 is any port that is free.")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise problem("must be a whole number above 0", "Write 1 or more, without quotes.")
    return value


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        raise problem("is no address or network", 'Write it as "10.0.0.0/8".') from None
    return value


def _cron(value: str) -> str:
    try:
        CronSim(value, datetime.now(UTC))
    except CronSimError as error:
        raise problem(
            f"is no cron expression: {error}",
            'Write minute, hour, day, month and weekday: "0 9 * * 1-5".',
        ) from None
    return value


def _timezone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise problem("is no time zone", 'Write it as "Europe/Berlin".') from None
    return value


def _standard(value: SecretStr) -> SecretStr:
    try:
        raw = value.get_secret_value().removeprefix("whsec_")
        decoded = base64.b64decode(raw + "==", validate=False)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise problem("is no signing secret", "Copy it whole: it begins with whsec_.")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _SHORTEST:
        raise problem(
            f"must have at least {_SHORTEST} characters", "Make one: `openssl rand -hex 32`."
        )
    return value


def _postgres(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("postgresql://"):
        raise problem(
            "must be a postgresql:// URL", "Leave it out for a file of this machine's own."
        )
    return value


_SHORTEST = 16
"""Characters of a shared secret: what is shorter can be guessed from one captured delivery."""

Interval: TypeAlias = Annotated[float, BeforeValidator(lambda v: _number(v, 5, 86400, "seconds"))]
Debounce: TypeAlias = Annotated[float, BeforeValidator(lambda v: _number(v, 0, 600, "seconds"))]
Minutes: TypeAlias = Annotated[
    float, BeforeValidator(lambda v: _number(v, 1, 7 * _DAY_MINUTES, "minutes"))
]
Rate: TypeAlias = Annotated[
    float, BeforeValidator(lambda v: _number(v, 0.1, 100_000, "requests a second"))
]
Count: TypeAlias = Annotated[int, BeforeValidator(_count)]
Days: TypeAlias = Annotated[float, BeforeValidator(lambda v: _number(v, 1, 36_500, "days"))]
Network: TypeAlias = Annotated[str, AfterValidator(_network)]
Port: TypeAlias = Annotated[int, BeforeValidator(_port)]
Cron: TypeAlias = Annotated[str, AfterValidator(_cron)]
TimeZone: TypeAlias = Annotated[str, AfterValidator(_timezone)]
Secret: TypeAlias = Annotated[SecretStr, AfterValidator(_secret)]
StandardSecret: TypeAlias = Annotated[SecretStr, AfterValidator(_standard)]
PostgresUrl: TypeAlias = Annotated[SecretStr, AfterValidator(_postgres)]


class Window(Section):
    """Open from each time that `cron` names, for so many minutes."""

    cron: Cron
    minutes: Minutes


class Watch(Section):
    """interval: seconds between two looks. allow, deny: when syncs may begin by themselves; without
    `allow` always, and never in a `deny`. timezone: of their cron expressions."""

    interval: Interval = 60.0
    timezone: TimeZone = "UTC"
    allow: tuple[Window, ...] = ()
    deny: tuple[Window, ...] = ()


class Serve(Section):
    """database_url: of the jobs' PostgreSQL; None is a file beside the state. name: of this machine
    among those that share it. debounce: seconds without a push that end a burst of them.
    webhook_rate, api_rate: requests a second that one address may send. trusted_proxies: that say
    truly whose request they pass on. job_days: how long jobs that have ended are known."""

    host: Text = "127.0.0.1"
    port: Port = 8787
    database_url: PostgresUrl | None = None
    name: Text | None = None
    debounce: Debounce = 5.0
    webhook_rate: Rate = 300.0
    api_rate: Rate = 20.0
    trusted_proxies: tuple[Network, ...] = ()
    job_days: Days = 30.0


class History(Section):
    """database_url: of a PostgreSQL that several machines share; None is a file beside the state.
    keep_days, keep_runs: what is older, or beyond so many, is deleted."""

    database_url: PostgresUrl | None = None
    keep_days: Days = 180.0
    keep_runs: Count = 2000


class Github(Section):
    """repository: owner/name, whose deliveries count."""

    repository: Text
    secret: Secret


class Bitbucket(Section):
    repository: Text
    secret: Secret


class Gitlab(Section):
    """token: sent as it is (X-Gitlab-Token). signing_token: deliveries are signed with it."""

    repository: Text
    token: Secret | None = None
    signing_token: StandardSecret | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.token is None and self.signing_token is None:
            raise problem(
                "has neither token nor signing_token",
                'Add signing_token = "env(NAME)" or token = "env(NAME)", as GitLab has it.',
            )
        return self


class Supabase(Section):
    """secret: the platform's webhooks are signed with it. notify_token: what a branch's notify_url
    carries, since the platform documents no signature for it."""

    secret: StandardSecret | None = None
    notify_token: Secret | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.secret is None and self.notify_token is None:
            raise problem(
                "has neither secret nor notify_token",
                'Add secret = "env(NAME)", notify_token = "env(NAME)", or both.',
            )
        return self


class Webhooks(Section):
    github: Github | None = None
    gitlab: Gitlab | None = None
    bitbucket: Bitbucket | None = None
    supabase: Supabase | None = None
