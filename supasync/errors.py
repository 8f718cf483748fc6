"""Every error supasync raises on purpose.

SupasyncError                     1
├── UsageError                    2   the command line or the environment is wrong
│   └── ConfigError               2   config.toml is wrong: file, line, key
├── UnknownError                  3   we could not find out; never "no changes"
│   ├── TransportError            3   nothing was sent, or a read got no answer
│   ├── OutcomeUnknown            3   a write was sent and its answer lost
│   ├── ApiError                  3   the platform answered with an error status
│   │   ├── Unauthorized          3   401
│   │   ├── Forbidden             3   403
│   │   ├── NotFound              3   404
│   │   └── RateLimited           3   429, after the retries
│   ├── UnexpectedAnswer          3   the answer is not what the contract says
│   ├── NotReady                  3   paused, coming up, not answering SQL
│   ├── SchemaMoving              3   a schema kept changing while it was read
│   ├── Unprintable               3   damaged objects, by name, that the server cannot print
│   ├── SourceMoved               3   production changed while it was read
│   └── WitnessDisagrees          3   the platform's own diff sees what we do not
├── Refused                       4   a guard said no; nothing was sent
│   ├── ProductionGuard           4   the target is production
│   ├── LossRefused               4   the plan would lose data and was not allowed to
│   ├── HazardRefused             4   the plan has a hazard that was refused
│   ├── PruneRefused              4   the plan would drop more objects than goes unconfirmed
│   ├── SettingRefused            4   a setting would make the branch less secure
│   └── CannotApply               4   the role may not perform a step; found before the run
├── NotSynced                     1   a branch is to be certified and is not production's schema
├── CertificateError              1   a certificate is none, was changed, or is another key's
├── SqlError                      5   a statement failed; its transaction rolled back
├── ApplyError                    5   the branch is as it was before
│   ├── TargetMoved               5   the branch changed between plan and apply
│   └── NotProved                 5   the result was not production's schema; rolled back
├── LeaseHeld                     6   another sync holds the branch
├── SeedError                     7   a seed failed; its transaction rolled back
├── UsersError                    8   a test user cannot log in
└── SandboxError                  9   the sandbox could not start or answer

The number is the process's exit code. 0 is "equal" or "done", 1 is "different"
(`diff`) or "not in sync", 130 is Ctrl-C. Each class's docstring is its message when
none is given; `remedy` says what to do next.
"""

from __future__ import annotations

from pathlib import Path


class SupasyncError(Exception):
    """Something went wrong."""

    exit_code = 1
    remedy: str | None = None

    def __init__(self, message: str | None = None, *, remedy: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        if remedy is not None:
            self.remedy = remedy

    @property
    def message(self) -> str:
        return str(self.args[0])


class UsageError(SupasyncError):
    """The command was used wrongly."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration is wrong."""

    def __init__(
        self,
        message: str,
        *,
        file: Path | None = None,
        line: int | None = None,
        key: str | None = None,
        remedy: str | None = None,
    ) -> None:
        where = ":".join(str(part) for part in (file, line) if part is not None)
        named = f"[{key}] " if key else ""
        super().__init__(f"{where}: {named}{message}" if where else named + message, remedy=remedy)
        self.file, self.line, self.key = file, line, key


class UnknownError(SupasyncError):
    """The state could not be determined."""

    exit_code = 3


class TransportError(UnknownError):
    """The server could not be reached."""

    remedy = "Check the network and api_url, then run the command again."


class OutcomeUnknown(UnknownError):
    """A write was sent and its answer was lost: it may or may not have happened."""

    remedy = "Run the command again: it reads what happened before it does anything."


class ApiError(UnknownError):
    """The platform answered with an error."""

    def __init__(
        self, message: str, *, status: int, route: str = "", remedy: str | None = None
    ) -> None:
        super().__init__(f"{message} (HTTP {status}{', ' + route if route else ''})", remedy=remedy)
        self.status, self.route = status, route


class Unauthorized(ApiError):
    """The access token was not accepted."""

    remedy = "Set SUPABASE_ACCESS_TOKEN to a valid personal access token (sbp_…)."


class Forbidden(ApiError):
    """The access token lacks a permission."""

    remedy = "Give the token the permissions for branches, database and API keys of this project."


class NotFound(ApiError):
    """The platform does not know it."""


class RateLimited(ApiError):
    """The platform's rate limit was reached and did not clear in time."""

    remedy = "Wait a minute and run the command again."


class UnexpectedAnswer(UnknownError):
    """The answer is not what the API's contract says."""


class NotReady(UnknownError):
    """The branch does not answer yet."""


class SchemaMoving(UnknownError):
    """A schema went on changing while it was read."""

    remedy = "Run the command again when the change is finished."


class Unprintable(UnknownError):
    """The server cannot say what some of its objects are."""

    remedy = "Repair or drop these objects there; their rows in the catalog are damaged."


class SourceMoved(UnknownError):
    """Production's schema changed while it was read."""

    remedy = "Run the command again when the change on production is finished."


class WitnessDisagrees(UnknownError):
    """The second witness sees a difference."""


class Refused(SupasyncError):
    """A guard refused."""

    exit_code = 4


class ProductionGuard(Refused):
    """Production is never written."""

    remedy = "Name a branch as the target. There is no flag that allows writing to production."


class LossRefused(Refused):
    """The plan would lose data."""


class HazardRefused(Refused):
    """The plan has a hazard that was not to be."""


class PruneRefused(Refused):
    """The plan would drop too large a share of the objects that are there."""


class SettingRefused(Refused):
    """A setting that is to be copied would make the branch less secure."""

    remedy = (
        "Change it on the branch by hand if you want it so, or take it out of [sync] settings in "
        "config.toml."
    )


class CannotApply(Refused):
    """The plan has steps that this role may not perform."""


class NotSynced(SupasyncError):
    """The branch does not have production's schema."""


class CertificateError(SupasyncError):
    """The certificate cannot be believed."""


class SqlError(SupasyncError):
    """A statement failed; its transaction was rolled back.

    line, column: 1-based, in characters, in the text that was sent, when the server told them.
    """

    exit_code = 5

    def __init__(
        self,
        message: str,
        *,
        sqlstate: str = "",
        line: int | None = None,
        column: int | None = None,
        detail: str | None = None,
        hint: str | None = None,
        context: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.sqlstate, self.line, self.column = sqlstate, line, column
        self.detail, self.hint, self.context = detail, hint, context


class ApplyError(SupasyncError):
    """The change was not applied; the branch is as it was."""

    exit_code = 5


class TargetMoved(ApplyError):
    """The branch changed between plan and apply; nothing was done."""

    remedy = "Run the command again: it plans from the branch's new state."


class NotProved(ApplyError):
    """The result was not production's schema; everything was rolled back."""


class LeaseHeld(SupasyncError):
    """Another sync holds this branch."""

    exit_code = 6


class SeedError(SupasyncError):
    """A seed failed; its transaction was rolled back."""

    exit_code = 7


class UsersError(SupasyncError):
    """A test user cannot log in."""

    exit_code = 8


class SandboxError(SupasyncError):
    """The sandbox could not do it."""

    exit_code = 9
