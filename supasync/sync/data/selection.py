"""The tables that are listed for a branch, and what is read and written of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supasync.events import RowsCopied
from supasync.sync.data.asking import Marks, Read
from supasync.sync.data.masks import Masker
from supasync.sync.data.rowtext import Mark
from supasync.sync.data.rules import Rule
from supasync.sync.data.tables import Name, Table


@dataclass(frozen=True, kw_only=True)
class Selection:
    """tables: as production has them, one for each rule."""

    rules: Mapping[Name, Rule]
    tables: Mapping[Name, Table]

    @property
    def reads(self) -> tuple[Read, ...]:
        """What is read of production."""
        return tuple(rule.read(self.tables[name]) for name, rule in self.rules.items())

    @property
    def copies(self) -> tuple[Read, ...]:
        """The same on the branch, where it is as it was written."""
        return tuple(
            Read(
                table=name,
                columns=tuple((column, "plain") for column in rule.written(self.tables[name])),
                partitioned=self.tables[name].kind == "p",
            )
            for name, rule in self.rules.items()
        )

    def fingerprints(
        self, masker: Masker, found: Sequence[Mark], there: Sequence[Mark]
    ) -> tuple[str, str]:
        """Of what production has and how it is masked, and of what the branch has.

        The first is made with the key: digests of values that are masked are in it.
        """
        masks = [rule.listed.model_dump(mode="json") for rule in self.rules.values()]
        source = json.dumps([Marks(reads=self.reads).text(), masks, found])
        target = json.dumps([Marks(reads=self.copies).text(), there])
        return masker.digest("source", source), hashlib.sha256(target.encode()).hexdigest()

    def told(self, branch: str, name: Name) -> RowsCopied:
        """The event of a table of which nothing was read or written."""
        rule = self.rules[name]
        return RowsCopied(
            branch=branch,
            table=".".join(name),
            columns=tuple(column for column, _ in rule.read(self.tables[name]).columns),
            masked={column: mask.told for column, mask in rule.listed.mask.items()},
            limit=rule.listed.limit,
        )
