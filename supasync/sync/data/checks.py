"""What is wrong with the list of tables, told from catalogs: before a row is read or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supasync.config import Config, Mask
from supasync.errors import ConfigError, Refused
from supasync.sync.data import masks
from supasync.sync.data.rules import Rule
from supasync.sync.data.tables import Column, ForeignKey, Name, Table

_NOT_TABLES = {
    "v": "a view",
    "m": "a materialized view",
    "f": "a foreign table",
    "S": "a sequence",
    "c": "a composite type",
}
_TEXTS = "S"
_SAME = ("hash", "email")


@dataclass(frozen=True, kw_only=True)
class Checker:
    """tables: as production has them."""

    config: Config
    rules: Mapping[Name, Rule]
    tables: Mapping[Name, Table]

    def check(self) -> None:
        """Raises: ConfigError with file, line and key; Refused."""
        for rule in self.rules.values():
            table = self._table(rule)
            self._columns(rule, table)
            for column in table.columns:
                if not column.generated:
                    self._column(rule, table, column)
            for foreign_key in table.refers:
                self._foreign_key(rule, foreign_key)

    def _table(self, rule: Rule) -> Table:
        """It is there, is a table, and all its rows can be read."""
        table = self.tables.get(rule.table)
        named = ".".join(rule.table)
        if table is None:
            raise self._wrong(
                rule,
                f"production has no table {named}",
                "Correct the name; an unquoted one is read in lower case.",
            )
        if table.kind not in {"r", "p"}:
            what = _NOT_TABLES.get(table.kind, "no table")
            raise self._wrong(
                rule,
                f"{named} is {what}",
                "List tables only: what a view shows is of tables that are not listed.",
            )
        if table.partition:
            raise self._wrong(
                rule, f"{named} is a partition", "List the partitioned table instead."
            )
        if table.foreign_part:
            raise self._wrong(
                rule,
                f"{named} has a partition that is a foreign table",
                "Take it out of the list: its rows are another server's.",
            )
        if table.hides:
            raise Refused(
                f"Policies of production hide rows of {named} from the role that reads it",
                remedy="Give supabase_read_only_user BYPASSRLS, as the platform does, or take the "
                "table out of the list.",
            )
        return table

    def _columns(self, rule: Rule, table: Table) -> None:
        """Those that are named are there."""
        there = {column.name: column for column in table.columns}
        named: list[tuple[str, tuple[str | int, ...]]] = [
            (name, ("columns", index)) for index, name in enumerate(rule.listed.columns or ())
        ]
        named += [(name, ("mask", name)) for name in rule.listed.mask]
        for name, at in named:
            if name not in there:
                known = f"It has {', '.join(there)}."
                raise self._wrong(rule, f"{table.named} has no column {name}", known, *at)
            if there[name].generated:
                remedy = "Leave it out: the branch computes it from the other columns."
                raise self._wrong(rule, f"{name} is a generated column", remedy, *at)
        if not rule.read(table).columns:
            raise self._wrong(
                rule,
                f"nothing of {table.named} would be read",
                "Leave a column without a mask, or take the table out of the list.",
            )

    def _column(self, rule: Rule, table: Table, column: Column) -> None:
        mask = rule.mask(column.name)
        if column.name not in rule.written(table):
            if column.not_null and not column.filled:
                raise self._wrong(
                    rule,
                    f"{column.name} is not read, must not be null, and has no default",
                    "Add it to columns; a mask can stand for its values.",
                    "columns",
                )
            return
        problem = mask and _misfit(mask, table, column)
        if problem:
            raise self._wrong(rule, *problem, "mask", column.name)

    def _foreign_key(self, rule: Rule, key: ForeignKey) -> None:
        """What it refers to is listed, and masked in the same way."""
        pairs = [*zip(key.columns, key.to_columns, strict=True)]
        if any(self._is_null(rule, column) for column in key.columns):
            return
        named, columns = ".".join(key.to), ", ".join(key.columns)
        other = self.rules.get(key.to)
        if other is None:
            raise self._wrong(
                rule,
                f"{columns} refers to {named}, which is not listed (foreign key {key.name})",
                f'List {named} too, mask {columns} with "null", or list the columns without it.',
            )
        for column, to in pairs:
            if not _match(rule.mask(column), other.mask(to)):
                raise self._wrong(
                    rule,
                    f"{column} refers to {named}.{to}, which is masked otherwise "
                    f"(foreign key {key.name})",
                    "Give both the same mask, hash or email, or none.",
                )
            if not _is_read(other, to):
                what = f"{column} refers to {named}.{to}, which is not read"
                raise self._wrong(rule, what, f"Add {to} to its columns.")
        if not key.plain:
            raise self._wrong(
                rule,
                f"the foreign key {key.name} is over periods, which cannot be checked here",
                f'Mask {columns} with "null", or take the table out of the list.',
            )

    def _wrong(self, rule: Rule, what: str, remedy: str, *below: str | int) -> ConfigError:
        """below: the key below the table's."""
        return self.config.error((*rule.at, *below), what, remedy)

    def _is_null(self, rule: Rule, name: str) -> bool:
        mask = rule.mask(name)
        if _is_read(rule, name):
            return mask is not None and mask.kind == "null"
        table = self.tables[rule.table]
        return not next(column.filled for column in table.columns if column.name == name)


def check_same(branch: str, here: Mapping[Name, Table], tables: Mapping[Name, Table]) -> None:
    """That a branch's tables are production's, and can be written without side effects.

    Raises: Refused.
    """
    for name, table in tables.items():
        named, mine = table.named, here.get(name)
        if mine is None or mine.form != table.form:
            raise Refused(
                f"{branch}: {named} is not what production's is, so its rows do not fit",
                remedy="Bring the schema over too: auto_sync_schema = true.",
            )
        if mine.firing:
            raise Refused(
                f"{branch}: {named} has {', '.join(mine.firing)}, which would act on each row",
                remedy="Let it fire on ordinary changes only (on production: alter table … enable "
                "trigger …), or take the table out of the list.",
            )


def _misfit(mask: Mask, table: Table, column: Column) -> tuple[str, str] | None:
    """Why a column cannot have the mask, and what to do."""
    unique = [columns for columns in table.unique if column.name in columns]
    if mask.kind == "null" and column.not_null:
        return f"{column.name} must not be null", "Choose another mask, such as a constant."
    is_text = column.category == _TEXTS
    if mask.kind in {"constant", "partial"} and unique:
        advice = "Take the mask away, or the table."
        if is_text or column.type == "uuid":
            advice = 'Mask it with "hash" or "email".' if is_text else 'Mask it with "hash".'
        return f"{column.name} is part of what must be unique", advice
    if not mask.reads:
        return None
    if not is_text and not (mask.kind == "hash" and column.type == "uuid"):
        return (
            f"{column.name} is {column.type}, and the mask is for texts",
            'Mask it with "null" or a constant; "hash" is for uuid too.',
        )
    most = 63 if column.type == "name" else column.length
    if is_text and 0 <= most < masks.letters(mask):
        return (
            f"{column.name} has room for {most} letters, and the mask needs {masks.letters(mask)}",
            'Mask it with "null" or a constant.',
        )
    return None


def _match(mask: Mask | None, other: Mask | None) -> bool:
    """Whether a masked value can refer to one; whether a constant does is seen at the end."""
    if mask is not None and mask.kind == "constant":
        return True
    return mask == other and (mask is None or mask.kind in _SAME)


def _is_read(rule: Rule, name: str) -> bool:
    chosen: Sequence[str] | None = rule.listed.columns
    return chosen is None or name in chosen
