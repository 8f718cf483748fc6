"""Who may do what on the target: the steps that are out of reach, known before the run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from supasync import ports
from supasync.catalog import queries, rights
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.object import Id, Object
from supasync.catalog.rebuild import Changes
from supasync.catalog.rights import Right
from supasync.catalog.steps import Step
from supasync.errors import UnexpectedAnswer
from supasync.sql import literal

Argument = str | tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    text: str
    arguments: tuple[Argument, ...]


async def obstacles(
    steps: Iterable[Step], changes: Changes, target: ports.Database
) -> Mapping[int, tuple[str, ...]]:
    """By the step's place: why the target's role cannot perform it, a sentence each.

    At most one call, and none where the role is a superuser and nothing is asked of one.
    Raises: SqlError, UnknownError.
    """
    session = changes.old.state.session
    needed = _Needed(changes)
    found: dict[int, dict[str, None]] = {}
    asked: dict[_Question, list[tuple[int, str]]] = {}
    for place, step in enumerate(steps):
        for title, need in needed.of(step):
            if isinstance(need, str):
                reason = f"{title}: role {need} does not exist on the target"
                found.setdefault(place, {})[reason] = None
                continue
            role = need.role or session.user
            if (session.superuser and not need.everybody) or role not in session.roles:
                continue
            reason = f"{title}: {need.lack.format(role=role)}"
            for question in needed.questions(need, role):
                asked.setdefault(question, []).append((place, reason))
    for question in await _denied(target, list(asked)):
        for place, reason in asked[question]:
            found.setdefault(place, {})[reason] = None
    return {place: tuple(reasons) for place, reasons in found.items()}


class _Needed:
    """What the steps take, seen from what the plan makes itself."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._session = changes.old.state.session
        self._made: dict[tuple[str, ...], Object] = {}
        for id_ in changes.made & changes.new.objects.keys():
            obj = changes.after(id_)
            self._made.update(dict.fromkeys((id_, *obj.claims), obj))

    def of(self, step: Step) -> Iterator[tuple[str, Right | str]]:
        """(title, what is needed: a right or a role that has to be there)."""
        yield from self._of(step.id, step.verb)
        for id_ in step.members:
            yield from self._of(id_, "create")

    def _of(self, id_: Id, verb: str) -> Iterator[tuple[str, Right | str]]:
        old = self._changes.old.objects.get(id_) if verb != "create" else None
        new = self._changes.new.objects.get(id_) if verb != "drop" else None
        for obj in (old, new):
            if obj is not None:
                missing = obj.roles - self._session.roles
                made = {name for name in missing if ("role", name) in self._made}
                yield from ((obj.title, role) for role in sorted(missing - made))
        shown = new or old
        if shown is not None:
            for right in (*self._owners(old, new), *self._used(id_, verb), *shown.needs(old, verb)):
                yield shown.title, right

    def _owners(self, old: Object | None, new: Object | None) -> Iterator[Right]:
        owner = old.owner if old is not None else self._session.user
        if old is not None and owner:
            leaves = new is None and old.schema
            yield rights.drops(owner, leaves) if leaves else rights.acts_as(owner)
        if new is None:
            return
        if new.owner and new.owner != owner:
            yield rights.becomes(new.owner)
            if place := new.owner_needs:
                yield place.of(new.owner)
            yield rights.acts_as(new.owner)
        if old is None or new.grants != old.grants:
            for item in new.grants or ():
                if item.grantor != new.acl_owner:
                    yield rights.becomes(item.grantor)

    def _used(self, id_: Id, verb: str) -> Iterator[Right]:
        """Names in statements are looked up in their schemas."""
        side = self._changes.old if verb == "drop" else self._changes.new
        used = () if verb == "drop" else side.uses.get(id_, ())
        for other in (id_, *used):
            found = side.objects.get(other)
            schema = found.schema if found else BY_NAME[other[0]].query.schema and other[1]
            if schema:
                yield rights.uses_schema(schema)

    def questions(self, right: Right, role: str) -> Iterator[_Question]:
        """About what is there, and about what the plan makes of it."""
        made = self._made.get(right.about) if right.about else None
        if made is None or right.about is None or made.id not in self._changes.created:
            yield _Question(right.question, (role, *right.arguments))
        if made is not None:
            holders = {made.owner or self._session.user} | {
                item.grantee
                for item in made.effective_grants
                if right.letter and (right.letter in item.privileges or item.privileges == "all")
            }
            present = tuple(sorted(holders & (self._session.roles | {""})))
            yield _Question(rights.HOLDS, (role, present))


async def _denied(target: ports.Database, questions: list[_Question]) -> list[_Question]:
    """Those that the target answers with no. One statement, and one part of it per text."""
    by_text: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        by_text.setdefault(question.text, []).append(number)
    if not by_text:
        return []
    parts = "\nunion all ".join(
        f"""select (q->>0)::int as n
from jsonb_array_elements({_literal(questions, numbers)}) q,
  lateral (select q->1 as a) x where ({text}) is false"""
        for text, numbers in by_text.items()
    )
    answer = await target.fetch(
        f"{queries.PINNED}select coalesce(json_agg(n), '[]')::text from ({parts}) denied"
    )
    if answer is None:
        raise UnexpectedAnswer(f"{target.name}: the question for privileges got no answer")
    return [questions[number] for number in json.loads(answer)]


def _literal(questions: list[_Question], numbers: list[int]) -> str:
    rows = [[number, questions[number].arguments] for number in numbers]
    return literal(json.dumps(rows, ensure_ascii=False)) + "::jsonb"
