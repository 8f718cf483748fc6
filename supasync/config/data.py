"""Which rows of production a branch gets: tables by name, and what becomes of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from supasync import sql
from supasync.config.section import QUALIFIED, Section, Text, problem
from supasync.managed import is_managed

KEYED = frozenset({"hash", "email"})
"""Masks that are made with the key of [masks]."""

KEY_BYTES = 16
MOST_ROWS = 1_000_000_000
_MASKS = '"null", "hash", "email", { constant = "…" } or { partial = 2 }'
_NAME = 'Write schema.table, quoted as a key: [branches.NAME.data."public.countries"].'


class Mask(Section):
    """What a column's values become. constant: the text of each; partial: how many first letters
    are kept."""

    kind: Literal["null", "hash", "email", "constant", "partial"]
    constant: str = ""
    partial: int = 0

    @property
    def reads(self) -> bool:
        """Whether anything of the column is read."""
        return self.kind in {"hash", "email", "partial"}

    @property
    def told(self) -> str:
        """For people; a constant's text is not."""
        return f"partial {self.partial}" if self.kind == "partial" else self.kind


def _mask(value: Any) -> Any:
    if isinstance(value, Mask):
        return value
    if isinstance(value, str) and value in {"null", "hash", "email"}:
        return {"kind": value}
    if isinstance(value, dict) and set(value) == {"constant"}:
        if isinstance(value["constant"], str):
            return {"kind": "constant", **value}
        raise problem("must be a text", 'Write it in quotes, as in constant = "0".', ("constant",))
    if isinstance(value, dict) and set(value) == {"partial"}:
        kept = value["partial"]
        if isinstance(kept, int) and not isinstance(kept, bool) and 1 <= kept <= 100:
            return {"kind": "partial", **value}
        raise problem("must be 1 to 100", "Write how many first letters are kept.", ("partial",))
    raise problem("is not a mask", f"Write {_MASKS}.")


def _masks(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise problem("must be columns with masks", 'Write mask = { phone = "null" }.')
    return value


def _limit(value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_ROWS:
        told = f"must be a number of rows, 1 to {MOST_ROWS}"
        raise problem(told, "Write limit = 1000, without quotes.")
    return value


_MaskAsWritten: TypeAlias = (
    Literal["null", "hash", "email"] | dict[Literal["constant", "partial"], str | int]
)
MaskOf: TypeAlias = Annotated[Mask, BeforeValidator(_mask, json_schema_input_type=_MaskAsWritten)]
Limit: TypeAlias = Annotated[int, BeforeValidator(_limit)]


class DataTable(Section):
    """columns: those that are read; None is all. limit: how many rows, the first by the key."""

    columns: tuple[Text, ...] | None = None
    limit: Limit | None = None
    mask: Annotated[
        Mapping[Text, MaskOf],
        BeforeValidator(_masks, json_schema_input_type=Mapping[Text, MaskOf]),
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _masks_what_is_read(self) -> Self:
        for column in self.mask:
            if self.columns is not None and column not in self.columns:
                raise problem(
                    "is not among the columns that are read",
                    "Add it to columns, or remove its mask.",
                    ("mask", column),
                )
        return self


class Data(BaseModel):
    """tables: names without further settings. Every other key is a table's name."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    __pydantic_extra__: dict[str, DataTable]

    tables: tuple[Text, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        places: list[tuple[str, tuple[str | int, ...]]] = [
            (key, (key,)) for key in value if key != "tables"
        ]
        listed = value.get("tables", ())
        if isinstance(listed, list | tuple):
            places += [
                (name, ("tables", index))
                for index, name in enumerate(listed)
                if isinstance(name, str)
            ]
        seen: set[tuple[str, ...]] = set()
        for name, at in places:
            _check_name(name, at)
            if sql.names(name) in seen:
                raise problem("is listed twice", "Name each table once.", at)
            seen.add(sql.names(name))
        return value

    @property
    def listed(self) -> Mapping[str, DataTable]:
        """By the name as it is written."""
        return {name: DataTable() for name in self.tables} | dict(self.__pydantic_extra__)

    def place(self, name: str) -> tuple[str | int, ...]:
        """The key of a table of `listed`, below this section."""
        return (name,) if name in self.__pydantic_extra__ else ("tables", self.tables.index(name))


def _check_name(name: str, at: tuple[str | int, ...]) -> None:
    match = QUALIFIED.match(name)
    if match is None or not match[1]:
        raise problem("is not the name of a table with its schema", _NAME, at)
    schema = sql.names(name)[0]
    if is_managed(schema):
        raise problem(
            f"is in {schema}, which is not yours: rows of its tables are never read",
            "Take it out of the list. Test users are made with [[test_users]].",
            at,
        )


class Masks(Section):
    """key: makes the masks `hash` and `email` this project's own."""

    key: SecretStr

    @field_validator("key")
    @classmethod
    def _long(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text.startswith("env(") and text.endswith(")"):
            return value  # a command that masks nothing runs without the variable
        if len(text.encode()) < KEY_BYTES:
            raise problem(
                f"must have {KEY_BYTES} bytes or more",
                "Make one with `openssl rand -hex 32` and keep it: another key gives other values.",
            )
        return value
