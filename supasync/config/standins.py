"""What stands in for variables that are not set, where a file is checked without them.

Which of these a key takes, only its own check knows: they are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from supasync.config import problems
from supasync.config.lines import KeyPath
from supasync.config.model import Sections
from supasync.config.variables import referenced

REF: Final = "a" * 20
"""Of production, where nothing says which it is."""
_TEXTS: Final[tuple[Callable[[str], str], ...]] = (
    lambda name: f"{name.lower()}-of-the-environment",
    lambda name: f"{name.lower()}@environment.invalid",
    lambda _: REF,
    lambda name: f"https://environment.invalid/{name}",
    lambda _: "https://{ref}.environment.invalid",
    lambda name: f"postgresql://environment.invalid/{name}",
)


def validated(data: dict[str, Any]) -> Sections:
    """The sections, with something that is right for each variable that is not set.

    Raises: pydantic.ValidationError for what is wrong besides.
    """
    names = dict(_references(data, ()))
    tried = dict.fromkeys(names, 0)
    while True:
        texts = {at: _TEXTS[tried[at]](name) for at, name in names.items()}
        try:
            return Sections.model_validate(_filled(data, (), texts))
        except ValidationError as error:
            wrong = problems.paths(error) & names.keys()
            others = {at for at in wrong if tried[at] < len(_TEXTS) - 1}
            if not others:
                raise
            for at in others:
                tried[at] += 1


def _references(value: Any, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _references(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, (*at, index))
    elif name := referenced(value):
        yield at, name


def _filled(value: Any, at: KeyPath, texts: Mapping[KeyPath, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, (*at, key), texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*at, index), texts) for index, item in enumerate(value)]
    return texts.get(at, value)
