"""What the configuration lets be read, and the guard that holds every statement to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from supasync import sql
from supasync.config import Branch, Config, DataTable, Mask
from supasync.config.lines import KeyPath
from supasync.errors import ProductionGuard
from supasync.managed import is_managed
from supasync.sql import Statement
from supasync.sync.data import asking, masks
from supasync.sync.data.asking import Page, Read
from supasync.sync.data.tables import Name, Table


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is listed for a table. at: its key in the configuration."""

    table: Name
    at: KeyPath
    listed: DataTable

    def mask(self, column: str) -> Mask | None:
        return self.listed.mask.get(column)

    def written(self, table: Table) -> tuple[str, ...]:
        """The columns that a branch gets, in the table's order."""
        chosen = self.listed.columns
        return tuple(
            column.name
            for column in table.columns
            if not column.generated and (chosen is None or column.name in chosen)
        )

    def read(self, table: Table) -> Read:
        """What is read of it."""
        forms = ((name, masks.form(self.mask(name))) for name in self.written(table))
        return Read(
            table=self.table,
            columns=tuple((name, form) for name, form in forms if form is not None),
            order=table.key,
            limit=self.listed.limit,
            partitioned=table.kind == "p",
        )

    def permits(self, read: Read) -> bool:
        """Whether nothing is read but this: without `columns`, any column of the table is.

        What is no column of it is not read: see Read.fence. So with the order, which says nothing
        of the values.
        """
        chosen = self.listed.columns
        return read.limit == self.listed.limit and all(
            (chosen is None or name in chosen) and masks.form(self.mask(name)) == form
            for name, form in read.columns
        )


def of_branch(name: str, branch: Branch) -> Mapping[Name, Rule]:
    """What is listed for a branch; nothing where its auto_sync_data is not true.

    name: of its section.
    """
    if not branch.auto_sync_data:
        return {}
    found: dict[Name, Rule] = {}
    for written, listed in branch.data.listed.items():
        schema, table = sql.names(written)
        at = ("branches", name, "data", *branch.data.place(written))
        found[schema, table] = Rule(table=(schema, table), at=at, listed=listed)
    return found


class Guard:
    """Below every client: whether production may be asked this. Other statements are not its own.

    Raises: ProductionGuard.
    """

    def __init__(self, config: Config) -> None:
        branches = config.branches.items()
        self._rules = [rules for name, one in branches if (rules := of_branch(name, one))]

    def __call__(self, text: str) -> Statement | None:
        asked = asking.parse(text)
        if asked is None:
            return None
        if isinstance(asked, asking.Describe):
            self._check_listed(asked.tables)
        elif isinstance(asked, Page):
            self._check([asked.read])
            most = asked.read.limit
            if most is not None and asked.offset + asked.limit > most:
                raise _refusal(f"more than {most} rows of {asked.read.told}")
        else:
            self._check(asked.reads)
        return asking.understand(text)

    def _check(self, reads: Iterable[Read]) -> None:
        for read in reads:
            self._check_listed([read.table])
            found = (rules.get(read.table) for rules in self._rules)
            if not any(rule is not None and rule.permits(read) for rule in found):
                raise _refusal(read.told)

    def _check_listed(self, tables: Iterable[Name]) -> None:
        for table in tables:
            known = any(table in rules for rules in self._rules)
            if not known or is_managed(table[0]):
                raise _refusal(".".join(table))


def _refusal(what: str) -> ProductionGuard:
    return ProductionGuard(
        f"The configuration does not list what would be read of production: {what}",
        remedy="List it under [branches.NAME.data], with auto_sync_data = true. Nothing was sent.",
    )
