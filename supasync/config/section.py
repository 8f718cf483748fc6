"""What all sections of config.toml have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def problem(message: str, remedy: str, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """An error of ours inside a validator. at: the key below the model or field it is raised in."""
    return PydanticCustomError(
        "supasync", "{message}", {"message": message, "remedy": remedy, "at": at}
    )
