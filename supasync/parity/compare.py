"""Two ends' readings as rows: same, different, or not to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from supasync.parity.aspects import ASPECTS
from supasync.parity.fact import Fact, Facts
from supasync.parity.reading import Readings, Unseen

_ABSENT = "absent"
_NONE = "none"


class State(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    CANNOT_SEE = "cannot-see"


@dataclass(frozen=True, kw_only=True)
class Row:
    """name: "" for an aspect as a whole. main, branch: what may be shown of each. reason: why it
    cannot be seen, or what the comparison is about."""

    aspect: str
    name: str
    state: State
    main: str = ""
    branch: str = ""
    reason: str = ""


def compare(main: Readings, branch: Readings) -> tuple[Row, ...]:
    """All rows, by aspect and name."""
    return tuple(
        row
        for aspect in ASPECTS
        for row in _rows(aspect.name, main[aspect.name], branch[aspect.name])
    )


def _rows(aspect: str, main: Facts | Unseen, branch: Facts | Unseen) -> Iterator[Row]:
    if isinstance(main, Unseen) or isinstance(branch, Unseen):
        reasons = (each.reason for each in (main, branch) if isinstance(each, Unseen))
        yield Row(aspect=aspect, name="", state=State.CANNOT_SEE, reason="; ".join(reasons))
        return
    if not main and not branch:
        yield Row(aspect=aspect, name="", state=State.SAME, main=_NONE, branch=_NONE)
    for name in sorted(main.keys() | branch.keys()):
        yield _row(aspect, name, main.get(name), branch.get(name))


def _row(aspect: str, name: str, main: Fact | None, branch: Fact | None) -> Row:
    state, reason = _judged(main, branch)
    return Row(
        aspect=aspect,
        name=name,
        state=state,
        main=main.shown if main else _ABSENT,
        branch=branch.shown if branch else _ABSENT,
        reason=reason,
    )


def _judged(main: Fact | None, branch: Fact | None) -> tuple[State, str]:
    if main is None or branch is None:
        return State.DIFFERENT, ""
    if main.compared != branch.compared:
        return State.DIFFERENT, main.note or branch.note
    unknown = main.incomparable or branch.incomparable
    return (State.CANNOT_SEE, unknown) if unknown else (State.SAME, main.note)
