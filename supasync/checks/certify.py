"""What a certificate says: one branch, compared with production by the checks of a validation."""

from __future__ import annotations

from datetime import UTC, datetime

from supasync import __version__
from supasync.catalog import State
from supasync.catalog.access import ROLES
from supasync.certificate import End, Rules, Statement, Witness
from supasync.checks import access
from supasync.checks.environment import Branch, Production, Shared
from supasync.checks.schema import ask_witness
from supasync.errors import NotSynced
from supasync.events import PRODUCTION
from supasync.sync import names
from supasync.sync.lifecycle import ready
from supasync.sync.reconcile import Planned

_NOT_COMPARED = (
    "attributes of the platform's roles",
    "memberships between two of the platform's roles",
)
_WITNESS = "the platform's diff (GET /v1/branches/{ref}/diff)"


async def certify(shared: Shared, name: str) -> Statement:
    """Reads both; writes nothing. The witness is asked where the run's options say so.

    Raises: NotSynced when they differ; UnknownError, Refused when that cannot be known.
    """
    production = Production(shared)
    shared.source.reading.start()
    try:
        listed = await shared.client.branches.list(shared.config.project.ref)
        row = ready.find(name, listed, shared.config)
        ready.check(row)
        branch = Branch(production, name, row, ready.settings(name, row, shared.config))
        try:
            planned = await branch.planned.get()
            if not planned.equal:
                raise _different(name, planned)
            await _allow_no_more(branch)
            if shared.run.options.witness:
                await ask_witness(branch, planned)
            return _statement(branch, planned)
        finally:
            await branch.aclose()
    finally:
        await production.aclose()
        await shared.source.reading.aclose()


async def _allow_no_more(branch: Branch) -> None:
    """Raises: NotSynced: the platform's roles are not compared with the schema, and what they lend
    counts."""
    wider = [each for each in await access.differing(branch) if each.wider]
    if wider:
        raise NotSynced(
            f"{branch.name} has production's schema and allows more than production "
            f"({wider[0]}{f', and {len(wider) - 1} more' if wider[1:] else ''}): "
            "nothing is certified",
            remedy=access.remedy(branch.name, wider[0], wider, synced=True),
        )


def _different(name: str, planned: Planned) -> NotSynced:
    many = len(planned.plan.steps) + len(planned.plan.cannot_apply)
    noun = "difference" if many == 1 else "differences"
    return NotSynced(
        f"{name} does not have production's schema ({many} {noun}): nothing is certified",
        remedy=f"`supasync branches diff {name}` shows them, `branches sync {name}` ends them.",
    )


def _statement(branch: Branch, planned: Planned) -> Statement:
    shared = branch.shared
    run, config = shared.run, shared.config
    return Statement(
        production=_end(PRODUCTION, config.project.ref, planned.source),
        branch=_end(branch.name, branch.ref, planned.target),
        rules=Rules(
            scope=names.SCOPE,
            engine=planned.source.key,
            supasync=__version__,
            left_out=names.kept(config.seed.function),
            no_wider=list(ROLES),
            not_compared=list(_NOT_COMPARED),
        ),
        witness=Witness(
            program=_WITNESS, answer="no difference" if run.options.witness else "not asked"
        ),
        reparsed=sorted(" ".join([id_[0], ".".join(id_[1:])]) for id_ in planned.plan.reparsed),
        notices=list(planned.plan.notices),
        issued_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        issued_by=run.holder,
        run=run.id,
    )


def _end(name: str, ref: str, state: State) -> End:
    number = state.server_version
    return End(
        name=name,
        ref=ref,
        fingerprint=state.fingerprint,
        objects=state.count,
        postgresql=f"{number // 10_000}.{number % 10_000}",
        unmodelled=dict(state.unmodelled),
    )
