"""Essential tables: what [validation] says that no environment can do without."""

from __future__ import annotations

from supasync.catalog.access import Access
from supasync.checks.environment import Branch, BranchCheck, Production, ProductionCheck
from supasync.config import Config
from supasync.events import Finding, Report
from supasync.sync import essential


async def _of_production(production: Production) -> Report:
    wanted = production.shared.config.validation.essential_tables
    missing = essential.missing(wanted, _relations(await production.access.get()))
    remedy = "Check that [project] ref is the right project, or correct essential_tables."
    return Report(
        findings=tuple(
            Finding(message=f"{each} is missing in production itself", remedy=remedy)
            for each in missing
        ),
        evidence=_evidence(production.shared.config, missing),
    )


async def _of_branch(branch: Branch) -> Report:
    config = branch.shared.config
    wanted = config.validation.essential_tables
    missing = essential.missing(wanted, _relations(await branch.access.get()))
    not_there: list[str] = []
    if missing:
        not_there = essential.missing(wanted, _relations(await branch.production.access.get()))
    return Report(
        findings=tuple(_finding(branch.name, each, each in not_there) for each in missing),
        evidence=_evidence(config, missing),
    )


def _finding(branch: str, what: str, not_in_production: bool) -> Finding:
    if not_in_production:
        return Finding(
            message=f"{what} cannot be expected here: production itself lacks it",
            remedy="Correct production or essential_tables; the branch is not to blame.",
            known=False,
        )
    return Finding(
        message=f"{what} is missing",
        remedy=f"Run `supasync branches sync {branch}`: production has it.",
    )


def _relations(access: Access) -> essential.Relations:
    return {path: each.columns for path, each in access.relations.items() if each.kind != "S"}


def _evidence(config: Config, missing: list[str]) -> dict[str, int]:
    tables = config.validation.essential_tables
    return {
        "tables": len(tables),
        "columns": sum(len(each.columns) for each in tables),
        "missing": len(missing),
    }


def _skip(where: Branch | Production) -> str:
    none = "[validation] names no essential_tables"
    return "" if where.shared.config.validation.essential_tables else none


NAME = "essential tables"
ON_PRODUCTION = ProductionCheck(NAME, _of_production, _skip)
ON_BRANCH = BranchCheck(NAME, _of_branch, _skip)
